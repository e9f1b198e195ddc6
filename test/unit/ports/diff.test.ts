import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyDelta, sameData } from '../../../src/ports/diff';
import { aListener } from '../editor/views/sample';

describe('sameData', () => {
  it('agrees with deep equality for anything that can be cloned as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        assert.ok(sameData(a, structuredClone(a)));
        let equal = true;
        try {
          assert.deepEqual(a, b);
        } catch {
          equal = false;
        }
        assert.equal(sameData(a, b), equal);
      }),
    );
  });

  it('takes an absent field for undefined, and an array for no object', () => {
    assert.ok(sameData({ a: 1, b: undefined }, { a: 1 }));
    assert.ok(!sameData({ a: 1 }, { a: 1, b: null }));
    assert.ok(!sameData([], {}));
  });
});

describe('applyDelta', () => {
  const rows = fc
    .uniqueArray(fc.integer({ min: 1, max: 12 }))
    .chain((ports) =>
      fc.tuple(
        ...ports.map((port) =>
          fc.constantFrom('loopback', 'wildcard').map((scope) => aListener({ port, scope })),
        ),
      ),
    );
  const mapOf = (list: readonly ReturnType<typeof aListener>[]) => new Map(list.map((row) => [row.id, row]));

  it('turns any rows into any others, and names exactly the differences', () => {
    fc.assert(
      fc.property(rows, rows, fc.boolean(), (from, to, complete) => {
        const before = mapOf(from);
        const after = mapOf(to);
        const removed = [...before.keys()].filter((id) => !after.has(id));
        const result = applyDelta(before, { changed: to, removed: complete ? [] : removed, complete });
        assert.deepEqual(new Map([...result.rows].sort()), new Map([...after].sort()));
        assert.deepEqual(result.changes.removed, new Set(removed));
        assert.deepEqual(
          result.changes.added,
          new Set(to.map((row) => row.id).filter((id) => !before.has(id))),
        );
        for (const [id, row] of result.rows) {
          const old = before.get(id);
          assert.equal(result.changes.changed.has(id), old !== undefined && old.scope !== row.scope);
          if (old?.scope === row.scope) assert.equal(row, old);
        }
      }),
    );
  });

  it('ignores the removal of what was never there, and keeps a row that is removed and comes back at once', () => {
    const row = aListener();
    const result = applyDelta(mapOf([row]), { changed: [{ ...row }], removed: [row.id, 'tcp:1:x'] });
    assert.deepEqual([result.rows.size, result.changes.removed.size, result.changes.changed.size], [1, 0, 0]);
  });
});
