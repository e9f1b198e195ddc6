import type { Reply } from '../../scan/techniques';
import { foldChecksum, sumWords } from '../packets/checksum';
import type { Cookies } from '../packets/cookie';
import { icmpFilter } from '../packets/filter';
import { icmpKey, icmpReply, ICMP_PROTOCOL, type Peer, type ProbeShape } from './raw';
import { put16 } from './tcpShape';

const LENGTH = 16;
const TRIES = 16;
const REPLY_KEY = 2;
const REQUEST: Readonly<Record<4 | 6, number>> = { 4: 8, 6: 128 };

/** ICMP echo (RFC 792, RFC 4443). Identifier and sequence hold the cookie: 32 bits that the reply repeats. */
export function echoShape(cookies: Cookies): ProbeShape {
  const cookie = (peer: Peer, attempt: number): number => cookies.of(peer.cookie, 0, attempt);
  const attemptOf = (peer: Peer, value: number): number => {
    for (let attempt = 0; attempt < TRIES; attempt++) if (cookie(peer, attempt) === value) return attempt;
    return -1;
  };
  return {
    send: (family) => [{ family, protocol: ICMP_PROTOCOL[family], filter: icmpFilter(family) }],
    maxBytes: LENGTH,
    write: (peer, _cell, attempt, out, at) => {
      const { family } = peer.run.host.address;
      const value = cookie(peer, attempt);
      put16(out, at, REQUEST[family] << 8);
      put16(out, at + 2, 0);
      put16(out, at + 4, value >>> 16);
      put16(out, at + 6, value & 0xffff);
      out.fill(0, at + 8, at + LENGTH);
      // ICMPv6 sums a pseudo header too (RFC 4443 section 2.3); ICMP does not.
      const pseudo = family === 6 ? peer.checksum + ICMP_PROTOCOL[6] + LENGTH : 0;
      put16(out, at + 2, foldChecksum(pseudo + sumWords(out, at, at + LENGTH)));
      return LENGTH;
    },
    match: (arrival, tell) => {
      const { decoded, peer } = arrival;
      if (decoded.kind !== 'echo-reply') return;
      const attempt = attemptOf(peer, ((decoded.echoId << 16) | decoded.echoSequence) >>> 0);
      if (attempt >= 0) tell(arrival, 0, attempt, REPLY_KEY, echoReply, false);
    },
    matchQuote: (arrival, tell) => {
      const { decoded, peer, fromTarget } = arrival;
      const { quote } = decoded;
      const { family } = peer.run.host.address;
      if (quote.protocol !== ICMP_PROTOCOL[family] || quote.transportBytes < 8) return;
      const attempt = attemptOf(peer, quote.sequence);
      if (attempt >= 0) tell(arrival, 0, attempt, icmpKey(decoded, fromTarget), icmpReply, true);
    },
  };
}

function echoReply(): Reply {
  return { kind: 'protocol' };
}
