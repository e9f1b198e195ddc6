import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ProcessController } from '../../src/machine/linux/control';
import type { StopOutcome } from '../../src/stop/outcome';
import { skip } from '../support/skip';
import { hasProgram, isOpen, RealMachine } from './support/stopping';

const SERVE = `
  const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
    console.log('port ' + server.address().port);
  });`;

function expectKind<K extends StopOutcome['kind']>(
  outcome: StopOutcome | undefined,
  kind: K,
): Extract<StopOutcome, { kind: K }> {
  assert.equal(outcome?.kind, kind, JSON.stringify(outcome));
  return outcome as Extract<StopOutcome, { kind: K }>;
}

describe('stopping real processes', () => {
  let real: RealMachine;

  beforeEach(() => {
    real = new RealMachine();
  });

  afterEach(async () => {
    await real.dispose();
    assert.deepEqual(real.marked(), []);
  });

  async function stop(
    port: number,
    level: 'stop' | 'kill' | 'tree' = 'stop',
    graceMs = 5000,
  ): Promise<StopOutcome | undefined> {
    const [first] = await real.stop({ level, listeners: [await real.row(port)] }, { graceMs });
    return first?.outcome;
  }

  it('ends a server by SIGTERM, and its port refuses connections', async () => {
    const port = await real.node(SERVE);
    assert.equal(await isOpen(port), true);
    const outcome = expectKind(await stop(port), 'stopped');
    assert.equal(outcome.signal, 'SIGTERM');
    assert.deepEqual(outcome.stillRunning, []);
    assert.equal(await isOpen(port), false);
  });

  it('kills one that ignores SIGTERM, once the grace period is over', async () => {
    const port = await real.node(`${SERVE} process.on('SIGTERM', () => {});`);
    const outcome = expectKind(await stop(port, 'stop', 300), 'stopped');
    assert.equal(outcome.signal, 'SIGKILL');
    assert.ok(outcome.tookMs >= 300);
  });

  it('names the child that kept the socket, and leaves it alone', async () => {
    const port = await real.node(`
      const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
        require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
          stdio: ['ignore', 'ignore', 'ignore', server._handle.fd],
        }).on('spawn', () => console.log('port ' + server.address().port));
      });`);
    const owner = await real.owner(port);
    const outcome = expectKind(await stop(port), 'port-held');
    const holder = outcome.holders[0]?.listener.owner;
    assert.equal(outcome.holders[0]?.how, 'same-socket');
    assert.ok(holder?.kind === 'exact');
    assert.notEqual(holder.process.pid, owner.pid);
    assert.equal(await isOpen(port), true);
    expectKind(await stop(port, 'tree'), 'stopped');
  });

  it('sees a supervisor’s loop bring it back, names the loop, and ends both as a tree', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'portlight-stop-'));
    try {
      const script = path.join(folder, 'server.js');
      // A fixed port, as a restarted server has: the first life chooses it.
      fs.writeFileSync(
        script,
        `const fs = require('node:fs'), file = __dirname + '/port';
         const port = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
         const server = require('node:net').createServer().listen(port, '127.0.0.1', () => {
           fs.writeFileSync(file, String(server.address().port));
           console.log('port ' + server.address().port);
         });`,
      );
      const loop = `while :; do '${process.execPath}' '${script}'; sleep 0.1; done`;
      const port = await real.start('/bin/sh', ['-c', loop]);
      const before = await real.owner(port);
      const outcome = expectKind(await stop(port), 'came-back');
      assert.notEqual(outcome.process?.pid, before.pid);
      assert.equal(outcome.startedBy?.pid, before.parentPid);
      assert.equal(outcome.sameParent, true);
      assert.ok(outcome.startedBy);
      const row = await real.row(port);
      const [again] = await real.stop({ level: 'tree', listeners: [row], root: outcome.startedBy });
      expectKind(again?.outcome, 'stopped');
      assert.deepEqual(real.marked(), []);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('stops a whole npm script: npm, its shell and the server', async function () {
    if (!(await hasProgram('npm'))) skip(this, 'needs npm');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'portlight-stop-'));
    try {
      fs.writeFileSync(path.join(folder, 'server.js'), SERVE);
      const scripts = { dev: `"${process.execPath}" server.js && true` };
      fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'demo', scripts }));
      const port = await real.start('npm', ['run', 'dev'], { cwd: folder });
      const plan = await real.plan({ level: 'tree', listeners: [await real.row(port)] });
      assert.equal(plan.roots[0]?.commandLine.join(' '), 'npm run dev');
      assert.ok(plan.targets.length >= 3, plan.targets.map(({ process }) => process.name).join());
      const [first] = await real.execute(plan);
      expectKind(first?.outcome, 'stopped');
      assert.deepEqual(real.marked(), []);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('stops a process whose first thread has ended while another still listens', async function () {
    if (!(await hasProgram('python3'))) skip(this, 'needs python3');
    const port = await real.start('python3', [
      '-c',
      [
        'import ctypes, os, socket, threading, time',
        's = socket.create_server(("127.0.0.1", 0))',
        'threading.Thread(target=lambda: time.sleep(600)).start()',
        'print("port %d" % s.getsockname()[1], flush=True)',
        // exit(2), the system call: it ends one thread, where the library's ends all. Its number differs by machine.
        'ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0)',
      ].join('\n'),
    ]);
    const row = await real.row(port);
    assert.ok(row.owner.kind === 'exact');
    const controller = new ProcessController();
    for (let tries = 0; controller.inspect(row.owner.process.pid)?.state !== 'Z'; tries++) {
      assert.ok(tries < 200, 'the first thread has not ended');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.deepEqual(controller.verify(row.owner.process, { mustHold: row.inodes }), { kind: 'valid' });
    expectKind(await stop(port), 'stopped');
    assert.equal(await isOpen(port), false);
  });

  it('knows a zombie for what it is: ended', async () => {
    // `exec` replaces the shell by a program that never waits for the shell's child.
    await real.start('/bin/sh', ['-c', 'sleep 0.01 & echo port $!; exec sleep 600']).then(async (pid) => {
      const controller = new ProcessController();
      for (let tries = 0; controller.inspect(pid)?.state !== 'Z'; tries++) {
        assert.ok(tries < 500, 'no zombie');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const zombie = controller.inspect(pid);
      assert.ok(zombie);
      assert.deepEqual(controller.verify(zombie), { kind: 'gone' });
      assert.deepEqual(controller.signal(zombie, 'SIGTERM'), { kind: 'gone' });
      const parent = controller.inspect(zombie.parentPid);
      assert.ok(parent);
      assert.deepEqual(controller.descendants(parent), []);
    });
  });

  it('signals nobody where the pid belongs to another process by now', async () => {
    const port = await real.node(SERVE);
    const row = await real.row(port);
    assert.ok(row.owner.kind === 'exact');
    const stale = {
      ...row.owner,
      process: { ...row.owner.process, startTicks: row.owner.process.startTicks - 1 },
    };
    const [first] = await real.stop({ level: 'kill', listeners: [{ ...row, owner: stale }] });
    assert.equal(expectKind(first?.outcome, 'changed').change, 'pid-reused');
    assert.equal(await isOpen(port), true);
  });

  it('signals nobody where the process does not hold the socket', async () => {
    const [a, b] = [await real.node(SERVE), await real.node(SERVE)];
    const controller = new ProcessController();
    const answer = controller.signal(await real.owner(a), 'SIGKILL', {
      mustHold: (await real.row(b)).inodes,
    });
    assert.deepEqual(answer, { kind: 'socket-not-held' });
    assert.equal(await isOpen(a), true);
  });

  it('ends every row of a process that serves several, and says so before', async () => {
    const port = await real.node(`${SERVE}
      const second = require('node:net').createServer().listen(0, '127.0.0.1');`);
    const plan = await real.plan({ level: 'stop', listeners: [await real.row(port)] });
    assert.equal(plan.alsoServes.length, 1);
    const [first] = await real.execute(plan);
    expectKind(first?.outcome, 'stopped');
    assert.equal(await isOpen(plan.alsoServes[0]?.port ?? 0), false);
  });

  it('leaves clients of the port alone', async () => {
    const port = await real.node(SERVE);
    await real.start(process.execPath, [
      '-e',
      `const client = require('node:net').connect(${port}, '127.0.0.1', () => console.log('port 1'));
       client.on('close', () => {}); setInterval(() => {}, 1000);`,
    ]);
    const { pid } = await real.owner(port);
    const client = real.marked().filter((it) => it !== pid);
    expectKind(await stop(port, 'tree'), 'stopped');
    assert.deepEqual(real.marked(), client);
  });

  it('refuses pids that kill(2) would take for groups, pid 1, and itself', () => {
    const sent: number[] = [];
    const controller = new ProcessController({ kill: (pid) => sent.push(pid) });
    for (const pid of [0, -1, 1, -process.pid, process.pid, 1.5, Number.NaN]) {
      assert.deepEqual(controller.signal({ pid, startTicks: 0 }, 'SIGKILL'), { kind: 'refused' }, `${pid}`);
    }
    assert.deepEqual(sent, []);
  });

  it('is not permitted to stop another user’s process, sees it as hidden, and offers sudo', async function () {
    if (process.getuid?.() !== 0) skip(this, 'needs root, to be two other users');
    const port = await real.node(SERVE, { uid: 65533 });
    const { pid } = await real.owner(port);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'portlight-stop-'));
    try {
      fs.chmodSync(folder, 0o755);
      const actor = path.join(folder, 'actor.cjs');
      const entry = path.join(import.meta.dirname, 'support', 'stop-actor.ts');
      await build({
        entryPoints: [entry],
        outfile: actor,
        bundle: true,
        platform: 'node',
        logLevel: 'error',
      });
      const { stdout } = await promisify(execFile)(process.execPath, [actor, String(port), String(pid)], {
        uid: 65534,
        gid: 65534,
        cwd: '/',
        timeout: 60_000,
      });
      const answer = JSON.parse(stdout) as { listed: StopOutcome; known: StopOutcome };
      const refused = expectKind(answer.listed, 'refused');
      assert.equal(refused.refusal.code, 'hidden-owner');
      const denied = expectKind(answer.known, 'not-permitted');
      assert.equal(denied.command, `sudo kill -TERM ${pid}`);
      assert.equal(await isOpen(port), true);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
