import { hex, toHex } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** Version 5, one method: 0, no authentication (RFC 1928, 3). No CONNECT follows, no third party is reached. */
const HELLO = hex('05 01 00');
const ASKED = 'SOCKS5, no authentication';

function judge(reply: Reply): Step | 'more' {
  const [version, method] = reply.bytes;
  if (version === undefined) return 'more';
  if (version !== 5) return undecided('unexpected-reply', ASKED, toHex(reply.bytes.subarray(0, 8)));
  if (method === undefined) return 'more';
  if (reply.bytes.length > 2) return undecided('unexpected-reply', ASKED, toHex(reply.bytes.subarray(0, 8)));
  if (method === 0) return proved('open-proved', ASKED, '05 00: accepted');
  if (method === 0xff) return proved('auth-required', ASKED, '05 ff: no acceptable methods');
  return undecided('unexpected-reply', ASKED, toHex(reply.bytes));
}

export const socks: Check = {
  service: 'socks',
  name: 'SOCKS proxy',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^(?:danted|sockd|microsocks|3proxy|tor|ss-local)$/u, ports: [1080, 9050] },
  notTried: 'user names and passwords, any connection through the proxy, its rules for destinations',
  start: () => send(HELLO, ASKED, judge),
};
