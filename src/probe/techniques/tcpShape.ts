import { TCP, type Reply, type Technique } from '../../scan/techniques';
import type { Cells } from '../engine/cells';
import { foldChecksum } from '../packets/checksum';
import type { Cookies } from '../packets/cookie';
import { portFilter } from '../packets/filter';
import { icmpKey, icmpReply, type Arrival, type Peer, type ProbeShape, type Tell } from './raw';
import { attemptPorts } from './sourcePorts';

const PROTOCOL = 6;
const WINDOW = 1024;
const HEADER = 20;
/** URG, ACK, PSH, RST, SYN and FIN. */
const CONTROL_FLAGS = 0x3f;
/** Maximum segment size 1460: a SYN without options looks odd to some filters. */
const MSS_OPTION = [2, 4, 0x05, 0xb4];

/** One TCP segment with the technique's flags. Sequence and acknowledgment hold the cookie. */
export function tcpShape(
  technique: Pick<Technique, 'probeFlags'>,
  cells: Cells,
  cookies: Cookies,
): ProbeShape {
  const flags = technique.probeFlags ?? TCP.syn;
  const options = (flags & TCP.syn) !== 0 ? MSS_OPTION : [];
  const length = HEADER + options.length;
  const own = attemptPorts(Math.random);
  const headerWord = ((length / 4) << 12) | flags;
  const fixedSum =
    PROTOCOL +
    length +
    headerWord +
    WINDOW +
    options.reduce((sum, byte, at) => sum + (at % 2 === 0 ? byte << 8 : byte), 0);
  const acknowledges = (flags & TCP.ack) !== 0;

  const write = (peer: Peer, cell: number, attempt: number, out: Uint8Array, at: number): number => {
    const port = cells.portOf(cell);
    const from = own.low + attempt;
    const sequence = cookies.of(peer.cookie, port, from);
    const acknowledgment = acknowledges ? sequence : 0;
    put16(out, at, from);
    put16(out, at + 2, port);
    put32(out, at + 4, sequence);
    put32(out, at + 8, acknowledgment);
    put16(out, at + 12, headerWord);
    put16(out, at + 14, WINDOW);
    const half = (sequence >>> 16) + (sequence & 0xffff);
    const sum = peer.checksum + fixedSum + from + port + half * (acknowledges ? 2 : 1);
    put16(out, at + 16, foldChecksum(sum));
    put16(out, at + 18, 0);
    for (let index = 0; index < options.length; index++) out[at + HEADER + index] = options[index] ?? 0;
    return length;
  };

  /** RFC 9293 section 3.10.7.1: what a closed port or a listener repeats of our segment. */
  const answers = ({ decoded, peer }: Arrival): boolean => {
    const cookie = cookies.of(peer.cookie, decoded.sourcePort, decoded.targetPort);
    const reset = (decoded.flags & TCP.rst) !== 0;
    if (reset && acknowledges) return decoded.sequence === cookie;
    if ((decoded.flags & TCP.ack) === 0) return false;
    if (!reset && (decoded.flags & TCP.syn) === 0) return false;
    // A SYN or a FIN counts as one byte; some filters leave it out.
    const past = (decoded.acknowledgment - cookie) >>> 0;
    return past === 0 || past === 1;
  };

  return {
    send: (family) => [{ family, protocol: PROTOCOL, filter: portFilter(family, own.low, own.high) }],
    maxBytes: length,
    write,
    match: (arrival: Arrival, tell: Tell) => {
      const { decoded } = arrival;
      const cell = cells.cellOf(decoded.sourcePort);
      const attempt = decoded.targetPort - own.low;
      if (decoded.kind !== 'tcp' || cell < 0 || attempt < 0 || decoded.targetPort > own.high) return;
      if (!answers(arrival)) return;
      const key = (decoded.flags & CONTROL_FLAGS) | (decoded.window > 0 ? 0x40 : 0);
      tell(arrival, cell, attempt, key, tcpReply, false);
    },
    matchQuote: (arrival: Arrival, tell: Tell) => {
      const { decoded, peer, fromTarget } = arrival;
      const { quote } = decoded;
      const attempt = quote.sourcePort - own.low;
      const cell = cells.cellOf(quote.targetPort);
      if (quote.protocol !== PROTOCOL || quote.transportBytes < 8 || cell < 0) return;
      if (attempt < 0 || quote.sourcePort > own.high) return;
      if (quote.sequence !== cookies.of(peer.cookie, quote.targetPort, quote.sourcePort)) return;
      tell(arrival, cell, attempt, icmpKey(decoded, fromTarget), icmpReply, true);
    },
  };
}

function tcpReply({ decoded }: Arrival): Reply {
  return { kind: 'tcp', flags: decoded.flags & CONTROL_FLAGS, window: decoded.window };
}

export function put16(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 8;
  out[at + 1] = value & 0xff;
}

export function put32(out: Uint8Array, at: number, value: number): void {
  put16(out, at, value >>> 16);
  put16(out, at + 2, value & 0xffff);
}
