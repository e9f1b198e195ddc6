import { ascii, latin1 } from '../bytes';
import { proved, send, undecided, type Check } from '../check';

const ASKED = 'host:version';

/** adb's server (AOSP, adb/SERVICES.TXT): who can ask it anything has a shell on every device attached. */
export const adbServer: Check = {
  service: 'adb-server',
  name: 'adb server',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^adb$/u, ports: [5037] },
  notTried: 'devices, shells, files',
  start: () =>
    send(ascii(`000c${ASKED}`), ASKED, (reply) => {
      const answer = /^OKAY0004([0-9a-f]{4})$/u.exec(latin1(reply.bytes));
      if (answer)
        return proved('open-proved', ASKED, answer[0], {
          version: `protocol ${Number.parseInt(answer[1] ?? '', 16)}`,
        });
      return reply.bytes.length < 12 && 'OKAY0004'.startsWith(latin1(reply.bytes).slice(0, 8))
        ? 'more'
        : undecided('unexpected-reply', ASKED, reply);
    }),
};
