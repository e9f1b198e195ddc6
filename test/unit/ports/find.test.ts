import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import {
  BROWSER_BLOCKED_PORTS,
  freePortNear,
  parsePort,
  skipWords,
  usersOfPort,
} from '../../../src/ports/find';
import { aListener, aSnapshot } from '../editor/views/sample';

describe('parsePort', () => {
  for (const [text, port] of [
    ['3000', 3000],
    [' :8080 ', 8080],
    ['localhost:5173', 5173],
    ['http://localhost:3000/a?b', 3000],
    ['[::1]:9229', 9229],
    ['https://[::1]:8443/', 8443],
    ['３０００', 3000],
    ['1', 1],
    ['65535', 65535],
    ['0080', 80],
  ] as const) {
    it(`reads ${text.trim()}`, () => {
      assert.deepEqual(parsePort(text, english), { port });
    });
  }

  for (const [text, error] of [
    ['', /Type a port/u],
    ['abc', /not a port/u],
    ['30 00', /not a port/u],
    ['3000.5', /not a port/u],
    ['0', /out of range/u],
    ['65536', /out of range/u],
    ['-1', /out of range/u],
    ['http://localhost/', /not a port/u],
  ] as const) {
    it(`refuses “${text}” with a reason`, () => {
      const read = parsePort(text, english);
      assert.ok('error' in read);
      assert.match(read.error, error);
    });
  }

  it('reads every port, and gives a port in range or an error for anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = parsePort(text, english);
        assert.ok('error' in read ? read.error !== '' : read.port >= 1 && read.port <= 65535);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65535 }), (port) => {
        assert.deepEqual(parsePort(`localhost:${port}`, english), { port });
      }),
    );
  });
});

it('usersOfPort: all protocols and owners of a port, TCP first', () => {
  const rows = [
    aListener({ id: 'a', port: 53, protocol: 'udp' }),
    aListener({ id: 'b', port: 53, scope: 'loopback' }),
    aListener({ id: 'c', port: 53, scope: 'wildcard' }),
    aListener({ id: 'd', port: 54 }),
  ];
  assert.deepEqual(
    usersOfPort(aSnapshot(rows), 53).map((row) => row.id),
    ['c', 'b', 'a'],
  );
});

describe('freePortNear', () => {
  const anything = (): Promise<boolean> => Promise.resolve(true);
  const taking = (...ports: number[]) => aSnapshot(ports.map((port) => aListener({ port })));

  it('gives the wished port where it is free', async () => {
    assert.deepEqual(await freePortNear(taking(), 3000, anything), { port: 3000, skipped: [] });
  });

  it('passes over what is listed, what cannot be bound and what browsers block, and says why', async () => {
    const free = await freePortNear(taking(6665), 6665, (port) => Promise.resolve(port !== 6670));
    assert.equal(free?.port, 6671);
    assert.deepEqual(
      free.skipped.map(({ reason }) => skipWords(reason, english)),
      ['in use', ...Array<string>(4).fill('browsers refuse to open it'), 'cannot be bound'],
    );
  });

  it('gives privileged ports to root alone', async () => {
    assert.equal((await freePortNear(taking(), 81, anything))?.port, 1024);
    const asRoot = aSnapshot([]);
    assert.equal(
      (await freePortNear({ ...asRoot, machine: { ...asRoot.machine, uid: 0 } }, 81, anything))?.port,
      81,
    );
    assert.equal((await freePortNear(taking(), 81, anything, { firstUnprivileged: 80 }))?.port, 81);
  });

  it('looks at the sockets of the protocol in question', async () => {
    const udp = aSnapshot([aListener({ port: 3000, protocol: 'udp' })]);
    assert.equal((await freePortNear(udp, 3000, anything))?.port, 3000);
    assert.equal((await freePortNear(udp, 3000, anything, { protocol: 'udp' }))?.port, 3001);
  });

  it('turns downwards at the end of the range', async () => {
    assert.equal((await freePortNear(taking(65534, 65535), 65534, anything))?.port, 65533);
  });

  it('gives up after so many binds', async () => {
    let tried = 0;
    const never = (): Promise<boolean> => Promise.resolve(++tried < 0);
    assert.equal(await freePortNear(taking(), 3000, never, { tries: 20 }), undefined);
    assert.equal(tried, 20);
  });

  it('never gives a port that is listed, blocked or privileged', async () => {
    const port = fc.integer({ min: 1, max: 65535 });
    await fc.assert(
      fc.asyncProperty(fc.array(port, { maxLength: 50 }), port, async (taken, wished) => {
        const free = await freePortNear(taking(...taken), wished, anything);
        assert.ok(
          free && free.port >= 1024 && !taken.includes(free.port) && !BROWSER_BLOCKED_PORTS.has(free.port),
        );
      }),
    );
  });
});
