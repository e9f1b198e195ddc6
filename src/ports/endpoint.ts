export type Protocol = 'tcp' | 'udp';
export type Family = 'ipv4' | 'ipv6';

/** How far a bind reaches: only this machine, one address of it, or every interface. */
export type BindScope = 'loopback' | 'address' | 'wildcard';

/**
 * Whether a `::` bind also serves IPv4. `/proc/net` does not show IPV6_V6ONLY (ipv6(7)), so it is known only where
 * something proves it: an accepted `::ffff:` connection proves `yes`, a separate `0.0.0.0` bind of the same
 * port and protocol proves `no`. Else it is `probable`, or, where the machine's default is the other one
 * (net.ipv6.bindv6only = 1), `unlikely`. `undefined` on an endpoint means the question does not arise.
 */
export type DualStack = 'yes' | 'no' | 'probable' | 'unlikely';

/** One bound address and port. */
export interface Endpoint {
  readonly protocol: Protocol;
  readonly family: Family;
  /** Canonical text: dotted quad, or RFC 5952 for IPv6. No brackets, no zone. */
  readonly address: string;
  readonly port: number;
  readonly scope: BindScope;
  readonly dualStack?: DualStack;
}
