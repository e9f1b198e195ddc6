import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/event';
import type { ConnectionSummary } from './connections';
import { applyDelta, sameData, type RowChanges } from './diff';
import type { Snapshot, SnapshotDelta } from './snapshot';
import { SourceError, type ListenerSource, type RefreshDepth } from './source';

export type WatcherState =
  /** Nobody has asked yet. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly snapshot: Snapshot }
  /** The last look failed. The snapshot of the last one that did not is kept: show it as old. */
  | { readonly kind: 'failed'; readonly error: SourceError; readonly snapshot?: Snapshot };

export interface WatcherChange extends RowChanges {
  /** What stands above the rows differs: the kind of state, the error, the machine's facts or the limits. */
  readonly frame: boolean;
}

export interface WatcherOptions {
  /** Between two looks while visible, in ms. */
  readonly intervalMs: number;
  /** Between two looks at every owner again, in ms. */
  readonly fullEveryMs?: number;
  /** While hidden the interval is this many times longer, … */
  readonly hiddenFactor?: number;
  /** … for this long, in ms; after that nothing runs until the view shows again. */
  readonly hiddenForMs?: number;
  /** How long a new row is known as new, in ms. */
  readonly newForMs?: number;
  /** Hears what a subscriber of the change event throws. */
  readonly onError?: (error: unknown) => void;
}

const DEFAULTS = {
  fullEveryMs: 60_000,
  hiddenFactor: 5,
  hiddenForMs: 120_000,
  newForMs: 5_000,
  onError: (): void => undefined,
};
const SLOWEST_RETRY_MS = 60_000;
const WAIT_FIRST_MS = 20;
const WAIT_SLOWEST_MS = 250;
const NOTHING: ReadonlySet<string> = new Set();
const DEPTHS: readonly RefreshDepth[] = ['tick', 'tables', 'full'];

function deeper(a: RefreshDepth, b: RefreshDepth): RefreshDepth {
  return DEPTHS.indexOf(a) > DEPTHS.indexOf(b) ? a : b;
}

/**
 * Keeps the current snapshot. It alone decides when the source is asked, so that no two looks run at once and the cost
 * follows what the user sees: every interval while visible, seldom for a while after, then not at all.
 */
export class ListenerWatcher implements Disposable {
  private readonly store = new DisposableStore();
  private readonly options: Required<WatcherOptions>;
  private readonly emitter: Emitter<WatcherChange>;
  /** Rows, machine facts and limits; told by one event, after the state has changed. */
  readonly onDidChange: Event<WatcherChange>;

  private current: WatcherState = { kind: 'idle' };
  private intervalMs: number;
  private visible = false;
  private hiddenSince = Number.NEGATIVE_INFINITY;
  private lastFull = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private timer: Disposable | undefined;
  private running: Promise<void> | undefined;
  private queued: { depth: RefreshDepth; promise: Promise<void> } | undefined;
  /** When each new row stops being new. */
  private readonly fresh = new Map<string, number>();
  private freshTimer: Disposable | undefined;
  /** Ends each pause that runs. */
  private readonly sleepers = new Set<() => void>();

  constructor(
    private readonly source: ListenerSource,
    private readonly clock: Clock,
    options: WatcherOptions,
  ) {
    this.options = { ...DEFAULTS, ...options };
    this.intervalMs = this.options.intervalMs;
    this.emitter = this.store.add(new Emitter<WatcherChange>(this.options.onError));
    this.onDidChange = this.emitter.event;
    this.store.add(
      toDisposable(() => {
        this.timer?.dispose();
        this.freshTimer?.dispose();
        for (const wake of this.sleepers) wake();
      }),
    );
  }

  get state(): WatcherState {
    return this.current;
  }

  /** The last good snapshot, also while the source fails. */
  get snapshot(): Snapshot | undefined {
    return 'snapshot' in this.current ? this.current.snapshot : undefined;
  }

  /** Whether the row came up a moment ago. Rows of the first snapshot never are new. */
  isNew(id: string): boolean {
    return this.fresh.has(id);
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible || this.store.isDisposed) return;
    this.visible = visible;
    if (visible) void this.refreshNow('tables');
    else {
      this.hiddenSince = this.clock.now();
      this.schedule();
    }
  }

  setIntervalMs(intervalMs: number): void {
    if (intervalMs === this.intervalMs) return;
    this.intervalMs = intervalMs;
    this.schedule();
  }

  /**
   * Looks at once; while a look runs, right after it, and all such requests together with the deepest depth.
   * @returns when a look that began after this call has ended, well or not (`state` tells). Never rejects.
   */
  refreshNow(depth: RefreshDepth): Promise<void> {
    if (this.store.isDisposed) return Promise.resolve();
    if (this.queued) this.queued.depth = deeper(this.queued.depth, depth);
    else if (this.running === undefined) return this.look(depth);
    else this.queued = { depth, promise: this.running.then(() => this.lookQueued()) };
    return this.queued.promise;
  }

  /**
   * Looks again and again, quickly at first, until a snapshot satisfies the predicate.
   * @returns that snapshot; undefined once `timeoutMs` have passed or the watcher is disposed.
   */
  async waitFor(
    predicate: (snapshot: Snapshot) => boolean,
    timeoutMs: number,
    depth: RefreshDepth = 'tables',
  ): Promise<Snapshot | undefined> {
    const deadline = this.clock.now() + timeoutMs;
    for (
      let pauseMs = WAIT_FIRST_MS;
      !this.store.isDisposed;
      pauseMs = Math.min(pauseMs * 1.5, WAIT_SLOWEST_MS)
    ) {
      await this.refreshNow(depth);
      if (this.current.kind === 'ready' && predicate(this.current.snapshot)) return this.current.snapshot;
      const left = deadline - this.clock.now();
      if (left <= 0) return undefined;
      await this.pause(Math.min(pauseMs, left));
    }
    return undefined;
  }

  /** Connections of a listener, read now. Undefined: the listener is gone, or the watcher. */
  async connections(listenerId: string): Promise<ConnectionSummary | undefined> {
    const summary = await this.source.connections(listenerId);
    return this.store.isDisposed ? undefined : summary;
  }

  dispose(): void {
    this.store.dispose();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.dispose();
        this.sleepers.delete(wake);
        resolve();
      };
      const timer = this.clock.after(ms, wake);
      this.sleepers.add(wake);
    });
  }

  private look(depth: RefreshDepth): Promise<void> {
    this.timer?.dispose();
    const now = this.clock.now();
    const isFirst = this.current.kind === 'idle' && depth !== 'full';
    const asked = !isFirst && now - this.lastFull >= this.options.fullEveryMs ? 'full' : depth;
    if (this.current.kind === 'idle') this.become({ kind: 'loading' });
    this.running = this.ask(asked, now).finally(() => {
      this.running = undefined;
      this.schedule();
    });
    return this.running;
  }

  private lookQueued(): Promise<void> {
    const queued = this.queued;
    this.queued = undefined;
    if (!queued || this.store.isDisposed) return Promise.resolve();
    return this.look(queued.depth);
  }

  private async ask(depth: RefreshDepth, now: number): Promise<void> {
    try {
      const delta = await this.source.refresh(depth);
      if (this.store.isDisposed) return;
      if (depth === 'full') this.lastFull = now;
      this.failures = 0;
      // The first answer comes soon and may lack who else shares a socket: the one right after it does not.
      if (this.snapshot === undefined && depth !== 'full') void this.refreshNow('full');
      this.apply(delta);
    } catch (cause) {
      if (this.store.isDisposed) return;
      this.failures++;
      // A source that failed may have lost what it had found: look at everything next time.
      this.lastFull = Number.NEGATIVE_INFINITY;
      const error =
        cause instanceof SourceError
          ? cause
          : new SourceError('internal', cause instanceof Error ? cause.message : String(cause), { cause });
      const snapshot = this.snapshot;
      this.become({ kind: 'failed', error, ...(snapshot && { snapshot }) });
    }
  }

  private apply(delta: SnapshotDelta | undefined): void {
    const before = this.snapshot;
    const machine = delta?.machine ?? before?.machine;
    if (!machine) {
      throw new SourceError('internal', 'The first answer of the source does not tell about the machine');
    }
    if (!delta) {
      if (before && this.current.kind !== 'ready') this.become({ kind: 'ready', snapshot: before });
      return;
    }
    const { rows, changes } = applyDelta(before?.listeners ?? new Map(), delta);
    const snapshot: Snapshot = { takenAt: delta.takenAt, machine, listeners: rows, limits: delta.limits };
    const frame =
      this.current.kind !== 'ready' ||
      !sameData(before?.machine, machine) ||
      !sameData(before?.limits, delta.limits);
    this.current = { kind: 'ready', snapshot };
    if (before) this.markNew(changes.added);
    for (const id of changes.removed) this.fresh.delete(id);
    const moved = changes.added.size + changes.changed.size + changes.removed.size > 0;
    if (moved || frame) this.emitter.fire({ ...changes, frame });
  }

  private become(state: WatcherState): void {
    this.current = state;
    this.emitter.fire({ added: NOTHING, changed: NOTHING, removed: NOTHING, frame: true });
  }

  private markNew(ids: ReadonlySet<string>): void {
    const until = this.clock.now() + this.options.newForMs;
    for (const id of ids) this.fresh.set(id, until);
    this.ageSoon();
  }

  /** One timer for the row that is new the shortest: rows are kept in the order of their ends. */
  private ageSoon(): void {
    const [soonest] = this.fresh.values();
    if (this.freshTimer !== undefined || soonest === undefined) return;
    this.freshTimer = this.clock.after(Math.max(0, soonest - this.clock.now()), () => {
      this.freshTimer = undefined;
      const now = this.clock.now();
      const aged = [...this.fresh].filter(([, until]) => until <= now).map(([id]) => id);
      for (const id of aged) this.fresh.delete(id);
      this.ageSoon();
      if (aged.length > 0) {
        this.emitter.fire({ added: NOTHING, changed: new Set(aged), removed: NOTHING, frame: false });
      }
    });
  }

  private schedule(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const waitMs = this.waitMs();
    if (waitMs === undefined || this.running || this.store.isDisposed) return;
    this.timer = this.clock.after(waitMs, () => {
      if (this.running === undefined) void this.look('tick');
    });
  }

  /** Until the next look by itself; undefined for none. */
  private waitMs(): number | undefined {
    const unsupported = this.current.kind === 'failed' && this.current.error.code === 'unsupported-platform';
    if (unsupported) return undefined;
    const hiddenForMs = this.clock.now() - this.hiddenSince;
    if (!this.visible && hiddenForMs >= this.options.hiddenForMs) return undefined;
    const usual = this.visible ? this.intervalMs : this.intervalMs * this.options.hiddenFactor;
    return this.failures === 0
      ? usual
      : Math.min(usual * 2 ** this.failures, Math.max(usual, SLOWEST_RETRY_MS));
  }
}
