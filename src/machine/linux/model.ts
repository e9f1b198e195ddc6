import { groupPort, type GroupingFacts, type ListeningSocket } from '../../ports/grouping';
import type { Listener } from '../../ports/listener';
import { addressFromHex } from './address';
import { sameRow, type ListeningRows } from './socket-tables';
import { LISTEN, type Row } from './tables';

interface Known {
  readonly row: Row;
  readonly socket: ListeningSocket;
}

export interface ModelChange {
  readonly changed: readonly Listener[];
  readonly removed: readonly string[];
}

/** The listeners of the last look, changed port by port: one new socket among thousands costs one port. */
export class ListenerModel {
  private sockets = new Map<number, Known>();
  private readonly byPort = new Map<string, Map<number, ListeningSocket>>();
  private readonly rowsOfPort = new Map<string, readonly Listener[]>();
  private readonly dirty = new Set<string>();
  private readonly known = new Set<number>();
  readonly listeners = new Map<string, Listener>();

  /** Inodes of all sockets; without those that have none. */
  get inodes(): ReadonlySet<number> {
    return this.known;
  }

  /** Takes the rows of a look. @returns the inodes that came and those that went. */
  take(tables: readonly ListeningRows[]): { added: Set<number>; gone: Set<number> } {
    const before = this.sockets;
    const after = new Map<number, Known>();
    const added = new Set<number>();
    // A socket without an inode has no identity of its own: its place in the tables has to do.
    let nameless = 0;
    for (const table of tables) {
      for (const row of table.rows) {
        const id = row.inode > 0 ? row.inode : --nameless;
        const known = before.get(id);
        if (known?.socket.protocol === table.protocol && sameRow(known.row, row)) {
          after.set(id, known);
          continue;
        }
        const socket = socketOf(row, table);
        after.set(id, { row, socket });
        if (known !== undefined) this.drop(id, known.socket);
        else if (id > 0) added.add(id);
        this.add(id, socket);
      }
    }
    const gone = new Set<number>();
    for (const [id, known] of before) {
      if (after.has(id)) continue;
      this.drop(id, known.socket);
      if (id > 0) gone.add(id);
    }
    this.sockets = after;
    return { added, gone };
  }

  /** Marks the rows of these sockets for grouping. */
  touch(inodes: Iterable<number>): void {
    for (const inode of inodes) {
      const known = this.sockets.get(inode);
      if (known !== undefined) this.dirty.add(portKey(known.socket));
    }
  }

  touchAll(): void {
    for (const port of this.byPort.keys()) this.dirty.add(port);
  }

  /** Groups what was touched. */
  regroup(facts: GroupingFacts): ModelChange {
    const changed: Listener[] = [];
    const removed: string[] = [];
    for (const port of this.dirty) {
      const before = new Map((this.rowsOfPort.get(port) ?? []).map((listener) => [listener.id, listener]));
      const sockets = this.byPort.get(port);
      const rows = sockets === undefined ? [] : groupPort([...sockets.values()], facts);
      for (const listener of rows) {
        const known = before.get(listener.id);
        before.delete(listener.id);
        if (known !== undefined && JSON.stringify(known) === JSON.stringify(listener)) continue;
        this.listeners.set(listener.id, listener);
        changed.push(listener);
      }
      for (const id of before.keys()) {
        this.listeners.delete(id);
        removed.push(id);
      }
      if (rows.length === 0) this.rowsOfPort.delete(port);
      else this.rowsOfPort.set(port, rows);
    }
    this.dirty.clear();
    return { changed, removed };
  }

  private add(id: number, socket: ListeningSocket): void {
    const port = portKey(socket);
    const sockets = this.byPort.get(port) ?? new Map<number, ListeningSocket>();
    this.byPort.set(port, sockets.set(id, socket));
    this.dirty.add(port);
    if (id > 0) this.known.add(id);
  }

  private drop(id: number, socket: ListeningSocket): void {
    const port = portKey(socket);
    this.known.delete(id);
    const sockets = this.byPort.get(port);
    sockets?.delete(id);
    if (sockets?.size === 0) this.byPort.delete(port);
    this.dirty.add(port);
  }
}

function portKey({ protocol, port }: ListeningSocket): string {
  return `${protocol}:${port}`;
}

function socketOf(row: Row, { protocol, family }: ListeningRows): ListeningSocket {
  const { localPort, inode, uid } = row;
  return {
    protocol,
    family,
    address: addressFromHex(row.local),
    port: localPort,
    inode,
    uid,
    ...(row.state === LISTEN ? { backlog: row.receiveQueue } : {}),
  };
}
