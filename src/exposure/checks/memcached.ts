import { ascii } from '../bytes';
import { proved, send, undecided, wholeLine, type Check, type Reply, type Step } from '../check';

function judge(reply: Reply): Step | 'more' {
  const line = wholeLine(reply.bytes);
  if (line === undefined) return 'more';
  const version = /^VERSION (\S{1,40})$/u.exec(line)?.[1];
  if (version !== undefined) return proved('open-proved', 'version', line, { version });
  if (line.startsWith('CLIENT_ERROR unauthenticated')) return proved('auth-required', 'version', line);
  return undecided('unexpected-reply', 'version', line);
}

/** Memcached's text protocol (protocol.txt of its source). A server with binary SASL closes: unknown. */
export const memcached: Check = {
  service: 'memcached',
  name: 'Memcached',
  transport: 'tcp',
  tls: 'after',
  recognition: { processes: /^memcached$/u, ports: [11211] },
  notTried: 'stats, get, set or any command that touches an item; SASL accounts',
  start: () => send(ascii('version\r\n'), 'version', judge),
};
