import { latin1 } from '../bytes';
import { listen, notChecked, undecided, type Check, type Reply, type Step } from '../check';

function judge(reply: Reply): Step | 'more' {
  const text = latin1(reply.bytes);
  // Lines may stand before the version (RFC 4253, 4.2).
  const version = /^SSH-(?:2\.0|1\.99)-([\x21-\x7e]{1,80})[^\n]*\n/mu.exec(text)?.[1];
  if (version !== undefined) return notChecked('needs-credentials', `SSH-2.0-${version}`, { version });
  return /^SSH-/mu.test(text) || reply.bytes.length < 4
    ? 'more'
    : undecided('unexpected-reply', undefined, reply);
}

/** Identified by its greeting, never asked: the protocol always authenticates, how well is not for us to try. */
export const ssh: Check = {
  service: 'ssh',
  name: 'SSH',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^(?:sshd|dropbear)$/u, ports: [22, 2222], greeting: /^SSH-\d/mu },
  notTried: 'any account, key or password',
  start: () => listen(judge),
};
