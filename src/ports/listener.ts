import type { BindScope, Endpoint, Protocol } from './endpoint';
import type { Owner } from './owner';

/** One row of the product: a port, a protocol and one owner, with every endpoint that the owner has there. */
export interface Listener {
  /** Stable as long as the same process holds the same port: `tcp:3000:812@99123`, `udp:53:uid101`, `udp:4789:kernel`. */
  readonly id: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** At least one; IPv4 before IPv6, narrowest scope last. */
  readonly endpoints: readonly Endpoint[];
  /** The widest scope of its endpoints. */
  readonly scope: BindScope;
  readonly owner: Owner;
  /** Inode numbers of its sockets, to recognise them again before a signal is sent. */
  readonly inodes: readonly number[];
  /** TCP: connections waiting to be accepted, where the tables tell (rx_queue of a LISTEN row). */
  readonly backlog?: number;
  /** An unconnected UDP socket on a port of the ephemeral range: most likely a client that once sent something. */
  readonly ephemeralUdp?: boolean;
}
