import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../src/base/clock';
import { WorkerClient } from '../../../src/machine/client';
import { LinuxSource } from '../../../src/machine/linux/source';
import { openMachine } from '../../../src/machine/machine';
import { SourceError } from '../../../src/ports/source';
import { withTemporaryFolder } from '../../support/cleanup';

/** A worker that does what each request's name says. */
const WORKER = `
const { parentPort } = require('node:worker_threads');
let count = 0;
parentPort.on('message', ({ id, name, args }) => {
  const done = (value) => parentPort.postMessage({ id, kind: 'done', value });
  switch (name) {
    case 'echo': return done(args[0]);
    case 'fail': return parentPort.postMessage({ id, kind: 'failed', message: 'no such thing', code: args[0] });
    case 'die': return process.exit(3);
    case 'throw': throw new Error('broken');
    case 'hang': return;
    case 'late': return setTimeout(() => done('late'), 50);
    case 'refresh': {
      count++;
      const rows = count === 1 ? ['a', 'b'] : ['c'];
      if (args[0] === 'full') return process.exit(0);
      return done({ takenAt: count, changed: rows.map((row) => ({ id: row })), removed: count === 2 ? ['a'] : [], limits: [] });
    }
  }
});
`;

interface Handlers {
  echo: (value: unknown) => unknown;
  fail: (code?: string) => void;
  die: () => void;
  throw: () => void;
  hang: () => void;
  late: () => string;
  refresh: (depth: string) => never;
}

/** As a mapped type it has the index signature that a table of requests has. */
type Table = Pick<Handlers, keyof Handlers>;

/** Time that moves only when told to; deadlines stay real. */
function clockAt(time: { now: number }): Clock {
  return {
    now: () => time.now,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return {
        dispose: () => {
          clearTimeout(timer);
        },
      };
    },
  };
}

function withClient(
  work: (client: WorkerClient<Table>, time: { now: number }, errors: unknown[]) => Promise<void>,
  deadlineMs = 10_000,
): () => Promise<void> {
  return () =>
    withTemporaryFolder('client', async (folder) => {
      const workerPath = path.join(folder, 'worker.cjs');
      writeFileSync(workerPath, WORKER);
      const time = { now: 0 };
      const errors: unknown[] = [];
      const options = { workerPath, platform: 'linux' as const, clock: clockAt(time), deadlineMs };
      const client = new WorkerClient<Table>({ ...options, onError: (error) => errors.push(error) });
      try {
        await work(client, time, errors);
      } finally {
        client.dispose();
      }
    });
}

const withCode = (code: SourceError['code']) => (error: unknown) =>
  error instanceof SourceError && error.code === code;

describe('WorkerClient', () => {
  it(
    'answers each request with its own result',
    withClient(async (client) => {
      const answers = await Promise.all([
        client.request('late'),
        client.request('echo', 1),
        client.request('echo', { a: [2] }),
      ]);
      assert.deepEqual(
        answers.map(({ value }) => value),
        ['late', 1, { a: [2] }],
      );
    }),
  );

  it(
    'hands over what a handler threw',
    withClient(async (client) => {
      await assert.rejects(client.request('fail'), withCode('internal'));
      await assert.rejects(client.request('fail', 'no-proc'), withCode('no-proc'));
      assert.equal((await client.request('echo', 1)).session, 1, 'a failed request does not end the worker');
    }),
  );

  it(
    'rejects all that waits when the worker dies, rests, and starts it again',
    withClient(async (client, time, errors) => {
      const waiting = client.request('hang');
      const dying = client.request('die');
      await assert.rejects(waiting, withCode('worker-died'));
      await assert.rejects(dying, withCode('worker-died'));
      assert.equal(errors.length, 1);
      await assert.rejects(client.request('echo', 1), withCode('worker-died'));
      time.now += 500;
      assert.deepEqual(await client.request('echo', 1), { value: 1, session: 2 });
    }),
  );

  it(
    'rests longer each time',
    withClient(async (client, time) => {
      for (const rest of [500, 1000, 2000]) {
        await assert.rejects(client.request('throw'), withCode('worker-died'));
        time.now += rest - 1;
        await assert.rejects(client.request('echo', 1), withCode('worker-died'));
        time.now += 1;
        await client.request('echo', 1);
      }
    }),
  );

  it(
    'ends a worker that does not answer in time, and never hears of it again',
    withClient(async (client, time) => {
      const late = client.request('late');
      await assert.rejects(late, withCode('timeout'));
      time.now += 500;
      await sleep(60);
      await assert.rejects(client.request('hang'), withCode('timeout'));
    }, 20),
  );

  it(
    'is over when disposed',
    withClient(async (client) => {
      const waiting = client.request('hang');
      client.dispose();
      await assert.rejects(waiting, withCode('worker-died'));
      await assert.rejects(client.request('echo', 1), withCode('worker-died'));
    }),
  );
});

describe('LinuxSource', () => {
  it(
    'tells what went while the worker was away',
    withClient(async (client, time) => {
      const source = new LinuxSource(client);
      const ids = (rows: readonly { id: string }[] | undefined) => rows?.map(({ id }) => id);
      const first = await source.refresh('tick');
      assert.deepEqual([ids(first?.changed), first?.removed], [['a', 'b'], []]);
      const second = await source.refresh('tick');
      assert.deepEqual([ids(second?.changed), second?.removed], [['c'], ['a']]);
      await assert.rejects(source.refresh('full'), withCode('worker-died'));
      time.now += 500;
      const again = await source.refresh('tick');
      assert.deepEqual([ids(again?.changed), again?.removed], [['a', 'b'], ['c']]);
    }),
  );
});

describe('openMachine', () => {
  it('says honestly where it cannot read', async () => {
    const machine = openMachine({ workerPath: '/nowhere', platform: 'darwin' });
    await assert.rejects(machine.listeners.refresh('tick'), withCode('unsupported-platform'));
    await assert.rejects(machine.listeners.connections('x'), /darwin/);
    machine.dispose();
  });
});
