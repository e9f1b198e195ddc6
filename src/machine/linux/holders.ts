import * as fs from 'node:fs';
import { errorCode, withoutStacks } from './files';
import { isOpen, readDescriptor, socketInode, type Opened } from './open-sockets';
import { relativesOf } from './relatives';

interface Visited {
  /** Number of open files at the visit: the size of /proc/PID/fd (kernel 6.2 and later, before it 0). */
  readonly files: number;
  /** Its sockets among those that are wanted, by inode. */
  readonly sockets: ReadonlyMap<number, Opened>;
}

interface Entry {
  readonly pid: number;
  readonly inode: number;
  readonly opened: Opened;
}

interface Entries {
  readonly shared: readonly Entry[];
  readonly single: readonly Entry[];
}

/** At most so many are looked at again in one check: 0.6 ms. */
const CHECKS_AT_ONCE = 128;
/** The same of the sockets with one holder: when it lets go, the table shows it. */
const SINGLE_CHECKS_AT_ONCE = 8;
/** A first answer reads the descriptors below each of these numbers in turn. */
const GLANCES = [8, 32, Infinity] as const;
/** More same-descriptor probes than this cost more than a walk of everything. */
const MOST_PROBES = 20_000;

/**
 * Which processes have which sockets open. `wanted` are the inodes of the listening sockets: only these are kept.
 * Reads synchronously: with promises the same walk takes two to six times as long.
 */
export class Holders {
  private readonly visited = new Map<number, Visited>();
  private readonly byInode = new Map<number, Set<number>>();
  /** Users of whose processes at least one may not be looked into. */
  private hiddenUids = new Set<number>();
  private turns = 0;
  /** What `check` asks, until a holder changes. */
  private entries: Entries | undefined;
  private countedFiles: boolean | undefined;

  constructor(
    private readonly root = '/proc',
    private readonly uid = process.getuid?.() ?? 0,
  ) {}

  /** Pids that hold the socket, ascending. */
  of(inode: number): readonly number[] {
    return [...(this.byInode.get(inode) ?? [])].sort((a, b) => a - b);
  }

  isHeldByNobody(inode: number): boolean {
    return !this.byInode.has(inode);
  }

  /** Whether this kernel tells the number of a process's open files (6.2 and later). */
  get countsFiles(): boolean {
    this.countedFiles ??= (fs.statSync('/proc/self/fd', { throwIfNoEntry: false })?.size ?? 0) > 0;
    return this.countedFiles;
  }

  isHiddenUid(uid: number): boolean {
    return this.hiddenUids.has(uid);
  }

  /** Drops sockets that no longer listen. */
  forgetSockets(inodes: Iterable<number>): void {
    for (const inode of inodes) {
      for (const pid of this.byInode.get(inode) ?? []) {
        const entry = this.visited.get(pid);
        if (entry !== undefined) this.remember(pid, entry.files, without(entry.sockets, inode));
      }
    }
  }

  /**
   * Finds one holder of every socket, for a first answer. Servers open their listening sockets early, so the lowest
   * descriptors of all processes come first, then higher ones, until every socket has a holder. Whoever forked off a
   * holder has the socket under the same number and is found with it; a process that was handed one under a higher
   * number is left to `walkAll`. @returns the inodes whose holders changed.
   */
  glance(wanted: ReadonlySet<number>): Set<number> {
    return withoutStacks(() => {
      const changed = new Set<number>();
      const pids = this.list(changed);
      const opened = pids.map((pid) => ({
        pid,
        names: this.descriptors(pid),
        sockets: new Map<number, Opened>(),
      }));
      let from = 0;
      for (const below of GLANCES) {
        if (this.haveHolders(wanted)) return changed;
        for (const { pid, names, sockets } of opened) {
          const folder = `${this.root}/${pid}/fd`;
          const before = sockets.size;
          for (const descriptor of names) {
            const number = Number(descriptor);
            if (number >= from && number < below) readDescriptor(folder, descriptor, wanted, sockets);
          }
          if (sockets.size > before)
            this.replace(pid, this.countsFiles ? names.length : 0, new Map(sockets), changed);
        }
        from = below;
      }
      this.walkThreads(pids, wanted, changed);
      return changed;
    });
  }

  private haveHolders(wanted: ReadonlySet<number>): boolean {
    for (const inode of wanted) if (!this.byInode.has(inode)) return false;
    return true;
  }

  /** Looks into every process. @returns the inodes whose holders changed. */
  walkAll(wanted: ReadonlySet<number>): Set<number> {
    return withoutStacks(() => {
      const changed = new Set<number>();
      const pids = this.list(changed);
      this.hiddenUids = new Set();
      for (const pid of pids) this.visit(pid, wanted, changed);
      this.walkThreads(pids, wanted, changed);
      return changed;
    });
  }

  /**
   * Finds who holds `missing`, in the order of likelihood: new processes, those whose number of open files changed,
   * those that hold listeners already, the rest; it stops as soon as every socket has a holder, then looks for others
   * that share it. @returns the inodes whose holders changed.
   */
  find(missing: ReadonlySet<number>, wanted: ReadonlySet<number>): Set<number> {
    return withoutStacks(() => {
      const changed = new Set<number>();
      const pids = this.list(changed);
      const left = new Set([...missing].filter((inode) => !this.byInode.has(inode)));
      for (const pid of this.likelyFirst(pids)) {
        if (left.size === 0) break;
        this.visit(pid, wanted, changed);
        for (const inode of this.visited.get(pid)?.sockets.keys() ?? []) left.delete(inode);
      }
      if (left.size > 0) this.walkThreads(pids, wanted, changed);
      this.findSharers(missing, pids, wanted, changed);
      return changed;
    });
  }

  /**
   * Looks into processes that are new: a fork that inherited a socket changes no table. With `counting` also into those
   * whose number of open files changed: they may have been handed one.
   * @returns the inodes whose holders changed.
   */
  catchUp(wanted: ReadonlySet<number>, counting: boolean): Set<number> {
    return withoutStacks(() => {
      const changed = new Set<number>();
      for (const pid of this.list(changed)) {
        const before = this.visited.get(pid);
        if (before === undefined || (counting && before.files !== this.countFiles(pid))) {
          this.visit(pid, wanted, changed);
        }
      }
      return changed;
    });
  }

  /** Whether one process still holds the socket. */
  stillHeld(inode: number): boolean {
    const pid = this.byInode.get(inode)?.values().next().value;
    const opened = pid === undefined ? undefined : this.visited.get(pid)?.sockets.get(inode);
    return opened !== undefined && isOpen(opened, inode);
  }

  /**
   * Looks whether holders still hold what they held. Where several hold a socket, one may let go without a change of
   * any table, so all of these are asked; a single holder only in its turn, or where `thorough`.
   * @returns the inodes that somebody let go of.
   */
  check(thorough: boolean): Set<number> {
    return withoutStacks(() => {
      this.entries ??= this.listEntries();
      const { shared, single } = this.entries;
      const lost = new Set<number>();
      const asked = [
        ...this.turn(shared, CHECKS_AT_ONCE),
        ...this.turn(single, thorough ? CHECKS_AT_ONCE : SINGLE_CHECKS_AT_ONCE),
      ];
      for (const { pid, inode, opened } of asked) {
        if (isOpen(opened, inode)) continue;
        const before = this.visited.get(pid);
        if (before !== undefined) this.remember(pid, -1, without(before.sockets, inode));
        lost.add(inode);
      }
      this.turns++;
      return lost;
    });
  }

  /** At most `count` of the values, others every time. */
  private turn<T>(values: readonly T[], count: number): readonly T[] {
    if (values.length <= count) return values;
    const start = (this.turns * count) % values.length;
    return [
      ...values.slice(start, start + count),
      ...values.slice(0, Math.max(0, start + count - values.length)),
    ];
  }

  private listEntries(): Entries {
    const shared: Entry[] = [];
    const single: Entry[] = [];
    for (const [inode, holders] of this.byInode) {
      for (const pid of holders) {
        const opened = this.visited.get(pid)?.sockets.get(inode);
        if (opened !== undefined) (holders.size > 1 ? shared : single).push({ pid, inode, opened });
      }
    }
    return { shared, single };
  }

  /** Forgets processes that are gone. */
  private list(changed: Set<number>): number[] {
    const pids: number[] = [];
    for (const name of fs.readdirSync(this.root)) {
      const pid = Number(name);
      if (pid > 0) pids.push(pid);
    }
    const alive = new Set(pids);
    for (const [pid, { sockets }] of this.visited) {
      if (alive.has(pid)) continue;
      for (const inode of sockets.keys()) changed.add(inode);
      this.remember(pid, 0, NOTHING);
      this.visited.delete(pid);
    }
    return pids;
  }

  private *likelyFirst(pids: readonly number[]): Generator<number> {
    const known: number[] = [];
    for (const pid of pids) {
      if (this.visited.has(pid)) known.push(pid);
      else yield pid;
    }
    const unchanged: number[] = [];
    for (const pid of known) {
      if (this.visited.get(pid)?.files === this.countFiles(pid)) unchanged.push(pid);
      else yield pid;
    }
    const holds = (pid: number): boolean => (this.visited.get(pid)?.sockets.size ?? 0) > 0;
    yield* unchanged.filter(holds);
    yield* unchanged.filter((pid) => !holds(pid));
  }

  /** 0 where it cannot be told: such a process counts as changed only when its pid is new. */
  private countFiles(pid: number): number {
    try {
      return fs.statSync(`${this.root}/${pid}/fd`, { throwIfNoEntry: false })?.size ?? 0;
    } catch {
      return 0;
    }
  }

  private visit(pid: number, wanted: ReadonlySet<number>, changed: Set<number>): void {
    const sockets = new Map<number, Opened>();
    const folder = `${this.root}/${pid}/fd`;
    const names = this.descriptors(pid);
    for (const descriptor of names) readDescriptor(folder, descriptor, wanted, sockets);
    this.replace(pid, this.countsFiles ? names.length : 0, sockets, changed);
  }

  /** The numbers of a process's open files; none where they may not be seen. */
  private descriptors(pid: number): readonly string[] {
    const folder = `${this.root}/${pid}`;
    if (this.uid !== 0) {
      // Another user's: the kernel would refuse, and a refusal costs more than the question.
      const owner = fs.statSync(folder, { throwIfNoEntry: false })?.uid;
      if (owner !== undefined && owner !== this.uid) {
        this.hiddenUids.add(owner);
        return [];
      }
    }
    return this.namesIn(`${folder}/fd`);
  }

  private namesIn(folder: string): readonly string[] {
    try {
      return fs.readdirSync(folder);
    } catch (error) {
      if (errorCode(error) === 'EACCES') this.noteHidden(folder);
      return [];
    }
  }

  /** Even root may be refused, and a user for an own process that may not be dumped. */
  private noteHidden(folder: string): void {
    const uid = fs.statSync(folder.slice(0, folder.lastIndexOf('/')), { throwIfNoEntry: false })?.uid;
    if (uid !== undefined) this.hiddenUids.add(uid);
  }

  /**
   * For sockets that no process seems to hold: where the first thread of a process has ended (state Z) while others
   * run on, only these still show the open files.
   */
  private walkThreads(pids: readonly number[], wanted: ReadonlySet<number>, changed: Set<number>): void {
    const missing = new Set([...wanted].filter((inode) => !this.byInode.has(inode)));
    if (missing.size === 0) return;
    for (const pid of pids) {
      if ((this.visited.get(pid)?.files ?? 0) > 0) continue;
      const tasks = `${this.root}/${pid}/task`;
      let threads: string[];
      try {
        threads = fs.readdirSync(tasks);
      } catch {
        continue;
      }
      const other = threads.find((thread) => Number(thread) !== pid);
      if (other === undefined) continue;
      const sockets = new Map<number, Opened>();
      const folder = `${tasks}/${other}/fd`;
      for (const descriptor of this.namesIn(folder)) readDescriptor(folder, descriptor, wanted, sockets);
      if (sockets.size > 0) this.replace(pid, 0, sockets, changed);
    }
  }

  /** Forked workers have the socket under the same number; a passed one has another, but goes to a relative. */
  private findSharers(
    missing: ReadonlySet<number>,
    pids: readonly number[],
    wanted: ReadonlySet<number>,
    changed: Set<number>,
  ): void {
    if (missing.size * pids.length > MOST_PROBES) {
      for (const pid of pids) this.visit(pid, wanted, changed);
      return;
    }
    const visits = new Set<number>();
    for (const inode of missing) {
      for (const holder of this.of(inode)) {
        const descriptor = this.visited.get(holder)?.sockets.get(inode)?.descriptor;
        for (const relative of relativesOf(this.root, holder)) visits.add(relative);
        for (const pid of pids) {
          if (descriptor === undefined || visits.has(pid) || pid === holder) continue;
          const path = `${this.root}/${pid}/fd/${descriptor}`;
          // `existsSync` does not throw, which is what most of these would do.
          if (fs.existsSync(path) && socketInode(path) === inode) visits.add(pid);
        }
      }
    }
    for (const pid of visits) this.visit(pid, wanted, changed);
  }

  private replace(
    pid: number,
    files: number,
    sockets: ReadonlyMap<number, Opened>,
    changed: Set<number>,
  ): void {
    const before = this.visited.get(pid)?.sockets;
    for (const inode of sockets.keys()) if (before?.has(inode) !== true) changed.add(inode);
    for (const inode of before?.keys() ?? []) if (!sockets.has(inode)) changed.add(inode);
    this.remember(pid, files, sockets);
  }

  private remember(pid: number, files: number, sockets: ReadonlyMap<number, Opened>): void {
    const before = this.visited.get(pid)?.sockets;
    this.visited.set(pid, { files, sockets });
    if ((before === undefined || before.size === 0) && sockets.size === 0) return;
    this.entries = undefined;
    for (const inode of before?.keys() ?? []) {
      if (sockets.has(inode)) continue;
      const pids = this.byInode.get(inode);
      pids?.delete(pid);
      if (pids?.size === 0) this.byInode.delete(inode);
    }
    for (const inode of sockets.keys()) {
      const pids = this.byInode.get(inode);
      if (pids === undefined) this.byInode.set(inode, new Set([pid]));
      else pids.add(pid);
    }
  }
}

const NOTHING: ReadonlyMap<number, Opened> = new Map();

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
