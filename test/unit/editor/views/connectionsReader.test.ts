import assert from 'node:assert/strict';
import type { Clock } from '../../../../src/base/clock';
import { ConnectionsReader } from '../../../../src/editor/views/connectionsReader';
import type { ConnectionSummary } from '../../../../src/ports/connections';

/** Time that stands still until the test lets a timer run. */
class StillClock implements Clock {
  readonly timers: (() => void)[] = [];
  now(): number {
    return 0;
  }
  after(_ms: number, callback: () => void): { dispose: () => void } {
    this.timers.push(callback);
    return {
      dispose: () => {
        const at = this.timers.indexOf(callback);
        if (at >= 0) this.timers.splice(at, 1);
      },
    };
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function summary(established: number, takenAt: number): ConnectionSummary {
  return { takenAt, byState: { ESTABLISHED: established }, peers: [], peersTotal: 0 };
}

describe('ConnectionsReader', () => {
  let clock: StillClock;
  let asked: string[];
  let answer: (id: string) => ConnectionSummary | undefined;
  let errors: unknown[];
  let reader: ConnectionsReader;

  beforeEach(() => {
    clock = new StillClock();
    asked = [];
    errors = [];
    answer = () => summary(1, asked.length);
    const read = (id: string): Promise<ConnectionSummary | undefined> => {
      asked.push(id);
      return Promise.resolve(answer(id));
    };
    reader = new ConnectionsReader(read, clock, (error) => errors.push(error));
  });

  it('reads nothing while nobody looks', async () => {
    reader.follow('a');
    await settled();
    assert.deepEqual(asked, []);
    reader.setVisible(true);
    await settled();
    assert.deepEqual(asked, ['a']);
  });

  it('reads again on time while somebody looks, and not after', async () => {
    reader.setVisible(true);
    reader.follow('a');
    await settled();
    clock.timers.shift()?.();
    await settled();
    assert.deepEqual(asked, ['a', 'a']);
    reader.unfollow('a');
    clock.timers.shift()?.();
    await settled();
    assert.deepEqual(asked, ['a', 'a']);
    assert.deepEqual(clock.timers, []);
  });

  it('tells only of what changed, and keeps the object of what did not', async () => {
    let told = 0;
    reader.onDidChange(() => told++);
    reader.setVisible(true);
    reader.follow('a');
    await settled();
    const before = reader.current.get('a');
    clock.timers.shift()?.();
    await settled();
    assert.equal(told, 1);
    assert.equal(reader.current.get('a'), before);
    answer = () => summary(2, 9);
    clock.timers.shift()?.();
    await settled();
    assert.equal(told, 2);
  });

  it('forgets a listener that is gone, and goes on after an error', async () => {
    reader.setVisible(true);
    reader.follow('a');
    await settled();
    answer = () => undefined;
    clock.timers.shift()?.();
    await settled();
    assert.equal(reader.current.size, 0);
    answer = () => {
      throw new Error('boom');
    };
    reader.follow('b');
    await settled();
    assert.equal(errors.length, 1);
    assert.equal(clock.timers.length, 1);
  });

  it('is silent once disposed, also about an answer that comes late', async () => {
    let told = 0;
    reader.onDidChange(() => told++);
    reader.setVisible(true);
    reader.follow('a');
    reader.dispose();
    await settled();
    assert.equal(told, 0);
    assert.deepEqual(clock.timers, []);
  });
});
