/** TCP states by their names in tcp(7) and ss(8). */
export type ConnectionState =
  | 'ESTABLISHED'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'CLOSING'
  | 'NEW_SYN_RECV';

/** One peer of a listener: an address, in one state. */
export interface Peer {
  readonly address: string;
  readonly state: ConnectionState;
  readonly count: number;
  /** The local process at the other end, where the peer is on this machine and readable. */
  readonly process?: { readonly pid: number; readonly name: string };
  /** A local peer address whose other end has no socket any more: the process that connected has exited. */
  readonly exited?: boolean;
}

export interface ConnectionSummary {
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly byState: Readonly<Partial<Record<ConnectionState, number>>>;
  /** Most connections first; at most 100, `peersTotal` tells how many there are. */
  readonly peers: readonly Peer[];
  readonly peersTotal: number;
}
