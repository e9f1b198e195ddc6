import { ascii, concat, hex, uint } from '../bytes';
import { proved, send, undecided, type Check, type CheckContext, type Reply, type Step } from '../check';

/** A query without a name's owner: `portlight-….invalid` exists nowhere (RFC 6761, 6.4), recursion desired. */
function query({ nonce }: CheckContext): Uint8Array {
  const label = ascii(`portlight-${nonce}`);
  return concat(
    hex('706c 0100 0001 0000 0000 0000'),
    Uint8Array.of(label.length),
    label,
    Uint8Array.of(7),
    ascii('invalid'),
    hex('00 0001 0001'),
  );
}

const ASKED = 'A portlight-….invalid';
const codes: Readonly<Record<number, string>> = { 0: 'NOERROR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 5: 'REFUSED' };

function judge(reply: Reply, sent: Uint8Array): Step | 'more' {
  if (reply.bytes.length === 0) return 'more';
  const flags = uint(reply.bytes, 2, 2) ?? 0;
  // The same id and question come back in every response (RFC 1035, 4.1).
  const same = sent.every((byte, index) => (index >= 2 && index < 12) || reply.bytes[index] === byte);
  const code = codes[flags & 15];
  if ((flags & 0x8000) === 0 || !same || code === undefined)
    return undecided('unexpected-reply', ASKED, reply);
  if (code === 'REFUSED') return proved('refused-by-policy', ASKED, code);
  return (flags & 0x80) === 0
    ? undecided('not-provable', ASKED, `${code}, no recursion`)
    : proved('no-auth-by-design', ASKED, `${code}, recursion available`, {
        recursion: 'yes',
        amplifier: 'yes',
      });
}

/** A resolver for everybody is an amplifier of floods with forged senders; for a developer's network it may be meant. */
export const dns: Check = {
  service: 'dns',
  name: 'DNS resolver',
  transport: 'udp',
  tls: 'never',
  recognition: {
    processes: /^(?:dnsmasq|named|unbound|coredns|pdns_recursor|systemd-resolve(?:d)?)$/u,
    ports: [53],
  },
  notTried: 'names that exist, transfers of zones; a lost datagram looks like silence',
  start: (context) => {
    const bytes = query(context);
    return send(bytes, ASKED, (reply) => judge(reply, bytes));
  },
};
