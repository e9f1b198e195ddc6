import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import type { StopOutcome } from '../../../src/stop/outcome';
import { outcomeSentence } from '../../../src/stop/words';
import { aProcess, FakeMachine } from './fake-machine';

function expectKind<K extends StopOutcome['kind']>(
  outcome: StopOutcome,
  kind: K,
): Extract<StopOutcome, { kind: K }> {
  assert.equal(outcome.kind, kind, JSON.stringify(outcome));
  return outcome as Extract<StopOutcome, { kind: K }>;
}

describe('executing a stop', () => {
  let machine: FakeMachine;

  beforeEach(() => {
    machine = new FakeMachine();
    machine.add(aProcess(70, { name: 'bash', commandLine: ['bash', 'loop.sh'] }), 'ignore');
    machine.add(aProcess(100, { parentPid: 70 }));
    machine.listen(3000, 100);
  });

  it('sends SIGTERM, sees the row go, and watches that it stays away', async () => {
    const outcome = expectKind(await machine.stopPort(3000), 'stopped');
    assert.equal(outcome.signal, 'SIGTERM');
    assert.ok(outcome.watchedMs >= 1500, `watched for ${outcome.watchedMs} ms`);
    assert.deepEqual(outcome.stillRunning, []);
    assert.deepEqual(machine.signals, ['SIGTERM 100']);
  });

  it('kills at once at level kill, without asking', async () => {
    machine.reactions.set(100, 'ignore');
    const asked: unknown[] = [];
    const onGraceOver = (still: unknown): Promise<'leave'> => {
      asked.push(still);
      return Promise.resolve('leave');
    };
    const outcome = expectKind(await machine.stopPort(3000, { level: 'kill', onGraceOver }), 'stopped');
    assert.equal(outcome.signal, 'SIGKILL');
    assert.deepEqual(machine.signals, ['SIGKILL 100']);
    assert.deepEqual(asked, []);
  });

  it('asks when the grace period is over, waits another one, then kills', async () => {
    machine.reactions.set(100, 'ignore');
    const answers = ['wait', 'kill'] as const;
    let asked = 0;
    const began = machine.clock.now();
    const askedAt: number[] = [];
    const outcome = await machine.stopPort(3000, {
      graceMs: 1000,
      onGraceOver: ({ listeners, processes }) => {
        askedAt.push(machine.clock.now() - began);
        assert.deepEqual(
          listeners.map(({ port }) => port),
          [3000],
        );
        assert.deepEqual(
          processes.map(({ pid }) => pid),
          [100],
        );
        return Promise.resolve(answers[asked++] ?? 'leave');
      },
    });
    assert.equal(expectKind(outcome, 'stopped').signal, 'SIGKILL');
    assert.equal(asked, 2);
    assert.ok(askedAt[0]! >= 1000 && askedAt[1]! >= 2000, askedAt.join());
    assert.deepEqual(machine.signals, ['SIGTERM 100', 'SIGKILL 100']);
  });

  it('leaves it running where the user says so', async () => {
    machine.reactions.set(100, 'ignore');
    const outcome = await machine.stopPort(3000, { onGraceOver: () => Promise.resolve('leave') });
    assert.equal(expectKind(outcome, 'still-running').why, 'left');
    assert.ok(machine.processes.has(100));
  });

  it('takes the question back where the process ends before the answer', async () => {
    machine.reactions.set(100, () => {
      machine.clock.after(4000, () => {
        machine.end(100);
      });
    });
    let moot: AbortSignal | undefined;
    const outcome = await machine.stopPort(3000, {
      onGraceOver: (_still, signal) => {
        moot = signal;
        return new Promise(() => undefined);
      },
    });
    assert.equal(expectKind(outcome, 'stopped').signal, 'SIGTERM');
    assert.equal(moot?.aborted, true);
  });

  it('says so when even SIGKILL does not end it', async () => {
    machine.reactions.set(100, () => undefined);
    const outcome = expectKind(await machine.stopPort(3000), 'still-running');
    assert.equal(outcome.why, 'timeout');
    assert.equal(outcome.signal, 'SIGKILL');
  });

  it('fails with the cause where the question cannot be asked', async () => {
    machine.reactions.set(100, 'ignore');
    const outcome = await machine.stopPort(3000, {
      onGraceOver: () => Promise.reject(new Error('no window')),
    });
    assert.equal(expectKind(outcome, 'failed').cause, 'no window');
  });

  it('names the child that kept the socket', async () => {
    machine.add(aProcess(101, { parentPid: 100 }));
    machine.sockets[0]!.holders.add(101);
    const outcome = expectKind(await machine.stopPort(3000), 'port-held');
    assert.equal(outcome.holders[0]?.how, 'same-socket');
    assert.match(
      outcomeSentence({ listener: { ...machine.row(3000) }, outcome }, english),
      /TCP port 3000 is still held by node \(pid 101\)/,
    );
    assert.ok(machine.processes.has(101), 'the child was not signalled');
  });

  it('gives workers a moment to notice that their master has ended', async () => {
    machine.add(aProcess(101, { parentPid: 100 }));
    machine.sockets[0]!.holders.add(101);
    machine.reactions.set(100, () => {
      machine.end(100);
      machine.clock.after(400, () => {
        machine.end(101);
      });
    });
    expectKind(await machine.stopPort(3000), 'stopped');
  });

  it('waits for the row, not for the pid: a dying process may keep its socket a little longer', async () => {
    const socket = machine.sockets[0]!;
    machine.reactions.set(100, () => {
      machine.processes.delete(100);
      machine.clock.after(50, () => {
        machine.close(socket);
      });
    });
    assert.ok(expectKind(await machine.stopPort(3000), 'stopped').tookMs >= 50);
  });

  it('sees a respawn by the same parent, and when', async () => {
    machine.reactions.set(100, () => {
      machine.end(100);
      machine.clock.after(278, () => {
        machine.add(aProcess(200, { parentPid: 70, startedAt: machine.clock.now() }));
        machine.listen(3000, 200);
      });
    });
    const outcome = expectKind(await machine.stopPort(3000), 'came-back');
    assert.equal(outcome.process?.pid, 200);
    assert.equal(outcome.startedBy?.pid, 70);
    assert.equal(outcome.sameParent, true);
    assert.ok(outcome.afterMs >= 200 && outcome.afterMs <= 400, `${outcome.afterMs} ms`);
  });

  it('sees a respawn that leaves no gap', async () => {
    machine.reactions.set(100, () => {
      machine.end(100);
      machine.add(aProcess(200, { parentPid: 70, startedAt: machine.clock.now() }));
      machine.listen(3000, 200);
    });
    assert.equal(expectKind(await machine.stopPort(3000), 'came-back').process?.pid, 200);
  });

  it('does not blame pid 1 for an orphan', async () => {
    machine.reactions.set(100, () => {
      machine.end(100);
      machine.add(aProcess(200, { parentPid: 1, startedAt: machine.clock.now() }));
      machine.listen(3000, 200);
    });
    const outcome = expectKind(await machine.stopPort(3000), 'came-back');
    assert.equal(outcome.sameParent, false);
  });

  it('waits longer where the same command was started again and does not listen yet', async () => {
    machine.reactions.set(100, () => {
      const { commandLine } = machine.processes.get(100)!;
      machine.end(100);
      machine.add(aProcess(200, { parentPid: 70, commandLine, startedAt: machine.clock.now() }));
      machine.clock.after(6000, () => machine.listen(3000, 200));
    });
    assert.equal(expectKind(await machine.stopPort(3000), 'came-back').process?.pid, 200);
  });

  it('says that it was started again where it never listens', async () => {
    machine.reactions.set(100, () => {
      const { commandLine } = machine.processes.get(100)!;
      machine.end(100);
      machine.add(aProcess(200, { parentPid: 70, commandLine, startedAt: machine.clock.now() }));
    });
    assert.equal(expectKind(await machine.stopPort(3000), 'stopped').restarted?.pid, 200);
  });

  it('tells a process that ran before and took the port from one that came back', async () => {
    machine.add(aProcess(90));
    machine.reactions.set(100, () => {
      machine.end(100);
      machine.listen(3000, 90);
    });
    const outcome = expectKind(await machine.stopPort(3000), 'port-held');
    assert.equal(outcome.holders[0]?.how, 'took-over');
  });

  it('does not call a port free that another row still uses', async () => {
    machine.add(aProcess(110));
    machine.listen(3000, 110);
    const outcome = expectKind(await machine.stopPort(3000), 'port-held');
    assert.equal(outcome.holders[0]?.how, 'beside');
    assert.ok(machine.processes.has(110));
  });

  it('stops both rows of a port where both were chosen', async () => {
    machine.add(aProcess(110), 'ignore');
    machine.listen(3000, 110);
    const listeners = machine.rows();
    const outcomes = await machine.stop({ level: 'stop', listeners });
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome.kind),
      ['stopped', 'stopped'],
    );
  });

  it('signals a process once that holds several chosen rows', async () => {
    machine.listen(3001, 100);
    const outcomes = await machine.stop({ level: 'stop', listeners: machine.rows() });
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome.kind),
      ['stopped', 'stopped'],
    );
    assert.deepEqual(machine.signals, ['SIGTERM 100']);
  });

  it('says when the process has let the port go and still runs', async () => {
    machine.reactions.set(100, () => {
      machine.close(machine.sockets[0]!);
    });
    const outcome = expectKind(await machine.stopPort(3000), 'stopped');
    assert.deepEqual(
      outcome.stillRunning.map(({ pid }) => pid),
      [100],
    );
  });

  it('kills a process that bound its port anew instead of ending', async () => {
    machine.reactions.set(100, (signal) => {
      machine.close(machine.sockets[0]!);
      if (signal === 'SIGKILL') machine.end(100);
      else machine.listen(3000, 100);
    });
    assert.equal(expectKind(await machine.stopPort(3000), 'stopped').signal, 'SIGKILL');
  });

  describe('races between the plan and the signal', () => {
    it('the row is gone', async () => {
      const outcome = await machine.stopPort(3000, {}, () => {
        machine.end(100);
      });
      expectKind(outcome, 'gone-already');
      assert.deepEqual(machine.signals, []);
    });

    it('the pid was reused', async () => {
      const outcome = await machine.stopPort(3000, {}, () => {
        machine.end(100);
        machine.add(aProcess(100, { startTicks: 5555 }));
        machine.listen(3000, 100);
      });
      assert.equal(expectKind(outcome, 'changed').change, 'pid-reused');
      assert.deepEqual(machine.signals, []);
    });

    it('the process closed the socket', async () => {
      const outcome = await machine.stopPort(3000, {}, () => {
        machine.close(machine.sockets[0]!);
      });
      assert.equal(expectKind(outcome, 'changed').change, 'socket-not-held');
      assert.deepEqual(machine.signals, []);
    });

    it('the socket was handed over to another process', async () => {
      machine.add(aProcess(101));
      const outcome = await machine.stopPort(3000, {}, () => {
        machine.sockets[0]!.holders.delete(100);
        machine.sockets[0]!.holders.add(101);
      });
      assert.equal(expectKind(outcome, 'changed').change, 'socket-not-held');
      assert.deepEqual(machine.signals, []);
    });

    it('the owner ended, and its child kept the socket', async () => {
      machine.add(aProcess(101, { parentPid: 100 }));
      machine.sockets[0]!.holders.add(101);
      const outcome = await machine.stopPort(3000, {}, () => {
        machine.end(100);
      });
      expectKind(outcome, 'port-held');
      assert.deepEqual(machine.signals, []);
    });

    it('the same process listens on a new socket of the same port: it is the one that was meant', async () => {
      const outcome = await machine.stopPort(3000, {}, () => {
        machine.close(machine.sockets[0]!);
        machine.listen(3000, 100);
      });
      expectKind(outcome, 'stopped');
    });
  });

  it('hands the socket over during the grace period: held, and nobody is killed', async () => {
    machine.add(aProcess(101));
    machine.reactions.set(100, () => {
      machine.sockets[0]!.holders.delete(100);
      machine.sockets[0]!.holders.add(101);
    });
    expectKind(await machine.stopPort(3000), 'port-held');
    assert.deepEqual(machine.signals, ['SIGTERM 100']);
  });

  it('offers the command for sudo where it is not permitted', async () => {
    machine.foreign.add(100);
    const outcome = expectKind(await machine.stopPort(3000), 'not-permitted');
    assert.equal(outcome.command, 'sudo kill -TERM 100');
    assert.deepEqual(machine.signals, []);
  });

  it('reports a machine that cannot be read', async () => {
    machine.beforeLook = (count) => {
      if (count === 3) throw new Error('The reader ended');
    };
    assert.equal(expectKind(await machine.stopPort(3000), 'failed').cause, 'The reader ended');
  });

  it('signals nothing where it was cancelled before', async () => {
    const outcome = await machine.stopPort(3000, { cancel: AbortSignal.abort() });
    assert.equal(expectKind(outcome, 'still-running').signal, undefined);
    assert.deepEqual(machine.signals, []);
  });

  it('stops waiting where it is cancelled during the grace period', async () => {
    machine.reactions.set(100, 'ignore');
    const controller = new AbortController();
    machine.clock.after(500, () => {
      controller.abort();
    });
    const began = machine.clock.now();
    const outcome = expectKind(await machine.stopPort(3000, { cancel: controller.signal }), 'still-running');
    assert.equal(outcome.why, 'cancelled');
    assert.equal(outcome.signal, 'SIGTERM');
    assert.ok(machine.clock.now() - began < 700);
  });

  it('says how long it watched where it is cancelled while watching', async () => {
    const controller = new AbortController();
    machine.clock.after(500, () => {
      controller.abort();
    });
    const outcome = expectKind(await machine.stopPort(3000, { cancel: controller.signal }), 'stopped');
    assert.ok(outcome.watchedMs < 700);
  });
});

describe('stopping a whole tree', () => {
  let machine: FakeMachine;

  beforeEach(() => {
    machine = new FakeMachine();
    machine.add(aProcess(600, { name: 'bash', commandLine: ['bash'], tty: 'pts/1' }));
    machine.add(aProcess(90, { parentPid: 600, name: 'npm run dev', commandLine: ['npm run dev'] }));
    machine.add(aProcess(91, { parentPid: 90, name: 'sh', commandLine: ['sh', '-c', 'vite dev'] }));
    machine.add(aProcess(100, { parentPid: 91 }));
    machine.add(aProcess(101, { parentPid: 100 }));
    machine.listen(3000, 100);
  });

  it('signals the deepest first, up to the script runner, and never the terminal’s shell', async () => {
    expectKind(await machine.stopPort(3000, { level: 'tree' }), 'stopped');
    assert.deepEqual(machine.signals, ['SIGTERM 101', 'SIGTERM 100', 'SIGTERM 91', 'SIGTERM 90']);
    assert.ok(machine.processes.has(600));
  });

  it('finds children that were born after the plan', async () => {
    const outcome = await machine.stopPort(3000, { level: 'tree' }, () => {
      machine.add(aProcess(102, { parentPid: 101, startedAt: machine.clock.now() }));
      machine.reactions.set(101, () => {
        machine.clock.after(100, () => {
          machine.end(101);
        });
      });
    });
    expectKind(outcome, 'stopped');
    assert.equal(machine.processes.has(102), false);
  });

  it('ends an heir of the socket whose parent has ended already', async () => {
    machine.reactions.set(100, () => {
      machine.add(aProcess(102, { parentPid: 100, startedAt: machine.clock.now() }));
      machine.sockets[0]!.holders.add(102);
      machine.end(100);
    });
    expectKind(await machine.stopPort(3000, { level: 'tree' }), 'stopped');
    assert.equal(machine.processes.has(102), false);
  });

  it('asks for those of the tree that do not end, though the port is free', async () => {
    machine.reactions.set(90, 'ignore');
    const asked: number[][] = [];
    const outcome = await machine.stopPort(3000, {
      level: 'tree',
      onGraceOver: ({ listeners, processes }) => {
        assert.deepEqual(listeners, []);
        asked.push(processes.map(({ pid }) => pid));
        return Promise.resolve('kill');
      },
    });
    expectKind(outcome, 'stopped');
    assert.deepEqual(asked, [[90]]);
    assert.equal(machine.processes.has(90), false);
  });

  it('signals nobody where the owner is not the one any more', async () => {
    const outcome = await machine.stopPort(3000, { level: 'tree' }, () => {
      machine.close(machine.sockets[0]!);
    });
    expectKind(outcome, 'changed');
    assert.deepEqual(machine.signals, []);
  });
});
