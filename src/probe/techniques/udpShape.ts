import { foldChecksum, sumWords } from '../packets/checksum';
import type { Cookies } from '../packets/cookie';
import { portFilter } from '../packets/filter';
import { payloadFor, PAYLOAD_MAX } from './payloads';
import { icmpKey, type Arrival, type Peer, type ProbeShape, type Tell } from './raw';
import { datagramPorts } from './sourcePorts';
import { cellsByPort, put16 } from './tcpShape';

const PROTOCOL = 17;
const HEADER = 8;
const REPLY_KEY = 1;
const TRIES = 16;

/** A datagram; its source port is its cookie, the only thing of it that an answer repeats. */
export function udpShape(ports: Uint16Array, cookies: Cookies): ProbeShape {
  const own = datagramPorts();
  const cellOf = cellsByPort(ports);
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
      const port = ports[cell] ?? 0;
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
    match: ({ decoded, peer }: Arrival, tell: Tell) => {
      const cell = cellOf[decoded.sourcePort] ?? -1;
      if (decoded.kind !== 'udp' || cell < 0) return;
      // On this machine's own addresses our probes come back to us: they are no answers.
      if (peer.self && attemptFrom(peer, decoded.targetPort, decoded.sourcePort) >= 0) return;
      const attempt = attemptFrom(peer, decoded.sourcePort, decoded.targetPort);
      if (attempt >= 0) tell(cell, attempt, REPLY_KEY, () => ({ kind: 'udp' }), false);
    },
    matchQuote: ({ decoded, peer, fromTarget }: Arrival, tell: Tell) => {
      const { quote, icmpType, icmpCode } = decoded;
      const cell = cellOf[quote.targetPort] ?? -1;
      if (quote.protocol !== PROTOCOL || quote.transportBytes < 4 || cell < 0) return;
      const attempt = attemptFrom(peer, quote.targetPort, quote.sourcePort);
      if (attempt < 0) return;
      const family = peer.run.host.address.family === 4 ? 'ipv4' : 'ipv6';
      const reply = () => ({ kind: 'icmp', family, type: icmpType, code: icmpCode, fromTarget }) as const;
      tell(cell, attempt, icmpKey(decoded, fromTarget), reply, true);
    },
  };
}
