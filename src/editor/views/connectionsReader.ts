import type { Clock } from '../../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { sameData } from '../../ports/diff';
import type { ConnectionSummary } from '../../ports/connections';

const EVERY_MS = 4000;

/**
 * Reads the connections of the rows that somebody looks inside, again and again while they stay open and the view is
 * visible. A summary that says the same keeps its object.
 */
export class ConnectionsReader implements Disposable {
  private readonly store = new DisposableStore();
  private readonly emitter = this.store.add(new Emitter<undefined>());
  /** The summaries were replaced. */
  readonly onDidChange = this.emitter.event;
  private readonly followed = new Set<string>();
  private summaries: ReadonlyMap<string, ConnectionSummary> = new Map();
  private timer: Disposable | undefined;
  private visible = false;
  private reading = false;

  constructor(
    private readonly read: (listenerId: string) => Promise<ConnectionSummary | undefined>,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    this.store.add(
      toDisposable(() => {
        this.timer?.dispose();
      }),
    );
  }

  get current(): ReadonlyMap<string, ConnectionSummary> {
    return this.summaries;
  }

  follow(listenerId: string): void {
    if (this.followed.has(listenerId)) return;
    this.followed.add(listenerId);
    this.wake();
  }

  unfollow(listenerId: string): void {
    this.followed.delete(listenerId);
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible) this.wake();
  }

  dispose(): void {
    this.store.dispose();
  }

  private wanted(): boolean {
    return !this.store.isDisposed && this.visible && this.followed.size > 0;
  }

  private wake(): void {
    if (!this.reading) void this.pass();
  }

  private async pass(): Promise<void> {
    this.timer?.dispose();
    if (!this.wanted()) return;
    this.reading = true;
    try {
      for (const id of [...this.followed]) await this.readOne(id);
    } finally {
      this.reading = false;
    }
    if (!this.wanted()) return;
    this.timer = this.clock.after(EVERY_MS, () => {
      this.wake();
    });
  }

  private async readOne(id: string): Promise<void> {
    try {
      const summary = await this.read(id);
      if (this.store.isDisposed) return;
      if (!summary) this.followed.delete(id);
      this.keep(id, summary);
    } catch (error) {
      this.onError(error);
    }
  }

  private keep(id: string, summary: ConnectionSummary | undefined): void {
    const before = this.summaries.get(id);
    if (summary ? before !== undefined && sameConnections(before, summary) : before === undefined) return;
    const next = new Map(this.summaries);
    if (summary) next.set(id, summary);
    else next.delete(id);
    this.summaries = next;
    this.emitter.fire(undefined);
  }
}

function sameConnections(a: ConnectionSummary, b: ConnectionSummary): boolean {
  return sameData({ ...a, takenAt: 0 }, { ...b, takenAt: 0 });
}
