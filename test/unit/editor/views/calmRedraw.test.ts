import assert from 'node:assert/strict';
import { CalmRedraw } from '../../../../src/editor/views/calmRedraw';
import type { Node } from '../../../../src/editor/views/stableTree';
import { FakeClock } from '../../../support/fake-clock';

const node = (id: string): Node<string> => ({
  id,
  look: { label: id, spoken: id, traits: '', expand: 'leaf' },
  subject: id,
  parent: undefined,
});

describe('CalmRedraw', () => {
  const [one, two] = [node('one'), node('two')];
  let clock: FakeClock;
  let fired: (readonly string[] | undefined)[];
  let calm: CalmRedraw<string>;

  beforeEach(() => {
    clock = new FakeClock();
    fired = [];
    calm = new CalmRedraw(clock, (nodes) => fired.push(nodes?.map(({ id }) => id)));
  });

  it('passes a redraw on at once while the editor asks for nothing', () => {
    calm.redraw([one]);
    calm.redraw('none');
    calm.redraw('all');
    assert.deepEqual(fired, [['one'], undefined]);
  });

  it('keeps what comes while the editor unfolds something, and passes it on together', async () => {
    calm.asked();
    calm.redraw([one]);
    await clock.pass(200);
    calm.asked();
    calm.redraw([two, one]);
    await clock.pass(200);
    assert.deepEqual(fired, []);
    await clock.pass(100);
    assert.deepEqual(fired, [['one', 'two']]);
    await clock.pass(1000);
    assert.equal(fired.length, 1);
  });

  it('redraws everything where some of what was kept asks for it', async () => {
    calm.asked();
    calm.redraw([one]);
    calm.redraw('all');
    calm.redraw([two]);
    await clock.pass(1000);
    assert.deepEqual(fired, [undefined]);
  });

  it('fires no more when it is disposed', async () => {
    calm.asked();
    calm.redraw('all');
    calm.dispose();
    await clock.pass(1000);
    assert.deepEqual(fired, []);
    assert.equal(clock.waiting, 0);
  });
});
