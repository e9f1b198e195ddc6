import { impliedProtocol, TCP, type Reply } from '../../scan/techniques';
import type { Cells } from '../engine/cells';
import { foldChecksum, sumWords } from '../packets/checksum';
import type { Cookies } from '../packets/cookie';
import { portFilter } from '../packets/filter';
import {
  icmpKey,
  icmpReply,
  ICMP_PROTOCOL,
  SEND_ONLY,
  type Arrival,
  type Peer,
  type ProbeShape,
} from './raw';
import { attemptPorts } from './sourcePorts';
import { put16, put32 } from './tcpShape';

const IP_HEADER = 20;
const TRIES = 16;
/** An unassigned port: its error proves the protocol as well as an answer would. */
const TARGET_PORT = 40_125;
const REPLY_KEY = 1;
const SCTP = 132;

/**
 * IPv4 packets with each protocol number, with an own header: its identification is the cookie, since errors about
 * an empty packet quote nothing but that header. Protocols that drop an empty packet get the smallest valid one.
 */
export function protocolShape(cells: Cells, cookies: Cookies): ProbeShape {
  const own = attemptPorts(Math.random);
  /** Never 0: Linux would fill in its own. */
  const identification = (peer: Peer, protocol: number, attempt: number): number =>
    (cookies.of(peer.cookie, protocol, attempt) & 0xffff) | 1;
  const attemptOf = (peer: Peer, protocol: number, id: number): number => {
    for (let attempt = 0; attempt < TRIES; attempt++)
      if (identification(peer, protocol, attempt) === id) return attempt;
    return -1;
  };
  return {
    send: () => [{ family: 4, protocol: SEND_ONLY, ownHeader: true }],
    listen: () =>
      Array.from({ length: cells.count }, (_, cell) => cells.portOf(cell))
        .filter((protocol) => protocol !== ICMP_PROTOCOL[4] && protocol !== SEND_ONLY && protocol !== 0)
        .map((protocol) => ({
          family: 4,
          protocol,
          ...(protocol === 6 || protocol === 17 ? { filter: portFilter(4, own.low, own.high) } : {}),
        })),
    maxBytes: IP_HEADER + 32,
    write: (peer, cell, attempt, out, at) => {
      const protocol = cells.portOf(cell);
      const id = identification(peer, protocol, attempt);
      const body = BODIES.get(protocol)?.(peer, id, own.low + attempt) ?? [];
      put16(out, at, 0x4500);
      put16(out, at + 2, IP_HEADER + body.length);
      put16(out, at + 4, id);
      put16(out, at + 6, 0);
      put16(out, at + 8, (64 << 8) | protocol);
      put16(out, at + 10, 0);
      out.set(peer.source, at + 12);
      out.set(peer.run.host.address.bytes, at + 16);
      put16(out, at + 10, foldChecksum(sumWords(out, at, at + IP_HEADER)));
      out.set(body, at + IP_HEADER);
      return IP_HEADER + body.length;
    },
    match: (arrival, tell) => {
      const { decoded, peer } = arrival;
      const cell = cells.cellOf(decoded.protocol);
      if (cell < 0 || (peer.self && attemptOf(peer, decoded.protocol, decoded.identification) >= 0)) return;
      const attempt = answeredAttempt(arrival, own.low, (id) => attemptOf(peer, decoded.protocol, id));
      if (attempt !== undefined) tell(arrival, cell, attempt, REPLY_KEY, protocolReply, false);
    },
    matchQuote: (arrival, tell) => {
      const { decoded, peer, fromTarget } = arrival;
      const { quote } = decoded;
      const cell = cells.cellOf(quote.protocol);
      const attempt = attemptOf(peer, quote.protocol, quote.identification);
      if (attempt >= 0 && cell >= 0)
        tell(arrival, cell, attempt, icmpKey(decoded, fromTarget), icmpReply, true);
    },
    implied: (arrival) => {
      const proved = impliedProtocol(icmpReply(arrival));
      const cell = proved === undefined ? -1 : cells.cellOf(proved.protocol);
      return proved === undefined || cell < 0 ? undefined : { cell, verdict: proved.verdict };
    },
  };
}

function protocolReply(): Reply {
  return { kind: 'protocol' };
}

/** @returns the try that a packet answers, -1 where its protocol cannot tell, undefined where it answers none. */
function answeredAttempt(
  { decoded, buffer, end }: Arrival,
  low: number,
  attemptOf: (id: number) => number,
): number | undefined {
  switch (decoded.kind) {
    case 'echo-reply': {
      const attempt = attemptOf(decoded.echoId);
      return attempt >= 0 && decoded.echoSequence === decoded.echoId ? attempt : undefined;
    }
    case 'tcp': {
      // A reset repeats our acknowledgment number as its sequence.
      const attempt = decoded.targetPort - low;
      return (decoded.flags & TCP.rst) !== 0 && attemptOf(decoded.sequence) === attempt ? attempt : undefined;
    }
    case 'udp':
      return decoded.sourcePort === TARGET_PORT ? decoded.targetPort - low : undefined;
    case 'other':
      return decoded.protocol === SCTP
        ? sctpAttempt(buffer.subarray(decoded.payload, end), low, attemptOf)
        : -1;
    case 'icmp-error':
    case 'none':
      return undefined;
  }
}

/** RFC 9260 section 8.5.1: the answer to an INIT has the ports swapped, and our tag. */
function sctpAttempt(packet: Uint8Array, low: number, attemptOf: (id: number) => number): number | undefined {
  if (packet.length < 12) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const attempt = attemptOf(view.getUint32(4));
  const fits = view.getUint16(0) === TARGET_PORT && view.getUint16(2) === low + attempt;
  return attempt >= 0 && fits ? attempt : undefined;
}

type Body = (peer: Peer, id: number, sourcePort: number) => number[];

function words(...values: number[]): number[] {
  return values.flatMap((value) => [(value >>> 8) & 0xff, value & 0xff]);
}

/** Fills the checksum of a body in at `at`, over the body and what `start` adds. */
function checked(body: number[], at: number, start = 0): number[] {
  const bytes = Uint8Array.from(body);
  put16(bytes, at, foldChecksum(start + sumWords(bytes, 0, bytes.length)));
  return [...bytes];
}

const BODIES: ReadonlyMap<number, Body> = new Map<number, Body>([
  // ICMP echo request (RFC 792)
  [1, (_peer, id) => checked(words(0x0800, 0, id, id), 2)],
  // IGMP version 1 membership query (RFC 2236)
  [2, () => checked(words(0x1100, 0, 0, 0), 2)],
  // TCP: an ACK out of nowhere is answered by a reset
  [
    6,
    (peer, id, sourcePort) =>
      checked(words(sourcePort, 80, 0, id, 0, id, 0x5010, 1024, 0, 0), 16, peer.checksum + 6 + 20),
  ],
  [17, (peer, _id, sourcePort) => checked(words(sourcePort, TARGET_PORT, 8, 0), 6, peer.checksum + 17 + 8)],
  // SCTP INIT (RFC 9260 section 3.3.2)
  [
    SCTP,
    (_peer, id, sourcePort) => {
      const body = Uint8Array.from(
        words(sourcePort, TARGET_PORT, 0, 0, 0, 0, 0x0100, 20, 0, id, 0, 32_768, 10, 2_048, 0, id),
      );
      const sum = crc32c(body);
      // Least significant byte first: RFC 9260 appendix A.
      put32(body, 8, ((sum << 24) | ((sum & 0xff00) << 8) | ((sum >>> 8) & 0xff00) | (sum >>> 24)) >>> 0);
      return [...body];
    },
  ],
]);

/** Castagnoli's CRC, bit by bit: it is made once a packet of one protocol. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
