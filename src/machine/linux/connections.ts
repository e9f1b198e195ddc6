import type { ConnectionState, ConnectionSummary, Peer } from '../../ports/connections';
import type { Listener } from '../../ports/listener';
import { addressFromHex, unmapped } from './address';
import type { SocketRow } from './socket-tables';
import { CLOSE, LISTEN } from './tables';

/** Names of the states 1 to 12: include/net/tcp_states.h of the kernel. */
const STATES: readonly (ConnectionState | undefined)[] = [
  undefined,
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  undefined,
  'CLOSING',
  'NEW_SYN_RECV',
];

const MOST_PEERS = 100;
/** Connections that end by themselves: that nobody is at the other end any more is as it should be. */
const ENDING: ReadonlySet<ConnectionState> = new Set(['TIME_WAIT', 'LAST_ACK', 'CLOSING', 'FIN_WAIT1']);

type PeerProcess = NonNullable<Peer['process']>;

/** The rows that are this listener's side of a connection. */
export function connectionsOf(listener: Listener, rows: readonly SocketRow[]): SocketRow[] {
  const binds = new Set(listener.endpoints.map(({ address }) => address));
  const servesV4 =
    binds.has('0.0.0.0') || listener.endpoints.some(({ dualStack }) => dualStack !== undefined);
  return rows.filter((row) => {
    if (row.localPort !== listener.port || row.remotePort === 0 || row.state === LISTEN) return false;
    if (row.protocol === 'udp' && row.state === CLOSE) return false;
    const local = unmapped(row.local);
    if (local.length === 8 ? servesV4 : binds.has('::')) return true;
    return binds.has(addressFromHex(row.local)) || binds.has(addressFromHex(local));
  });
}

/** Finds the other end of a connection that stays on this machine. */
export class Mirror {
  private readonly inodes = new Map<string, number>();

  constructor(rows: readonly SocketRow[]) {
    for (const row of rows) {
      if (row.state !== LISTEN)
        this.inodes.set(key(row.local, row.localPort, row.remote, row.remotePort), row.inode);
    }
  }

  /** Undefined: no such socket. 0: it has no process any more. */
  inodeOf(row: SocketRow): number | undefined {
    return this.inodes.get(key(row.remote, row.remotePort, row.local, row.localPort));
  }
}

function key(local: string, localPort: number, remote: string, remotePort: number): string {
  return `${unmapped(local)}:${localPort}>${unmapped(remote)}:${remotePort}`;
}

/**
 * @param rows of `connectionsOf`.
 * @param isOwn whether an address is this machine's.
 * @param processOf who holds the socket, where that may be seen.
 */
export function summarizeConnections(
  rows: readonly SocketRow[],
  mirror: Mirror,
  isOwn: (address: string) => boolean,
  processOf: (inode: number) => PeerProcess | undefined,
  takenAt: number,
): ConnectionSummary {
  const byState: Partial<Record<ConnectionState, number>> = {};
  const peers = new Map<string, Peer>();
  for (const row of rows) {
    const state = STATES[row.state];
    if (state === undefined) continue;
    byState[state] = (byState[state] ?? 0) + 1;
    const address = addressFromHex(unmapped(row.remote));
    const other = isOwn(address) ? mirror.inodeOf(row) : undefined;
    const process = other ? processOf(other) : undefined;
    const exited = isOwn(address) && !other && !ENDING.has(state);
    const id = `${address} ${state} ${process?.pid ?? ''} ${exited}`;
    const known = peers.get(id);
    peers.set(id, {
      address,
      state,
      count: (known?.count ?? 0) + 1,
      ...(process === undefined ? {} : { process }),
      ...(exited ? { exited } : {}),
    });
  }
  const sorted = [...peers.values()].sort((a, b) => b.count - a.count || (a.address < b.address ? -1 : 1));
  return { takenAt, byState, peers: sorted.slice(0, MOST_PEERS), peersTotal: sorted.length };
}
