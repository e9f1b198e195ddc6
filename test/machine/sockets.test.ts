import assert from 'node:assert/strict';
import { inLab, needsCommand, needsLinux } from './support/lab';

describe('sockets of this machine', () => {
  before(function () {
    needsLinux(this);
    needsCommand(this, 'perl');
  });

  it(
    'shows a server with its process, and no more once it is gone',
    inLab(async (lab) => {
      lab.look();
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const delta = lab.look('tick');
      assert.deepEqual(delta?.removed, []);
      const { owner, endpoints, scope, inodes } = lab.only(port);
      assert.equal(scope, 'loopback');
      assert.deepEqual(endpoints, [
        { protocol: 'tcp', family: 'ipv4', address: '127.0.0.1', port, scope: 'loopback' },
      ]);
      assert.equal(inodes.length, 1);
      assert.ok(owner.kind === 'exact');
      assert.equal(owner.process.pid, actor.pid);
      assert.equal(owner.process.commandLine[0], 'perl');
      assert.equal(owner.parents[0]?.pid, process.pid);
      assert.deepEqual(owner.coOwners, []);
      await actor.tell('close', 'a');
      lab.look('tick');
      assert.deepEqual(lab.on(port), []);
    }),
  );

  it(
    'sees one server replaced by another within one tick, though every count stays',
    inLab(async (lab) => {
      const [a, b] = [await lab.actor(), await lab.actor()];
      const before = await a.listen('a', 4, '127.0.0.1');
      lab.look();
      await a.tell('close', 'a');
      const after = await b.listen('b', 4, '127.0.0.1');
      lab.look('tick');
      assert.deepEqual(lab.on(before), []);
      assert.equal(lab.only(after).owner.kind, 'exact');
    }),
  );

  it(
    'makes one row of IPv4 and IPv6 binds of one process',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '0.0.0.0');
      await actor.listen('b', 6, '::', port, 'v6only');
      lab.look();
      const { endpoints, scope } = lab.only(port);
      assert.deepEqual(
        endpoints.map(({ address, dualStack }) => [address, dualStack]),
        [
          ['0.0.0.0', undefined],
          ['::', 'no'],
        ],
      );
      assert.equal(scope, 'wildcard');
    }),
  );

  it(
    'says that a :: bind probably serves IPv4, and that it does once it accepted such a connection',
    inLab(async (lab) => {
      const [server, client] = [await lab.actor(), await lab.actor()];
      const port = await server.listen('a', 6, '::', 0, 'dual');
      lab.look();
      assert.equal(lab.only(port).endpoints[0]?.dualStack, 'probable');
      await client.tell('connect', 'c', 'tcp', 4, '127.0.0.1', port);
      lab.look('full');
      assert.equal(lab.only(port).endpoints[0]?.dualStack, 'yes');
      await client.tell('close', 'c');
      lab.look('full');
      assert.equal(
        lab.only(port).endpoints[0]?.dualStack,
        'yes',
        'what was proved stays so as long as the socket lives',
      );
    }),
  );

  it(
    'does not take a bind to a mapped address for a proof',
    inLab(async (lab) => {
      const [server, client] = [await lab.actor(), await lab.actor()];
      const port = await server.listen('a', 6, '::ffff:127.0.0.1', 0, 'dual');
      await client.tell('connect', 'c', 'tcp', 4, '127.0.0.1', port);
      lab.look();
      const [endpoint] = lab.only(port).endpoints;
      assert.equal(endpoint?.address, '::ffff:127.0.0.1');
      assert.equal(endpoint.scope, 'loopback');
      assert.equal(endpoint.dualStack, undefined);
    }),
  );

  it(
    'gives sockets of different processes on one port (SO_REUSEPORT) a row each',
    inLab(async (lab) => {
      const [a, b] = [await lab.actor(), await lab.actor()];
      const port = await a.listen('a', 4, '127.0.0.1', 0, 'reuseport');
      await b.listen('b', 4, '127.0.0.1', port, 'reuseport');
      await b.listen('c', 4, '127.0.0.1', port, 'reuseport');
      lab.look();
      const rows = lab.on(port);
      assert.deepEqual(
        rows.map(({ owner, inodes }) => ['process' in owner && owner.process.pid, inodes.length]).sort(),
        [
          [a.pid, 1],
          [b.pid, 2],
        ].sort(),
      );
    }),
  );

  it(
    'shows UDP that waits, not UDP that is connected, and folds ephemeral ports without dropping them',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const ephemeral = await actor.udp('a', 4, '127.0.0.1');
      const low = await actor.udp('b', 6, '::1', 10_000 + (process.pid % 10_000));
      const connected = Number(await actor.tell('connect', 'c', 'udp', 4, '127.0.0.1', ephemeral));
      lab.look();
      assert.equal(lab.only(ephemeral, 'udp').ephemeralUdp, true);
      assert.equal(lab.only(low, 'udp').ephemeralUdp, undefined);
      assert.deepEqual(lab.on(connected, 'udp'), []);
      await actor.tell('peer', 'a', '127.0.0.1', 9);
      lab.look('tick');
      assert.deepEqual(lab.on(ephemeral, 'udp'), [], 'connecting it changed no count');
    }),
  );

  it(
    'does not show a socket that is bound and does not listen',
    inLab(async (lab) => {
      const [a, b] = [await lab.actor(), await lab.actor()];
      const port = await a.listen('a', 4, '127.0.0.1', 0, 'nolisten');
      lab.look();
      assert.deepEqual(lab.on(port), []);
      await assert.rejects(b.listen('b', 4, '127.0.0.1', port, 'exclusive'), /in use/);
    }),
  );

  it(
    'notices a listener that stops listening without being closed',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      lab.look();
      assert.equal(lab.on(port).length, 1);
      await actor.tell('shutdown', 'a');
      lab.look('tick');
      assert.deepEqual(lab.on(port), []);
    }),
  );

  it(
    'counts the connections that wait to be accepted',
    inLab(async (lab) => {
      const [server, client] = [await lab.actor(), await lab.actor()];
      const port = await server.listen('a', 4, '127.0.0.1');
      lab.look();
      assert.equal(lab.only(port).backlog, 0);
      await client.tell('connect', 'c', 'tcp', 4, '127.0.0.1', port);
      await client.tell('connect', 'd', 'tcp', 4, '127.0.0.1', port);
      lab.look('tick');
      assert.equal(lab.only(port).backlog, 2);
    }),
  );

  it(
    'says nothing where nothing changed',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      lab.look();
      const ids = new Set([...lab.listeners.keys()]);
      const delta = lab.look('tick');
      assert.ok(!delta?.changed.some((row) => row.port === port));
      assert.ok(ids.has(lab.only(port).id));
    }),
  );
});

describe('connections of a listener', () => {
  before(function () {
    needsLinux(this);
    needsCommand(this, 'perl');
  });

  it(
    'are counted by state, with the process at the other end',
    inLab(async (lab) => {
      const [server, client] = [await lab.actor(), await lab.actor()];
      const port = await server.listen('a', 4, '127.0.0.1');
      for (const key of ['c', 'd']) {
        await client.tell('connect', key, 'tcp', 4, '127.0.0.1', port);
        await server.tell('accept', `${key}2`, 'a');
      }
      lab.look();
      const summary = lab.source.connections(lab.only(port).id);
      assert.deepEqual(summary?.byState, { ESTABLISHED: 2 });
      assert.deepEqual(summary.peers, [
        { address: '127.0.0.1', state: 'ESTABLISHED', count: 2, process: { pid: client.pid, name: 'perl' } },
      ]);
      assert.equal(summary.peersTotal, 1);
    }),
  );

  it(
    'that a client left and the server did not close are CLOSE_WAIT, and their peer has exited',
    inLab(async (lab) => {
      const [server, client] = [await lab.actor(), await lab.actor()];
      const port = await server.listen('a', 6, '::', 0, 'dual');
      for (const key of ['c', 'd', 'e']) {
        await client.tell('connect', key, 'tcp', 4, '127.0.0.1', port);
        await server.tell('accept', `${key}2`, 'a');
      }
      await client.quit();
      lab.look();
      const summary = lab.source.connections(lab.only(port).id);
      assert.deepEqual(summary?.byState, { CLOSE_WAIT: 3 });
      assert.deepEqual(summary.peers, [
        { address: '127.0.0.1', state: 'CLOSE_WAIT', count: 3, exited: true },
      ]);
    }),
  );

  it(
    'of another address of the same port are not ours',
    inLab(async (lab) => {
      const [a, b, client] = [await lab.actor(), await lab.actor(), await lab.actor()];
      const port = await a.listen('a', 4, '127.0.0.1');
      await b.listen('b', 4, '127.0.0.2', port);
      await client.tell('connect', 'c', 'tcp', 4, '127.0.0.2', port);
      lab.look();
      const of = (pid: number) => {
        const row = lab.on(port).find(({ owner }) => 'process' in owner && owner.process.pid === pid);
        return lab.source.connections(row?.id ?? '')?.byState;
      };
      assert.deepEqual(of(a.pid), {});
      assert.deepEqual(of(b.pid), { ESTABLISHED: 1 });
    }),
  );

  it(
    'of a listener that is gone are undefined',
    inLab((lab) => {
      lab.look();
      assert.equal(lab.source.connections('tcp:1:1@1'), undefined);
      return Promise.resolve();
    }),
  );
});
