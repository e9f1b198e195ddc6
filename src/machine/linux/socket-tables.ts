import type { Family, Protocol } from '../../ports/endpoint';
import type { Limit } from '../../ports/snapshot';
import { CounterFiles, type Counters } from './counters';
import { errorCode } from './files';
import { TableFile } from './table-file';
import { CLOSE, isPastListeners, LISTEN, parseTable, type Parsed, type Row } from './tables';

/** A row of any state, with the table that it is from. */
export interface SocketRow extends Row {
  readonly protocol: Protocol;
  readonly family: Family;
}

/** The listening rows of one table. */
export interface ListeningRows {
  readonly protocol: Protocol;
  readonly family: Family;
  readonly rows: readonly Row[];
}

/** Whether the socket's known holder still has it. `unknown`: nobody is known to hold it. */
export type Held = 'held' | 'gone' | 'unknown';

/** One table with what was last seen in it. */
interface Table {
  readonly name: string;
  readonly protocol: Protocol;
  readonly family: Family;
  readonly file: TableFile;
  /** Listening rows only, in the table's order. */
  rows: readonly Row[];
  /** The bytes that the rows were parsed from: equal bytes need no parsing. */
  image: Buffer;
  /** Where in `image` the last listening row starts. */
  lastRowAt: number;
  /** The counters just before the rows were last seen to be true. */
  seenAt: Counters | undefined;
  problem: string | undefined;
}

/**
 * The four socket tables of this network namespace, looked at as cheaply as is safe.
 *
 * UDP: the tables are read every time (0.013 ms each). TCP: passing the last listener costs milliseconds (see
 * TableFile), so a look at a table of TCP reads all listeners **but the last**, and asks whether the last one's holder
 * still has it. What could still differ is an additional row at the very end, and this shows in the kernel's count of
 * sockets: where there are exactly as many as there are listeners, nothing else exists, and the look is exact. Where
 * connections exist too, the look is trusted only while no counter of connections has moved; else the table is read,
 * which is cheap just then: the first connection ends the way.
 */
export class SocketTables {
  private readonly counters: CounterFiles;
  private readonly tables: readonly Table[];

  constructor(root = '/proc') {
    this.counters = new CounterFiles(root);
    const table = (name: string, protocol: Protocol, family: Family): Table => ({
      name,
      protocol,
      family,
      file: new TableFile(`${root}/net/${name}`),
      rows: [],
      image: NO_BYTES,
      lastRowAt: 0,
      seenAt: undefined,
      problem: undefined,
    });
    this.tables = [
      // First those of UDP: what a cheap read of them teaches of this kernel spares the dear ones of TCP a second read.
      table('udp', 'udp', 'ipv4'),
      table('udp6', 'udp', 'ipv6'),
      table('tcp', 'tcp', 'ipv4'),
      table('tcp6', 'tcp', 'ipv6'),
    ];
  }

  /** As of the last look, by table. */
  get listening(): readonly ListeningRows[] {
    return this.tables;
  }

  limits(): Limit[] {
    return this.tables.flatMap(({ name, problem }) =>
      problem === undefined ? [] : [{ code: 'table-unreadable' as const, table: name, cause: problem }],
    );
  }

  /** The last listener of a table of TCP has no known holder: a swap of just that row would leave no trace. */
  hasBlindSpot(isHeldByNobody: (inode: number) => boolean): boolean {
    return this.tables.some(({ protocol, rows }) => {
      const last = rows.at(-1);
      return protocol === 'tcp' && last !== undefined && isHeldByNobody(last.inode);
    });
  }

  /**
   * @param force read all tables, whatever the counters say.
   * @returns whether any listening row differs from the last look, or what could not be read.
   * @throws with the system's message where not even one table can be read.
   */
  look(force: boolean, held: (inode: number) => Held): boolean {
    const counters = this.counters.read();
    let changed = false;
    const counted: Table[] = [];
    for (const table of this.tables) {
      if (table.protocol === 'tcp' && !force && isAsSeen(table, counters, held)) {
        table.seenAt = counters;
        continue;
      }
      if (this.readListeners(table, counters)) changed = true;
      table.seenAt = counters;
      if (table.protocol === 'tcp') counted.push(table);
    }
    // Of what opened or closed while we read, the numbers from before know nothing: then the next look reads again.
    if (counted.length > 0 && this.counters.read()?.connections !== counters?.connections)
      for (const table of counted) table.seenAt = undefined;
    if (this.tables.every(isUnread)) {
      throw new Error(this.tables.find(({ problem }) => problem !== undefined)?.problem);
    }
    return changed;
  }

  /**
   * Every row of both tables of one protocol, connections included.
   * @throws the system's error where the tables cannot be read.
   */
  readAll(protocol: Protocol): SocketRow[] {
    const rows: SocketRow[] = [];
    for (const table of this.tables) {
      if (table.protocol !== protocol) continue;
      const { name, family, file } = table;
      const parsed = ifPresent(name, () => parseTable(file.read('all')));
      for (const row of parsed?.rows ?? []) rows.push({ ...row, protocol, family });
    }
    return rows;
  }

  close(): void {
    this.counters.close();
    for (const { file } of this.tables) file.close();
  }

  private readListeners(table: Table, counters: Counters | undefined): boolean {
    const { name, protocol, file } = table;
    const { rows: before, problem } = table;
    if (counters !== undefined && table.problem === undefined && socketsIn(table, counters) === 0) {
      table.rows = [];
      table.image = NO_BYTES;
      return before.length > 0;
    }
    try {
      const bytes = ifPresent(name, () =>
        // The first read also learns how this kernel ends a table.
        table.seenAt === undefined && protocol === 'udp'
          ? file.read('all')
          : file.read('shortest', protocol === 'tcp' ? isPastListeners : undefined),
      );
      if (bytes?.equals(table.image) === true && table.problem === undefined) return false;
      const parsed: Parsed =
        bytes === undefined
          ? { rows: [], malformed: 0 }
          : parseTable(bytes, protocol === 'tcp' ? LISTEN : CLOSE, protocol === 'tcp');
      table.rows = parsed.rows;
      table.problem = parsed.malformed === 0 ? undefined : `${parsed.malformed} lines were not understood`;
      keepImage(table, bytes ?? NO_BYTES);
    } catch (error) {
      table.rows = [];
      table.image = NO_BYTES;
      table.lastRowAt = 0;
      table.problem = error instanceof Error ? error.message : String(error);
    }
    return problem !== table.problem || !sameRows(before, table.rows);
  }
}

/** A table that was read has its title at least. One of IPv6 may be missing: then there is no problem either. */
function isUnread({ problem, image }: Table): boolean {
  return problem !== undefined || image.length === 0;
}

/** A kernel without IPv6 has no tables of it: that is no failure. */
function ifPresent<T>(name: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (name.endsWith('6') && errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Keeps the bytes of the title and of the listening rows, which come first in a table of TCP. */
function keepImage(table: Table, bytes: Buffer): void {
  let end = bytes.length;
  let last = 0;
  if (table.protocol === 'tcp') {
    end = bytes.indexOf(0x0a) + 1;
    table.rows.forEach(() => {
      last = end;
      end = bytes.indexOf(0x0a, end) + 1;
    });
  }
  table.image = Buffer.from(bytes.subarray(0, end));
  table.lastRowAt = last;
}

const NO_BYTES = Buffer.alloc(0);

/** Of a table of TCP: 0 means that not one row but those of TIME_WAIT is in it. Undefined for UDP: not counted. */
function socketsIn({ protocol, family }: Table, counters: Counters): number | undefined {
  if (protocol === 'udp') return undefined;
  return family === 'ipv4' ? counters.tcp4 : counters.tcp6;
}

function isAsSeen(table: Table, counters: Counters | undefined, held: (inode: number) => Held): boolean {
  if (counters === undefined || table.seenAt === undefined || table.problem !== undefined) return false;
  const isExact = socketsIn(table, counters) === table.rows.length;
  if (!isExact && counters.connections !== table.seenAt.connections) return false;
  const last = table.rows.at(-1);
  if (last === undefined) return true;
  if (held(last.inode) === 'gone') return false;
  if (table.rows.length === 1) return true;
  try {
    const bytes = table.file.prefix(table.lastRowAt);
    // Other bytes of a row may move without a change of ours: the kernel's reference count, for one.
    return (
      bytes.equals(table.image.subarray(0, table.lastRowAt)) ||
      sameRows(parseTable(bytes, LISTEN).rows, table.rows.slice(0, -1))
    );
  } catch {
    return false;
  }
}

function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, index) => sameRow(row, b[index]));
}

export function sameRow(a: Row, b: Row | undefined): boolean {
  return (
    a.inode === b?.inode &&
    a.localPort === b.localPort &&
    a.local === b.local &&
    a.receiveQueue === b.receiveQueue &&
    a.uid === b.uid
  );
}
