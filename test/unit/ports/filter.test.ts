import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchesFilter, parseFilter } from '../../../src/ports/filter';
import { aListener, anOwner } from '../editor/views/sample';

const SHOP = aListener({
  port: 3000,
  owner: anOwner({
    pid: 812,
    name: 'node',
    commandLine: ['node', '/home/me/my shop/node_modules/.bin/vite', 'dev', '--host'],
    executable: '/usr/bin/node',
    cwd: '/home/me/my shop',
    user: 'me',
    project: { folder: '/home/me/my shop', name: 'Shop' },
  }),
});
const HIDDEN = aListener({
  port: 6379,
  protocol: 'udp',
  scope: 'wildcard',
  owner: { kind: 'hidden', uid: 999, user: 'redis' },
});

describe('matchesFilter', () => {
  for (const [text, shop, hidden] of [
    ['', true, true],
    ['   ', true, true],
    ['vite', true, false],
    ['VITE Shop', true, false],
    ['vite redis', false, false],
    ['--host', true, false],
    ['3000', true, false],
    ['30', true, false],
    [':3000', true, false],
    [':30', false, false],
    ['port:3000', true, false],
    ['port:3000-7000', true, true],
    ['port:300', false, false],
    ['user:redis', false, true],
    ['uid:999', false, true],
    ['pid:812', true, false],
    ['pid:81', false, false],
    ['process:node', true, false],
    ['cmd:dev', true, false],
    ['path:/home/me', true, false],
    ['path:"my shop"', true, false],
    ['"my shop" -redis', true, false],
    ['project:shop', true, false],
    ['proto:udp', false, true],
    ['scope:wildcard', false, true],
    ['address:127.0', true, false],
    ['-vite', false, true],
    ['-', true, false],
    ['nothing:here', false, false],
    ['constructor:x', false, false],
  ] as const) {
    it(`“${text}” ${shop ? 'shows' : 'hides'} the shop, ${hidden ? 'shows' : 'hides'} the hidden one`, () => {
      const filter = parseFilter(text);
      assert.deepEqual(
        [SHOP, HIDDEN].map((row) => matchesFilter(filter, row)),
        [shop, hidden],
      );
    });
  }

  it('also looks through the names that the row shows', () => {
    assert.ok(matchesFilter(parseFilter('postgres'), HIDDEN, ['PostgreSQL']));
  });

  it('never fails, and more words never show more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (first, second) => {
        const both = matchesFilter(parseFilter(`${first} "x" ${second}`.replaceAll('"', '')), SHOP);
        if (both) assert.ok(matchesFilter(parseFilter(first.replaceAll('"', '')), SHOP));
      }),
    );
  });
});
