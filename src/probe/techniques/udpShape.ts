import type { Reply } from '../../scan/techniques';
import type { Cells } from '../engine/cells';
import { foldChecksum, sumWords } from '../packets/checksum';
import type { Cookies } from '../packets/cookie';
import { portFilter } from '../packets/filter';
import { payloadFor, PAYLOAD_MAX } from './payloads';
import { icmpKey, icmpReply, type Arrival, type Peer, type ProbeShape, type Tell } from './raw';
import { datagramPorts } from './sourcePorts';
import { put16 } from './tcpShape';

const PROTOCOL = 17;
const HEADER = 8;
const REPLY_KEY = 1;
const TRIES = 16;

/** A datagram; its source port is its cookie, the only thing of it that an answer repeats. */
export function udpShape(cells: Cells, cookies: Cookies): ProbeShape {
  const own = datagramPorts();
  const sourcePort = (peer: Peer, port: number, attempt: number): number =>
    own.low + (cookies.of(peer.cookie, port, attempt) & (own.high - own.low));
  /** The try that left from a port, -1 where none did. */
  const attemptFrom = (peer: Peer, port: number, from: number): number => {
    for (let attempt = 0; attempt < TRIES; attempt++)
      if (sourcePort(peer, port, attempt) === from) return attempt;
    return -1;
  };

  return {
    send: (family) => [{ family, protocol: PROTOCOL, filter: portFilter(family, own.low, own.high) }],
    maxBytes: HEADER + PAYLOAD_MAX,
    write: (peer, cell, attempt, out, at) => {
      const port = cells.portOf(cell);
      const payload = payloadFor(port);
      const from = sourcePort(peer, port, attempt);
      const length = HEADER + payload.length;
      put16(out, at, from);
      put16(out, at + 2, port);
      put16(out, at + 4, length);
      out.set(payload, at + HEADER);
      const sum = peer.checksum + PROTOCOL + from + port + 2 * length + sumWords(payload, 0, payload.length);
      // RFC 768: an all-zero checksum means none; its equal in ones' complement is sent instead.
      put16(out, at + 6, foldChecksum(sum) || 0xffff);
      return length;
    },
    match: (arrival: Arrival, tell: Tell) => {
      const { decoded, peer } = arrival;
      const cell = cells.cellOf(decoded.sourcePort);
      if (decoded.kind !== 'udp' || cell < 0) return;
      // On this machine's own addresses our probes come back to us: they are no answers.
      if (peer.self && attemptFrom(peer, decoded.targetPort, decoded.sourcePort) >= 0) return;
      const attempt = attemptFrom(peer, decoded.sourcePort, decoded.targetPort);
      if (attempt >= 0) tell(arrival, cell, attempt, REPLY_KEY, udpReply, false);
    },
    matchQuote: (arrival: Arrival, tell: Tell) => {
      const { decoded, peer, fromTarget } = arrival;
      const { quote } = decoded;
      const cell = cells.cellOf(quote.targetPort);
      if (quote.protocol !== PROTOCOL || quote.transportBytes < 4 || cell < 0) return;
      const attempt = attemptFrom(peer, quote.targetPort, quote.sourcePort);
      if (attempt >= 0) tell(arrival, cell, attempt, icmpKey(decoded, fromTarget), icmpReply, true);
    },
  };
}

function udpReply(): Reply {
  return { kind: 'udp' };
}
