import type { Disposable } from '../../base/disposable';
import { DisposableStore } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { compareSessions, type Comparison } from '../../scan/compare';
import type { ScanProgress } from '../../scan/report';
import type { ScanSession } from '../../scan/session';
import type { HostCheck, HostRecord, SessionData } from '../../scan/sessionData';

/** More ended sessions than this are forgotten, the oldest first. */
export const MOST_SESSIONS = 20;

/** A session as the view shows it. */
export interface SessionEntry {
  readonly id: string;
  readonly data: SessionData;
  readonly progress?: ScanProgress;
  readonly comparison?: { readonly with: SessionData; readonly result: Comparison };
}

interface Kept extends Disposable {
  data: SessionData;
  readonly live?: { readonly session: ScanSession; readonly cancel: () => void };
  stale: boolean;
  comparison?: SessionEntry['comparison'];
  /** What was checked since it was made, by address. */
  readonly checks: Map<string, HostCheck[]>;
}

/** What happened to one session: all but `updated` are worth storing at once. */
export interface ListChange {
  readonly id: string;
  readonly kind: 'added' | 'updated' | 'checked' | 'ended' | 'removed';
}

/** The sessions of the view, the newest first; running ones are read only when somebody looks. */
export class SessionList implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new Emitter<ListChange>());
  readonly onDidChange = this.changes.event;
  private readonly kept = new Map<string, Kept>();

  /** Follows a scan that has just begun. @param cancel ends it */
  follow(session: ScanSession, cancel: () => void): void {
    const subscription = session.onDidChange(() => {
      const kept = this.kept.get(session.id);
      if (kept === undefined) return;
      kept.stale = true;
      if (!session.running) subscription.dispose();
      this.changes.fire({ id: session.id, kind: session.running ? 'updated' : 'ended' });
    });
    this.kept.set(session.id, {
      data: session.data(),
      live: { session, cancel },
      stale: false,
      checks: new Map(),
      dispose: () => {
        subscription.dispose();
      },
    });
    this.forgetOldest();
    this.changes.fire({ id: session.id, kind: 'added' });
  }

  /** @param isNew false for what was stored before, and need not be stored again */
  add(data: SessionData, isNew = true): void {
    this.kept.set(data.id, { data, stale: false, checks: new Map(), dispose: () => undefined });
    this.forgetOldest();
    this.changes.fire({ id: data.id, kind: isNew ? 'added' : 'updated' });
  }

  get all(): SessionEntry[] {
    return [...this.kept.keys()]
      .flatMap((id) => this.get(id) ?? [])
      .sort((a, b) => b.data.startedAt - a.data.startedAt || (a.id < b.id ? 1 : -1));
  }

  get(id: string): SessionEntry | undefined {
    const kept = this.kept.get(id);
    if (kept === undefined) return undefined;
    if (kept.stale && kept.live !== undefined) {
      kept.data = withChecks(kept.live.session.data(), kept.checks);
      kept.stale = false;
    }
    const { data, live, comparison } = kept;
    const progress = live?.session.running === true ? live.session.progress : undefined;
    return { id, data, ...(progress && { progress }), ...(comparison && { comparison }) };
  }

  host(id: string, address: string): HostRecord | undefined {
    return this.get(id)?.data.hosts.find((host) => host.address === address);
  }

  /** Keeps what a check found with its port, in place of what an earlier one did. */
  addCheck(id: string, check: HostCheck): void {
    const kept = this.kept.get(id);
    if (kept === undefined) return;
    const { address } = check.result;
    kept.checks.set(address, withCheck(kept.checks.get(address), check));
    kept.data = withChecks(kept.data, kept.checks);
    this.changes.fire({ id, kind: 'checked' });
  }

  cancel(id: string): void {
    this.kept.get(id)?.live?.cancel();
  }

  /** Ends what runs, and forgets it. */
  remove(id: string): void {
    const kept = this.kept.get(id);
    if (kept === undefined) return;
    kept.live?.cancel();
    kept.dispose();
    this.kept.delete(id);
    this.changes.fire({ id, kind: 'removed' });
  }

  compare(id: string, earlierId: string): void {
    const [kept, earlier] = [this.kept.get(id), this.get(earlierId)];
    const data = this.get(id)?.data;
    if (kept === undefined || data === undefined || earlier === undefined) return;
    kept.comparison = { with: earlier.data, result: compareSessions(earlier.data, data) };
    this.changes.fire({ id, kind: 'updated' });
  }

  private forgetOldest(): void {
    const ended = this.all.filter(({ data }) => data.status.kind !== 'running');
    for (const { id } of ended.slice(MOST_SESSIONS)) this.remove(id);
  }

  dispose(): void {
    for (const kept of this.kept.values()) {
      kept.live?.cancel();
      kept.dispose();
    }
    this.store.dispose();
  }
}

/** Checks that the data has already stay, unless there is a newer one of the same port. */
function withChecks(data: SessionData, checks: ReadonlyMap<string, readonly HostCheck[]>): SessionData {
  if (checks.size === 0) return data;
  const hosts = data.hosts.map((host) => {
    const newer = checks.get(host.address);
    return newer === undefined
      ? host
      : {
          ...host,
          checks: newer.reduce<readonly HostCheck[]>(
            (all, check) => withCheck(all, check),
            host.checks ?? [],
          ),
        };
  });
  return { ...data, hosts };
}

/** One check a port: an earlier one of the same port goes. */
function withCheck(checks: readonly HostCheck[] = [], check: HostCheck): HostCheck[] {
  const { port, transport } = check.result;
  const others = checks.filter(({ result }) => result.port !== port || result.transport !== transport);
  return [...others, check];
}
