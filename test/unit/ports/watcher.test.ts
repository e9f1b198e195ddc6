import assert from 'node:assert/strict';
import type { SnapshotDelta } from '../../../src/ports/snapshot';
import { SourceError, type ListenerSource, type RefreshDepth } from '../../../src/ports/source';
import {
  ListenerWatcher,
  type WatcherChange,
  type WatcherOptions,
  type WatcherState,
} from '../../../src/ports/watcher';
import { FakeClock, settled } from '../../support/fake-clock';
import { aListener, aSnapshot } from '../editor/views/sample';

const MACHINE = aSnapshot([]).machine;

type Answer = SnapshotDelta | undefined | Error;

/** Answers what the test has put into `next`, at once or when the test lets it. */
class FakeSource implements ListenerSource {
  readonly asked: RefreshDepth[] = [];
  next: Answer = delta([]);
  held: (() => void)[] | undefined;
  atOnce = 0;
  mostAtOnce = 0;

  async refresh(depth: RefreshDepth): Promise<SnapshotDelta | undefined> {
    this.asked.push(depth);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    const answer = this.next;
    this.next = undefined;
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    this.atOnce--;
    if (answer instanceof Error) throw answer;
    return answer;
  }

  connections(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  release(): void {
    for (const resolve of this.held?.splice(0) ?? []) resolve();
  }
}

function delta(
  changed: readonly ReturnType<typeof aListener>[],
  removed: readonly string[] = [],
): SnapshotDelta {
  return { takenAt: 1, machine: MACHINE, changed, removed, limits: [] };
}

function watch(options: Partial<WatcherOptions> = {}) {
  const clock = new FakeClock();
  const source = new FakeSource();
  const watcher = new ListenerWatcher(source, clock, { intervalMs: 2000, ...options });
  const events: WatcherChange[] = [];
  watcher.onDidChange((event) => events.push(event));
  return { clock, source, watcher, events };
}

// Through functions, so that the compiler does not take the state for unchanged between two looks at it.
const kindOf = (watcher: ListenerWatcher): string => watcher.state.kind;
const isInternal = (state: WatcherState): boolean =>
  state.kind === 'failed' && state.error.code === 'internal';
const idsOf = (watcher: ListenerWatcher): string[] => [...(watcher.snapshot?.listeners.keys() ?? [])];

const A = aListener({ port: 3000 });
const B = aListener({ port: 4000 });

describe('ListenerWatcher', () => {
  it('does nothing until somebody looks', async () => {
    const { clock, source, watcher } = watch();
    await clock.pass(600_000);
    assert.deepEqual(source.asked, []);
    assert.equal(kindOf(watcher), 'idle');
  });

  it('goes from loading to ready with everything added, and then looks at every owner', async () => {
    const { source, watcher, events } = watch();
    source.next = delta([A]);
    const refreshed = watcher.refreshNow('tick');
    assert.equal(kindOf(watcher), 'loading');
    await refreshed;
    assert.equal(kindOf(watcher), 'ready');
    assert.deepEqual(idsOf(watcher), [A.id]);
    await settled();
    assert.deepEqual(source.asked, ['tick', 'full']);
    assert.deepEqual(events.at(-1)?.added, new Set([A.id]));
    assert.equal(watcher.isNew(A.id), false);
  });

  it('tells what changed once, and nothing for a row that came as it was', async () => {
    const { source, watcher, events } = watch();
    source.next = delta([A, B]);
    await watcher.refreshNow('tick');
    events.length = 0;
    source.next = delta([structuredClone(A)]);
    await watcher.refreshNow('tables');
    assert.equal(events.length, 0);
    assert.equal(watcher.snapshot?.listeners.get(A.id), A);
    source.next = delta([{ ...A, scope: 'wildcard' }], [B.id]);
    await watcher.refreshNow('tables');
    assert.deepEqual(events, [
      { added: new Set(), changed: new Set([A.id]), removed: new Set([B.id]), frame: false },
    ]);
  });

  it('looks every interval while visible, seldom for a while when hidden, then not at all', async () => {
    const { clock, source, watcher } = watch({ hiddenFactor: 5, hiddenForMs: 30_000, fullEveryMs: 1e9 });
    watcher.setVisible(true);
    await clock.pass(10_000);
    assert.deepEqual(source.asked, ['tables', 'full', 'tick', 'tick', 'tick', 'tick', 'tick']);
    watcher.setVisible(false);
    source.asked.length = 0;
    await clock.pass(30_000);
    assert.deepEqual(source.asked, ['tick', 'tick', 'tick']);
    await clock.pass(3_600_000);
    assert.equal(source.asked.length, 3);
    assert.equal(clock.waiting, 0);
    watcher.setVisible(true);
    await settled();
    assert.deepEqual(source.asked.at(-1), 'tables');
  });

  it('takes another interval at once', async () => {
    const { clock, source, watcher } = watch();
    watcher.setVisible(true);
    await clock.pass(0);
    watcher.setIntervalMs(500);
    source.asked.length = 0;
    await clock.pass(1000);
    assert.equal(source.asked.length, 2);
  });

  it('looks at every owner again each minute', async () => {
    const { clock, source, watcher } = watch();
    watcher.setVisible(true);
    await clock.pass(120_000);
    assert.equal(source.asked.filter((depth) => depth === 'full').length, 3);
  });

  it('never looks twice at once; requests meanwhile are one, with the deepest depth', async () => {
    const { source, watcher } = watch();
    source.held = [];
    const first = watcher.refreshNow('tick');
    const others = [watcher.refreshNow('tick'), watcher.refreshNow('full'), watcher.refreshNow('tables')];
    assert.equal(source.asked.length, 1);
    source.release();
    await first;
    await settled();
    assert.deepEqual(source.asked, ['tick', 'full']);
    source.next = delta([]);
    source.release();
    await Promise.all(others);
    assert.equal(source.asked.length, 2);
    assert.equal(source.mostAtOnce, 1);
  });

  it('keeps the last snapshot through failures, waits longer each time, and recovers by a full look', async () => {
    const { clock, source, watcher } = watch({ fullEveryMs: 1e9 });
    source.next = delta([A]);
    watcher.setVisible(true);
    await clock.pass(0);
    source.next = new SourceError('timeout', 'too slow');
    await clock.pass(2000);
    assert.equal(kindOf(watcher), 'failed');
    assert.equal(watcher.snapshot?.listeners.size, 1);
    source.asked.length = 0;
    await clock.pass(3999);
    assert.deepEqual(source.asked, []);
    source.next = new Error('boom');
    await clock.pass(1);
    assert.ok(isInternal(watcher.state));
    await clock.pass(7999);
    assert.equal(source.asked.length, 1);
    source.next = { ...delta([B]), complete: true };
    await clock.pass(1);
    assert.deepEqual(source.asked, ['full', 'full']);
    assert.equal(kindOf(watcher), 'ready');
    assert.deepEqual(idsOf(watcher), [B.id]);
  });

  it('does not go on by itself where the platform is not supported, but does when asked', async () => {
    const { clock, source, watcher } = watch();
    source.next = new SourceError('unsupported-platform', 'no');
    watcher.setVisible(true);
    await clock.pass(600_000);
    assert.equal(source.asked.length, 1);
    await watcher.refreshNow('tables');
    assert.equal(source.asked.length, 2);
  });

  it('knows a new row as new for a moment, and tells when that ends', async () => {
    const { clock, source, watcher, events } = watch({ newForMs: 5000 });
    await watcher.refreshNow('tick');
    source.next = delta([A]);
    await watcher.refreshNow('tables');
    await clock.pass(1000);
    source.next = delta([B]);
    await watcher.refreshNow('tables');
    events.length = 0;
    await clock.pass(4000);
    assert.deepEqual([watcher.isNew(A.id), watcher.isNew(B.id)], [false, true]);
    assert.deepEqual(events, [
      { added: new Set(), changed: new Set([A.id]), removed: new Set(), frame: false },
    ]);
    await clock.pass(1000);
    assert.equal(watcher.isNew(B.id), false);
    assert.equal(clock.waiting, 0);
  });

  it('waits for a snapshot that satisfies, by looking again and again', async () => {
    const { clock, source, watcher } = watch();
    source.next = delta([A]);
    await watcher.refreshNow('tick');
    const gone = watcher.waitFor((snapshot) => !snapshot.listeners.has(A.id), 5000);
    await clock.pass(100);
    source.next = delta([], [A.id]);
    await clock.pass(500);
    assert.equal((await gone)?.listeners.size, 0);
    const never = watcher.waitFor((snapshot) => snapshot.listeners.has(A.id), 1000);
    await clock.pass(1000);
    assert.equal(await never, undefined);
    assert.equal(clock.waiting, 0);
  });

  it('drops what comes after it is disposed, ends waits, and leaves no timer', async () => {
    const { clock, source, watcher, events } = watch();
    watcher.setVisible(true);
    await settled();
    const waiting = watcher.waitFor(() => false, 60_000);
    await settled();
    source.held = [];
    source.next = delta([A]);
    const late = watcher.refreshNow('tables');
    events.length = 0;
    watcher.dispose();
    source.release();
    await late;
    assert.equal(await waiting, undefined);
    assert.equal(watcher.snapshot?.listeners.size, 0);
    assert.deepEqual(events, []);
    assert.equal(clock.waiting, 0);
    await watcher.refreshNow('full');
    watcher.setVisible(false);
    assert.equal(clock.waiting, 0);
  });
});
