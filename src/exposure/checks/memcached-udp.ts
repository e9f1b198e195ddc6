import { ascii, concat, hex, latin1 } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** Request id 1, sequence 0, one datagram, reserved (protocol.txt, "UDP protocol"). */
const REQUEST = concat(hex('0001 0000 0001 0000'), ascii('version\r\n'));

function judge(reply: Reply): Step | 'more' {
  if (reply.bytes.length === 0) return 'more';
  const version = /^\x00\x01\x00\x00\x00\x01..VERSION (\S{1,40})\r\n/su.exec(latin1(reply.bytes))?.[1];
  if (version === undefined) return undecided('unexpected-reply', 'version', reply);
  return proved('open-proved', 'version', `VERSION ${version}`, { version, amplifier: 'yes' });
}

/** Any answer over UDP also makes the server an amplifier of floods with forged senders (CVE-2018-1000115). */
export const memcachedUdp: Check = {
  service: 'memcached-udp',
  name: 'Memcached (UDP)',
  transport: 'udp',
  tls: 'never',
  recognition: { processes: /^memcached$/u, ports: [11211] },
  notTried: 'everything but version; a lost datagram looks like silence',
  start: () => send(REQUEST, 'version', judge),
};
