import { hex, toHex } from '../bytes';
import { proved, send, undecided, type Check } from '../check';

/** AJP 1.3: CPing, and the CPong of every connector; a `secret` would be asked for with a request, which is not made. */
const CPING = hex('1234 0001 0a');
const CPONG = '4142000109';

export const ajp: Check = {
  service: 'ajp',
  name: 'Tomcat AJP',
  transport: 'tcp',
  tls: 'never',
  recognition: { ports: [8009] },
  notTried: 'requests, which could read files of the application (CVE-2020-1938); whether a secret is needed',
  start: () =>
    send(CPING, 'CPing', (reply) => {
      const answer = toHex(reply.bytes);
      if (answer === CPONG) return proved('no-auth-by-design', 'CPing', 'CPong');
      return CPONG.startsWith(answer) ? 'more' : undecided('unexpected-reply', 'CPing', reply);
    }),
};
