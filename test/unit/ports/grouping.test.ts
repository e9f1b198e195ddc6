import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bindScope, groupPort, type GroupingFacts, type ListeningSocket } from '../../../src/ports/grouping';
import type { Process } from '../../../src/ports/owner';

function processOf(pid: number, more: Partial<Process> = {}): Process {
  return {
    pid,
    startTicks: pid * 10,
    parentPid: 1,
    name: 'node',
    commandLine: ['node'],
    uid: 1000,
    startedAt: 0,
    state: 'S',
    ...more,
  };
}

/** A machine of some processes, by pid; `held` are the pids of each inode. */
function facts(
  processes: readonly Process[],
  held: Readonly<Record<number, readonly number[]>>,
  more: Partial<GroupingFacts> = {},
): GroupingFacts {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  return {
    holders: (inode) => (held[inode] ?? []).flatMap((pid) => byPid.get(pid) ?? []),
    parents: (process) => {
      const chain: Process[] = [];
      for (let next = byPid.get(process.parentPid); next !== undefined; next = byPid.get(next.parentPid))
        chain.push(next);
      return chain;
    },
    isHidden: () => false,
    userName: () => undefined,
    servesBoth: () => false,
    dualStackDefault: 'probable',
    ephemeralPorts: [32768, 60999],
    ...more,
  };
}

function socket(inode: number, address = '127.0.0.1', more: Partial<ListeningSocket> = {}): ListeningSocket {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return { protocol: 'tcp', family, address, port: 3000, inode, uid: 1000, backlog: 0, ...more };
}

const server = processOf(812);

describe('groupPort', () => {
  it('makes one row of all that one process has on the port, IPv4 first, the narrowest last', () => {
    const rows = groupPort(
      [
        socket(1, '::1'),
        socket(2, '::'),
        socket(3, '127.0.0.1'),
        socket(4, '192.0.2.1'),
        socket(5, '0.0.0.0'),
      ],
      facts([server], { 1: [812], 2: [812], 3: [812], 4: [812], 5: [812] }),
    );
    assert.equal(rows.length, 1);
    assert.deepEqual(
      rows[0]?.endpoints.map(({ address }) => address),
      ['0.0.0.0', '192.0.2.1', '127.0.0.1', '::', '::1'],
    );
    assert.equal(rows[0].id, 'tcp:3000:812@8120');
    assert.equal(rows[0].scope, 'wildcard');
    assert.deepEqual(rows[0].inodes, [1, 2, 3, 4, 5]);
  });

  it('takes the topmost holder for the owner, also over a generation that does not hold it', () => {
    const family = [
      server,
      processOf(900, { parentPid: 812 }),
      processOf(901, { parentPid: 900 }),
      processOf(7),
    ];
    const [row] = groupPort([socket(1)], facts(family, { 1: [901, 812] }));
    assert.ok(row?.owner.kind === 'exact');
    assert.equal(row.owner.process.pid, 812);
    assert.deepEqual(
      row.owner.coOwners.map(({ pid }) => pid),
      [901],
    );
  });

  it('takes the oldest of strangers that share a socket', () => {
    const [row] = groupPort([socket(1)], facts([processOf(50, { startTicks: 9 }), server], { 1: [812, 50] }));
    assert.ok(row?.owner.kind === 'exact' && row.owner.process.pid === 50);
  });

  it('gives each owner of a shared port (SO_REUSEPORT) a row', () => {
    const rows = groupPort(
      [socket(1), socket(2), socket(3)],
      facts([server, processOf(5)], { 1: [812], 2: [5], 3: [5] }),
    );
    assert.deepEqual(
      rows.map(({ id, inodes }) => [id, inodes]),
      [
        ['tcp:3000:5@50', [2, 3]],
        ['tcp:3000:812@8120', [1]],
      ],
    );
  });

  it('names an activator the owner only while no service has the socket', () => {
    const systemd = processOf(1, { name: 'systemd', parentPid: 0 });
    const service = processOf(812, { name: 'sshd' });
    const waiting = groupPort([socket(1)], facts([systemd], { 1: [1] }))[0];
    assert.ok(waiting?.owner.kind === 'activated' && waiting.owner.process.pid === 1);
    const serving = groupPort([socket(1)], facts([systemd, service], { 1: [1, 812] }))[0];
    assert.ok(serving?.owner.kind === 'exact');
    assert.equal(serving.owner.process.pid, 812);
    assert.deepEqual(
      serving.owner.coOwners.map(({ pid }) => pid),
      [1],
    );
  });

  it('does not guess the owner of a socket that nobody visible holds', () => {
    const hidden = facts([], {}, { isHidden: ({ uid }) => uid === 101, userName: () => 'dns' });
    const rows = groupPort(
      [socket(1, '127.0.0.1', { uid: 101 }), socket(2, '::1', { uid: 101 }), socket(3, '0.0.0.0')],
      hidden,
    );
    assert.deepEqual(
      rows.map(({ id, owner, inodes }) => [id, owner, inodes]),
      [
        ['tcp:3000:kernel', { kind: 'kernel', uid: 1000 }, [3]],
        ['tcp:3000:uid101', { kind: 'hidden', uid: 101, user: 'dns' }, [1, 2]],
      ],
    );
  });

  describe('says of a :: bind', () => {
    const dual = (sockets: readonly ListeningSocket[], more: Partial<GroupingFacts> = {}) =>
      groupPort(sockets, facts([server], {}, more))
        .flatMap(({ endpoints }) => endpoints)
        .find(({ address }) => address === '::')?.dualStack;

    it('probable, or what the machine does by default', () => {
      assert.equal(dual([socket(1, '::')]), 'probable');
      assert.equal(dual([socket(1, '::')], { dualStackDefault: 'unlikely' }), 'unlikely');
    });

    it('yes, once a connection over IPv4 was accepted', () => {
      assert.equal(
        dual([socket(1, '::'), socket(2, '0.0.0.0')], { servesBoth: (inode) => inode === 1 }),
        'yes',
      );
    });

    it('no, beside a bind of 0.0.0.0, but not where several sockets share an address', () => {
      assert.equal(dual([socket(1, '::'), socket(2, '0.0.0.0')]), 'no');
      assert.equal(dual([socket(1, '::'), socket(2, '0.0.0.0'), socket(3, '::')]), 'probable');
    });
  });

  it('marks UDP on an ephemeral port, and adds up what waits on TCP', () => {
    const udp = (port: number) =>
      groupPort([socket(1, '0.0.0.0', { protocol: 'udp', port })], facts([server], { 1: [812] }))[0];
    assert.equal(udp(32768)?.ephemeralUdp, true);
    assert.equal(udp(60999)?.ephemeralUdp, true);
    assert.equal(udp(53)?.ephemeralUdp, undefined);
    assert.equal(udp(53)?.backlog, undefined);
    const rows = groupPort(
      [socket(1, '127.0.0.1', { backlog: 2 }), socket(2, '::1', { backlog: 3 })],
      facts([server], { 1: [812], 2: [812] }),
    );
    assert.equal(rows[0]?.backlog, 5);
  });

  it('shows every socket in exactly one row, in whatever order they come', () => {
    const anySocket = fc.record({
      inode: fc.integer({ min: 1, max: 8 }),
      address: fc.constantFrom('127.0.0.1', '0.0.0.0', '::', '::1', '192.0.2.1'),
      holders: fc.subarray([812, 813, 814]),
    });
    const family = [server, processOf(813, { parentPid: 812 }), processOf(814)];
    fc.assert(
      fc.property(fc.uniqueArray(anySocket, { selector: ({ inode }) => inode }), (list) => {
        const held = Object.fromEntries(list.map(({ inode, holders }) => [inode, holders]));
        const sockets = list.map(({ inode, address }) => socket(inode, address));
        const rows = groupPort(sockets, facts(family, held));
        assert.deepEqual(rows.flatMap(({ inodes }) => inodes).sort(), list.map(({ inode }) => inode).sort());
        assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
        assert.deepEqual(groupPort([...sockets].reverse(), facts(family, held)), rows);
      }),
    );
  });
});

describe('bindScope', () => {
  it('tells how far a bind reaches', () => {
    assert.deepEqual(
      [
        '127.0.0.1',
        '127.9.9.9',
        '::1',
        '::ffff:127.0.0.1',
        '0.0.0.0',
        '::',
        '::ffff:0.0.0.0',
        '192.0.2.1',
        'fe80::1',
      ].map(bindScope),
      [
        'loopback',
        'loopback',
        'loopback',
        'loopback',
        'wildcard',
        'wildcard',
        'wildcard',
        'address',
        'address',
      ],
    );
  });
});
