import type { ConnectionSummary } from '../../ports/connections';
import type { GroupingFacts, ListeningSocket } from '../../ports/grouping';
import type { Process } from '../../ports/owner';
import type { Limit, MachineFacts, SnapshotDelta } from '../../ports/snapshot';
import { SourceError, type RefreshDepth } from '../../ports/source';
import { isMapped } from './address';
import { connectionsOf, Mirror, summarizeConnections } from './connections';
import { tryReadText } from './files';
import { Holders } from './holders';
import { hidepidLimit, readDualStackDefault, readMachineFacts } from './machine-facts';
import { ListenerModel } from './model';
import { ProcessReader } from './process';
import { ProcessCache } from './process-cache';
import { SocketTables, type Held, type SocketRow } from './socket-tables';
import { CLOSE_WAIT, ESTABLISHED, LISTEN, SYN_RECV } from './tables';

/** How often what a tick cannot notice is looked at again, in ms: forks that inherited a socket, */
const FORKS_MS = 30_000;
/** sockets that were handed to a process, programs that became others, the machine itself, */
const CATCH_UP_MS = 2 * 60_000;
/** what the counters of the kernel did not show, */
const TABLES_MS = 60_000;
/** The same where the last listener of a table has no visible holder (SocketTables.hasBlindSpot). */
const BLIND_TABLES_MS = 10_000;
/** and everything, from the beginning. */
const WALK_MS = 30 * 60_000;
/** The same before kernel 6.2, which does not tell how many files a process has open. */
const WALK_UNCOUNTED_MS = 60_000;

/** `::` as the tables print it. */
const ANY_IPV6 = '0'.repeat(32);

export interface ReaderOptions {
  /** Another folder than /proc in tests. */
  readonly root?: string;
  readonly now?: () => number;
}

/** Reads this machine's listeners from /proc: synchronous, meant for a thread of its own. */
export class LinuxReader {
  private readonly root: string;
  private readonly now: () => number;
  private readonly processes: ProcessReader;
  private readonly cache: ProcessCache;
  private readonly tables: SocketTables;
  private readonly holders: Holders;
  private readonly model = new ListenerModel();
  /** Sockets of IPv6 that were seen to accept a connection over IPv4. */
  private readonly dual = new Set<number>();
  private machine: MachineFacts | undefined;
  private hasAnswered = false;
  private limits: readonly Limit[] = [];
  private hidepid: Limit | undefined;
  private dualStackDefault: GroupingFacts['dualStackDefault'] = 'probable';
  private blindSince = Infinity;
  private readonly last = { forks: -Infinity, catchUp: -Infinity, tables: -Infinity, walk: -Infinity };

  constructor({ root = '/proc', now = Date.now }: ReaderOptions = {}) {
    this.root = root;
    this.now = now;
    this.processes = new ProcessReader(root);
    this.cache = new ProcessCache(this.processes, root, now);
    this.tables = new SocketTables(root);
    this.holders = new Holders(root);
  }

  /**
   * @returns what changed since the last answer, the first time everything; undefined where nothing did.
   * @throws SourceError `no-proc`
   */
  refresh(depth: RefreshDepth): SnapshotDelta | undefined {
    const isFirst = !this.hasAnswered;
    const now = this.now();
    // The very first answer is wanted soon: it names an owner of each socket, and the next look all of them.
    const glance = isFirst && depth !== 'full';
    const walk = !glance && (depth === 'full' || now - this.last.walk >= this.walkInterval());
    const force = isFirst || walk || depth === 'tables' || this.areTablesDue(now);
    const catchUp = !isFirst && !walk && (depth === 'tables' || now - this.last.catchUp >= CATCH_UP_MS);
    const changedMachine = isFirst || walk || catchUp ? this.changedMachine() : undefined;
    const rowsChanged = this.look(force);
    // Looks that failed were no answers.
    const machine = isFirst ? this.machine : changedMachine;
    this.hasAnswered = true;
    if (force) this.last.tables = now;
    if (rowsChanged) this.takeRows(isFirst || walk);
    if (glance) this.model.touch(this.holders.glance(this.model.inodes));
    else this.checkHolders(walk, catchUp, now);
    this.checkProcesses(walk || catchUp);
    if ((isFirst || walk) && this.mayBeDual()) this.learnDualStack(this.tables.readAll('tcp'));
    const { changed, removed } = this.model.regroup(this.facts());
    if (catchUp || walk) this.cache.keepOnly(this.shownPids());
    const limitsChanged =
      (rowsChanged || changed.length > 0 || removed.length > 0 || walk) && this.updateLimits();
    if (!isFirst && machine === undefined && !limitsChanged && changed.length === 0 && removed.length === 0) {
      return undefined;
    }
    const { limits } = this;
    return { takenAt: now, ...(machine === undefined ? {} : { machine }), changed, removed, limits };
  }

  /** Reads the tables whole, and who is at the other ends. Undefined: no such listener. */
  connections(listenerId: string): ConnectionSummary | undefined {
    const listener = this.model.listeners.get(listenerId);
    if (listener === undefined) return undefined;
    const rows = this.tables.readAll(listener.protocol);
    if (listener.protocol === 'tcp') this.learnDualStack(rows);
    const own = connectionsOf(listener, rows);
    const mirror = new Mirror(rows);
    const others = new Set(own.map((row) => mirror.inodeOf(row) ?? 0).filter((inode) => inode > 0));
    const holders = new Holders(this.root);
    if (others.size > 0) holders.walkAll(others);
    const addresses = new Set(this.machine?.addresses);
    const isOwn = (address: string): boolean =>
      address === '::1' || address.startsWith('127.') || addresses.has(address);
    const processOf = (inode: number): { pid: number; name: string } | undefined => {
      const pid = holders.of(inode)[0];
      const stat = pid === undefined ? undefined : this.processes.stat(pid);
      return stat === undefined ? undefined : { pid: stat.pid, name: stat.name };
    };
    return summarizeConnections(own, mirror, isOwn, processOf, this.now());
  }

  close(): void {
    this.tables.close();
  }

  private look(force: boolean): boolean {
    try {
      return this.tables.look(force, (inode) => this.held(inode));
    } catch (error) {
      throw new SourceError(
        'no-proc',
        `The socket tables in ${this.root}/net cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }

  private held(inode: number): Held {
    if (this.holders.isHeldByNobody(inode)) return 'unknown';
    return this.holders.stillHeld(inode) ? 'held' : 'gone';
  }

  private takeRows(walkFollows: boolean): void {
    const { added, gone } = this.model.take(this.tables.listening);
    this.holders.forgetSockets(gone);
    for (const inode of gone) this.dual.delete(inode);
    if (!walkFollows && added.size > 0) this.model.touch(this.holders.find(added, this.model.inodes));
  }

  private checkHolders(walk: boolean, catchUp: boolean, now: number): void {
    const wanted = this.model.inodes;
    if (walk) {
      this.model.touch(this.holders.walkAll(wanted));
      this.last.walk = this.last.catchUp = this.last.forks = now;
      return;
    }
    if (catchUp || now - this.last.forks >= FORKS_MS) {
      this.model.touch(this.holders.catchUp(wanted, catchUp));
      this.last.forks = now;
      if (catchUp) this.last.catchUp = now;
    }
    const lost = this.holders.check(catchUp);
    if (lost.size === 0) return;
    this.model.touch(lost);
    this.model.touch(this.holders.find(lost, wanted));
  }

  private checkProcesses(all: boolean): void {
    if (this.cache.check(all ? 'all' : 'young').size > 0) this.model.touchAll();
  }

  /** Whether reading all connections could teach anything of a listener. */
  private mayBeDual(): boolean {
    return this.tables.listening.some(
      ({ protocol, rows }) =>
        protocol === 'tcp' && rows.some(({ local, inode }) => local === ANY_IPV6 && !this.dual.has(inode)),
    );
  }

  /** Rows of TCP, connections included: what was accepted over IPv4 by a socket of IPv6 proves it. */
  private learnDualStack(rows: readonly SocketRow[]): void {
    const listening = rows.filter(({ state, family }) => state === LISTEN && family === 'ipv6');
    const accepted = new Set<number>();
    for (const { state, local, localPort } of rows) {
      const isLive = state === ESTABLISHED || state === SYN_RECV || state === CLOSE_WAIT;
      if (isLive && isMapped(local)) accepted.add(localPort);
    }
    // A socket that is itself bound to a mapped address accepts such connections too, and then they prove nothing.
    for (const { local, localPort } of listening) if (isMapped(local)) accepted.delete(localPort);
    const learned = listening
      .filter(({ localPort, inode }) => accepted.has(localPort) && !this.dual.has(inode))
      .map(({ inode }) => inode);
    for (const inode of learned) this.dual.add(inode);
    this.model.touch(learned);
  }

  private facts(): GroupingFacts {
    return {
      holders: (inode) => this.processesOf(inode),
      parents: (process) => this.cache.parents(process),
      isHidden: (socket) => this.isHidden(socket),
      userName: (uid) => this.processes.users.name(uid),
      servesBoth: (inode) => this.dual.has(inode),
      dualStackDefault: this.dualStackDefault,
      ephemeralPorts: this.machine?.ephemeralPorts ?? [0, 0],
    };
  }

  private processesOf(inode: number): Process[] {
    return this.holders.of(inode).flatMap((pid) => this.cache.get(pid) ?? []);
  }

  private isHidden({ uid }: ListeningSocket): boolean {
    const own = this.machine?.uid;
    // What root does not see is not another user's: it may be the kernel's, or hidden from everybody.
    return own !== 0 && (own !== uid || this.holders.isHiddenUid(uid));
  }

  private changedMachine(): MachineFacts | undefined {
    const facts = readMachineFacts(this.root);
    this.hidepid = hidepidLimit(tryReadText('/proc/mounts') ?? '', facts.uid, process.getgroups?.() ?? []);
    const dualStackDefault = readDualStackDefault(this.root);
    if (dualStackDefault !== this.dualStackDefault) this.model.touchAll();
    this.dualStackDefault = dualStackDefault;
    if (JSON.stringify(facts) === JSON.stringify(this.machine)) return undefined;
    this.machine = facts;
    this.model.touchAll();
    return facts;
  }

  private shownPids(): Set<number> {
    const pids = new Set<number>();
    for (const { owner } of this.model.listeners.values()) {
      if (!('process' in owner)) continue;
      for (const { pid } of [owner.process, ...owner.parents, ...owner.coOwners]) pids.add(pid);
    }
    return pids;
  }

  private updateLimits(): boolean {
    const limits: Limit[] = this.tables.limits();
    let listeners = 0;
    for (const { owner } of this.model.listeners.values()) if (owner.kind === 'hidden') listeners++;
    if (listeners > 0) limits.push({ code: 'owners-hidden', listeners });
    if (this.hidepid !== undefined) limits.push(this.hidepid);
    const changed = JSON.stringify(limits) !== JSON.stringify(this.limits);
    this.limits = limits;
    return changed;
  }

  private walkInterval(): number {
    return this.holders.countsFiles ? WALK_MS : WALK_UNCOUNTED_MS;
  }

  private areTablesDue(now: number): boolean {
    const age = now - this.last.tables;
    const isBlind = this.tables.hasBlindSpot((inode) => this.holders.isHeldByNobody(inode));
    this.blindSince = isBlind ? Math.min(this.blindSince, now) : Infinity;
    // A socket whose holder was just about to end looks the same, and its place may soon be another's.
    if (now - this.blindSince < BLIND_TABLES_MS && isBlind) return true;
    return age >= (isBlind ? BLIND_TABLES_MS : TABLES_MS);
  }
}
