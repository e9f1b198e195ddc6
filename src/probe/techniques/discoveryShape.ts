import type { DiscoveryMethod } from '../../scan/report';
import { TCP } from '../../scan/techniques';
import { Cells } from '../engine/cells';
import type { Cookies } from '../packets/cookie';
import { echoShape } from './echoShape';
import type { ProbeShape } from './raw';
import { tcpShape } from './tcpShape';
import { udpShape } from './udpShape';

/** One knock at a host: the shape has a single cell. */
export interface DiscoveryProbe {
  readonly method: DiscoveryMethod;
  readonly shape: (cookies: Cookies) => ProbeShape;
}

/** A new way to knock is one line here. */
export const DISCOVERY_PROBES: readonly DiscoveryProbe[] = [
  { method: 'icmp-echo', shape: echoShape },
  {
    method: 'tcp-syn',
    shape: (cookies) => tcpShape({ probeFlags: TCP.syn }, new Cells([[443, 443]]), cookies),
  },
  {
    method: 'tcp-ack',
    shape: (cookies) => tcpShape({ probeFlags: TCP.ack }, new Cells([[80, 80]]), cookies),
  },
  // Nobody listens there: the error is the answer.
  { method: 'udp', shape: (cookies) => udpShape(new Cells([[40_125, 40_125]]), cookies) },
];

/** Several probes of one cell each as one shape of several cells. */
export function discoveryShape(probes: readonly DiscoveryProbe[], cookies: Cookies): ProbeShape {
  const shapes = probes.map(({ shape }) => shape(cookies));
  return {
    // Sockets of one protocol are filtered by the ports of one shape each, so each shape has its own.
    send: (family) => shapes.flatMap((shape) => shape.send(family)),
    senderOf: (cell) => cell,
    maxBytes: Math.max(...shapes.map(({ maxBytes }) => maxBytes)),
    write: (peer, cell, attempt, out, at) => shapes[cell]?.write(peer, 0, attempt, out, at) ?? 0,
    match: (arrival, tell) => {
      for (const [cell, shape] of shapes.entries())
        shape.match(arrival, (_arrival, _cell, ...rest) => {
          tell(arrival, cell, ...rest);
        });
    },
    matchQuote: (arrival, tell) => {
      for (const [cell, shape] of shapes.entries())
        shape.matchQuote(arrival, (_arrival, _cell, ...rest) => {
          tell(arrival, cell, ...rest);
        });
    },
  };
}
