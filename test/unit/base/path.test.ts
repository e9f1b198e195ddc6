import assert from 'node:assert/strict';
import fc from 'fast-check';
import { baseName, isRoot, isWithin, relativeTo } from '../../../src/base/path';

describe('isWithin', () => {
  for (const [folder, path, within] of [
    ['/a/b', '/a/b', true],
    ['/a/b', '/a/b/c', true],
    ['/a/b/', '/a/b/c/', true],
    ['/a/b', '/a/bc', false],
    ['/a/b', '/a', false],
    ['/a/b', '/a/b/../c', false],
    ['/a/b/../c', '/a/c/d', true],
    ['/a//b', '/a/./b/c', true],
    ['/', '/a', true],
    ['C:\\work', 'C:\\work\\web', true],
    ['C:\\work', 'C:\\workshop', false],
    ['a', 'a/b', false],
    ['', '/a', false],
  ] as const) {
    it(`${folder || '(nothing)'} ${within ? 'holds' : 'does not hold'} ${path}`, () => {
      assert.equal(isWithin(folder, path), within);
    });
  }

  it('holds for every way down, and never for a longer name', () => {
    const segment = fc.stringMatching(/^[a-z]{1,5}$/u);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), fc.array(segment), (above, below) => {
        const folder = `/${above.join('/')}`;
        assert.equal(relativeTo(folder, [folder, ...below].join('/')), below.join('/'));
        assert.equal(isWithin(folder, `${folder}x`), false);
      }),
    );
  });
});

it('baseName and isRoot', () => {
  assert.deepEqual(['/a/b/', '/', 'x', 'C:\\a\\b'].map(baseName), ['b', '', 'x', 'b']);
  assert.deepEqual(['/', 'C:\\', '/a/..', '/a', 'x'].map(isRoot), [true, true, true, false, false]);
});
