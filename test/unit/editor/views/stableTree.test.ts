import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Look } from '../../../../src/editor/views/look';
import { StableTree, type Draft, type Redraw } from '../../../../src/editor/views/stableTree';

type Plan = Readonly<Record<string, readonly string[]>>;

function look(label: string): Look {
  return { label, spoken: label, traits: '', expand: 'collapsed' };
}

function leaf(id: string, label = id): Draft<string> {
  return { id, look: look(label), subject: id, children: [] };
}

function drafts(plan: Plan, labels: Readonly<Record<string, string>> = {}): Draft<string>[] {
  return Object.entries(plan).map(([id, rows]) => ({
    ...leaf(id),
    children: rows.map((row) => leaf(row, labels[row])),
  }));
}

function ids(redraw: Redraw<string>): string | readonly string[] {
  return typeof redraw === 'string' ? redraw : redraw.map(({ id }) => id);
}

function opened(plan: Plan): StableTree<string> {
  const tree = new StableTree<string>();
  tree.apply(drafts(plan));
  for (const root of tree.roots) tree.childrenOf(root);
  return tree;
}

describe('StableTree', () => {
  it('redraws nothing where nothing changed', () => {
    const tree = opened({ a: ['1', '2'], b: [] });
    assert.equal(tree.apply(drafts({ a: ['1', '2'], b: [] })), 'none');
  });

  it('redraws only the row that looks different, and keeps its element', () => {
    const tree = opened({ a: ['1', '2'] });
    const before = tree.find('2');
    assert.deepEqual(ids(tree.apply(drafts({ a: ['1', '2'] }, { 2: 'other' }))), ['2']);
    assert.equal(tree.find('2'), before);
    assert.equal(before?.look.label, 'other');
  });

  it('redraws a group when its rows come, go or change places, and the root when groups do', () => {
    const tree = opened({ a: ['1', '2'], b: ['3'] });
    assert.deepEqual(ids(tree.apply(drafts({ a: ['1', '2', '4'], b: ['3'] }))), ['a']);
    assert.deepEqual(ids(tree.apply(drafts({ a: ['2', '1', '4'], b: ['3'] }))), ['a']);
    assert.deepEqual(ids(tree.apply(drafts({ a: ['2'], b: ['3'] }))), ['a']);
    assert.equal(tree.apply(drafts({ b: ['3'] })), 'all');
  });

  it('redraws everything when a row moves to another group, whichever comes first, and keeps the element', () => {
    for (const target of ['a', 'c']) {
      const tree = opened({ a: [], b: ['1'], c: [] });
      const row = tree.find('1');
      assert.equal(tree.apply(drafts({ a: [], b: [], c: [], [target]: ['1'] })), 'all');
      assert.equal(tree.find('1'), row);
      assert.equal(row?.parent?.id, target);
    }
  });

  it('forgets what vanished, and answers for it without an error', () => {
    const tree = opened({ a: ['1'] });
    const row = tree.find('1')!;
    tree.apply(drafts({ a: [] }));
    assert.equal(tree.find('1'), undefined);
    assert.deepEqual(tree.childrenOf(row), []);
    assert.ok(tree.isNode(row));
    assert.ok(!tree.isNode({ ...row }));
  });

  it('makes children only once somebody looks inside, and then keeps them current', () => {
    let made = 0;
    const draft = (label: string): Draft<string> => ({
      ...leaf('row'),
      children: () => {
        made++;
        return [leaf('detail', label)];
      },
    });
    const tree = new StableTree<string>();
    tree.apply([draft('one')]);
    tree.apply([draft('two')]);
    assert.equal(made, 0);
    tree.childrenOf(tree.roots[0]!);
    assert.deepEqual(ids(tree.apply([draft('three')])), ['detail']);
    assert.equal(tree.find('detail')?.look.label, 'three');
  });

  it('never tells of a row that its group tells of already', () => {
    const tree = opened({ a: ['1', '2'] });
    assert.deepEqual(ids(tree.apply(drafts({ a: ['1', '2', '3'] }, { 1: 'other' }))), ['a']);
  });

  it('shows what it was last told, whatever came before, with one element for each id', () => {
    const rows = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4', '5', '6'), { maxLength: 6 });
    const step = fc.tuple(rows, fc.integer({ min: 0, max: 6 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const tree = new StableTree<string>();
        for (const [all, cut, open] of steps) {
          const plan = { a: all.slice(0, cut), b: all.slice(cut) };
          tree.apply(drafts(plan));
          if (!open && cut !== 3) continue;
          for (const root of tree.roots) {
            const shown = tree.childrenOf(root).map(({ id }) => id);
            assert.deepEqual(shown, plan[root.id as 'a' | 'b']);
            for (const child of tree.childrenOf(root)) {
              assert.equal(child.parent, root);
              assert.equal(tree.find(child.id), child);
            }
          }
        }
      }),
    );
  });
});
