import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readProcess } from '../../src/machine/linux/process';
import type { Listener } from '../../src/ports/listener';
import type { Process } from '../../src/ports/owner';
import { withTemporaryFolder } from '../support/cleanup';
import { skip } from '../support/skip';
import type { Actor } from './support/actor';
import { inLab, needsCommand, needsLinux, needsRoot, until, type Lab } from './support/lab';
import { lookThrough } from './support/look-as';

/** The owner of a row that must have a visible one. */
function ownerOf(row: Listener | undefined): Extract<Listener['owner'], { process: Process }> {
  assert.ok(row !== undefined && 'process' in row.owner, `no visible owner: ${JSON.stringify(row?.owner)}`);
  return row.owner;
}

const pids = (list: readonly Process[]): number[] => list.map(({ pid }) => pid).sort((a, b) => a - b);

/** A program that prints a line of numbers when it is ready, and ends with its standard input. */
async function startProgram(
  lab: Lab,
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<{ pid: number; line: string; end: () => Promise<void> }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const end = async (): Promise<void> => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
  };
  lab.finally(end);
  child.stdin.on('error', () => undefined);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => {
      resolve(data.toString().trim());
    });
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`${command} ended early`));
    });
  });
  return { pid: child.pid ?? 0, line, end };
}

describe('owners of sockets', () => {
  before(function () {
    needsLinux(this);
    needsCommand(this, 'perl');
  });

  it(
    'are the process above its forked workers, which share the socket',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const workers = [await actor.fork(), await actor.fork()];
      lab.look();
      const owner = ownerOf(lab.only(port));
      assert.equal(owner.process.pid, actor.pid);
      assert.deepEqual(
        pids(owner.coOwners),
        workers.sort((a, b) => a - b),
      );
    }),
  );

  it(
    'are found with their workers at a first glance, and with whom they handed the socket right after it',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const worker = await actor.fork();
      const program = path.join(__dirname, 'support/pass.mjs');
      const passing = await startProgram(lab, process.execPath, [program]);
      const handed = JSON.parse(passing.line) as { port: number; child: number };
      lab.look('tick');
      const owner = ownerOf(lab.only(port));
      assert.equal(owner.process.pid, actor.pid);
      assert.deepEqual(pids(owner.coOwners), [worker]);
      assert.ok([passing.pid, handed.child].includes(ownerOf(lab.only(handed.port)).process.pid));
      lab.look('tick');
      const both = ownerOf(lab.only(handed.port));
      assert.equal(both.process.pid, passing.pid);
      assert.deepEqual(pids(both.coOwners), [handed.child]);
    }),
  );

  it(
    'are found with their workers when both are new since the last look',
    inLab(async (lab) => {
      lab.look();
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const worker = await actor.fork();
      lab.look('tick');
      assert.deepEqual(pids(ownerOf(lab.only(port)).coOwners), [worker]);
    }),
  );

  it(
    'change to the fork that keeps the socket when the first owner ends',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const worker = await actor.fork();
      lab.look();
      await actor.quit();
      lab.look('tick');
      const owner = ownerOf(lab.only(port));
      assert.equal(owner.process.pid, worker);
      assert.deepEqual(owner.coOwners, []);
    }),
  );

  it(
    'include a fork that came later, after the reader has looked around',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      lab.look();
      const worker = await actor.fork();
      lab.look('tables');
      assert.deepEqual(pids(ownerOf(lab.only(port)).coOwners), [worker]);
    }),
  );

  it(
    'include a child that was handed the socket under another descriptor',
    inLab(async (lab) => {
      lab.look();
      const program = path.join(__dirname, 'support/pass.mjs');
      const { pid, line } = await startProgram(lab, process.execPath, [program]);
      const { port, child } = JSON.parse(line) as { port: number; child: number };
      lab.look('tick');
      const owner = ownerOf(lab.only(port));
      assert.equal(owner.process.pid, pid);
      assert.deepEqual(pids(owner.coOwners), [child]);
    }),
  );

  it(
    'are found behind a first thread that has ended (state Z)',
    inLab(async function (lab) {
      needsCommand(this, 'python3');
      const { pid, line } = await startProgram(lab, 'python3', [path.join(__dirname, 'support/thread.py')]);
      await until(() => readProcess(pid)?.state === 'Z', 'the first thread ends');
      lab.look();
      const owner = ownerOf(lab.only(Number(line)));
      assert.equal(owner.process.pid, pid);
      assert.equal(owner.process.state, 'Z');
    }),
  );

  it(
    'are marked when their program was deleted',
    inLab(async (lab) => {
      await withTemporaryFolder('deleted', async (folder) => {
        const copy = path.join(folder, 'copied node');
        copyFileSync(process.execPath, copy);
        const script =
          "const s=require('net').createServer().listen(0,'127.0.0.1',()=>console.log(s.address().port));process.stdin.on('end',()=>process.exit()).resume()";
        const { line, end } = await startProgram(lab, copy, ['-e', script]);
        rmSync(copy);
        lab.look();
        const { process: owner } = ownerOf(lab.only(Number(line)));
        assert.equal(owner.executable, copy);
        assert.equal(owner.executableDeleted, true);
        await end();
      });
    }),
  );

  it(
    'tell project, npm script, terminal program and working directory',
    inLab(async (lab) => {
      await withTemporaryFolder('project', async (folder) => {
        mkdirSync(path.join(folder, 'src/deep'), { recursive: true });
        writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'shop-front' }));
        const actor = await lab.actor({
          cwd: path.join(folder, 'src/deep'),
          env: {
            npm_lifecycle_event: 'dev',
            npm_package_name: 'shop-front',
            npm_package_json: path.join(folder, 'package.json'),
            TERM_PROGRAM: 'vscode',
          },
        });
        const port = await actor.listen('a', 4, '127.0.0.1');
        lab.look();
        const owner = ownerOf(lab.only(port)).process;
        assert.equal(owner.cwd, path.join(folder, 'src/deep'));
        assert.deepEqual(owner.project, { folder, name: 'shop-front' });
        assert.deepEqual(owner.npm, {
          script: 'dev',
          packageName: 'shop-front',
          packageJson: path.join(folder, 'package.json'),
        });
        assert.equal(owner.terminalProgram, 'vscode');
        assert.ok(Math.abs(owner.startedAt - Date.now()) < 60_000, 'its start time is about now');
        await actor.end();
      });
    }),
  );

  it(
    'that were started with sockets of a launcher say so',
    inLab(async (lab) => {
      // The launcher opens the socket as descriptor 3 and becomes the server: same pid, same descriptor.
      const launcher =
        'use Socket; socket($s, AF_INET, SOCK_STREAM, 0); bind($s, pack_sockaddr_in(0, INADDR_LOOPBACK)); listen($s, 5);' +
        '$^F = 255; open(F, "<&=", fileno($s)); $ENV{LISTEN_FDS} = 1; $ENV{LISTEN_PID} = $$;' +
        'use Fcntl; fcntl($s, F_SETFD, 0); print +(unpack_sockaddr_in(getsockname $s))[0], "\\n"; $| = 1; print "";' +
        'exec "perl", "-e", "sysread STDIN, my \\$x, 1";';
      const { pid, line } = await startProgram(lab, 'perl', ['-e', launcher]);
      await until(() => readProcess(pid)?.socketActivated === true, 'the launcher becomes the server');
      lab.look();
      const owner = ownerOf(lab.only(Number(line)));
      assert.equal(owner.process.pid, pid);
      assert.equal(owner.process.socketActivated, true);
    }),
  );

  it(
    'keep their facts true when a process becomes another program',
    inLab(async (lab) => {
      const script =
        'use Socket; socket($s, AF_INET, SOCK_STREAM, 0); bind($s, pack_sockaddr_in(0, INADDR_LOOPBACK)); listen($s, 5);' +
        'use Fcntl; fcntl($s, F_SETFD, 0); $| = 1; print +(unpack_sockaddr_in(getsockname $s))[0], "\\n";' +
        'sysread STDIN, my $x, 1; exec "sleep", "60";';
      const child = spawn('perl', ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      lab.finally(() => child.kill('SIGKILL'));
      const port = Number(await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve)));
      lab.look();
      const before = lab.only(port);
      assert.equal(ownerOf(before).process.name, 'perl');
      child.stdin.write('x');
      await until(() => readProcess(child.pid ?? 0)?.name === 'sleep', 'perl becomes sleep');
      lab.look('tick');
      assert.equal(ownerOf(lab.only(port)).process.name, 'sleep');
      assert.equal(lab.only(port).id, before.id, 'it is the same process');
    }),
  );

  it(
    'of a reused pid are the new process',
    inLab(async function (lab) {
      needsRoot(this);
      const first = await lab.actor();
      const port = await first.listen('a', 4, '127.0.0.1');
      lab.look();
      const before = ownerOf(lab.only(port)).process;
      await first.end();
      const second = await reuse(lab, first.pid);
      if (second === undefined) skip(this, 'needs a pid that nobody else takes in twenty tries');
      await second.listen('a', 4, '127.0.0.1', port);
      lab.look('tick');
      const after = ownerOf(lab.only(port)).process;
      assert.equal(after.pid, before.pid);
      assert.notEqual(after.startTicks, before.startTicks);
      assert.match(lab.only(port).id, new RegExp(`:${after.pid}@${after.startTicks}$`));
    }),
  );
});

/** Asks the kernel for a certain pid (ns_last_pid of proc_sys_kernel(5)). */
async function reuse(lab: Lab, pid: number): Promise<Actor | undefined> {
  for (let attempt = 0; attempt < 20; attempt++) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    const actor = await lab.actor();
    if (actor.pid === pid) return actor;
    await actor.end();
  }
  return undefined;
}

describe('owners that may not be seen', () => {
  before(function () {
    needsLinux(this);
    needsRoot(this);
    for (const command of ['perl', 'setpriv', 'unshare']) needsCommand(this, command);
  });

  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

  it(
    "are another user's: the row and its uid are there, the process is not guessed",
    inLab(async (lab) => {
      const [theirs, own] = [await lab.actor(), await lab.actor()];
      const port = await theirs.listen('a', 4, '127.0.0.1');
      await own.tell('user', 65534);
      const ownPort = await own.listen('b', 4, '127.0.0.1');
      const { changed, limits, machine } = await lookThrough(asNobody);
      assert.equal(machine?.uid, 65534);
      const row = changed.find((listener) => listener.port === port);
      assert.deepEqual(row?.owner, { kind: 'hidden', uid: 0, user: 'root' });
      assert.equal(row.id, `tcp:${port}:uid0`);
      const mine = changed.find((listener) => listener.port === ownPort);
      // A process that changed its user may not be looked into by its equals (PR_SET_DUMPABLE): hidden, not "kernel".
      assert.ok(mine?.owner.kind === 'hidden' && mine.owner.uid === 65534);
      const hidden = changed.filter(({ owner }) => owner.kind === 'hidden').length;
      assert.deepEqual(limits, [{ code: 'owners-hidden', listeners: hidden }]);
    }),
  );

  it(
    'are invisible altogether behind hidepid, and the snapshot says so',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const script = 'mount -t proc -o hidepid=2 proc /proc && exec "$@"';
      const { changed, limits } = await lookThrough([
        'unshare',
        '--mount',
        'sh',
        '-c',
        script,
        'sh',
        ...asNobody,
      ]);
      const row = changed.find((listener) => listener.port === port);
      assert.equal(row?.owner.kind, 'hidden');
      assert.ok(limits.some(({ code }) => code === 'hidepid'));
    }),
  );

  it(
    'of sockets of the kernel are said to be the kernel, or hidden',
    inLab(async function () {
      needsCommand(this, 'ip');
      const script =
        'ip link set lo up && ip link add vx0 type vxlan id 42 local 127.0.0.1 dstport 4789 dev lo && ip link set vx0 up && exec "$@"';
      const probe = spawnSync('unshare', ['--net', 'sh', '-c', script, 'sh', 'true'], { encoding: 'utf8' });
      if (probe.status !== 0) skip(this, 'needs a kernel with vxlan');
      const { changed } = await lookThrough(['unshare', '--net', 'sh', '-c', script, 'sh']);
      const row = changed.find((listener) => listener.port === 4789 && listener.protocol === 'udp');
      assert.deepEqual(row?.owner, { kind: 'kernel', uid: 0 });
      assert.equal(row.id, 'udp:4789:kernel');
    }),
  );

  it(
    'of another network namespace are not mixed with ours',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const { changed } = await lookThrough(['unshare', '--net']);
      assert.deepEqual(
        changed.filter((listener) => listener.port === port),
        [],
      );
    }),
  );
});

describe('facts of a process', () => {
  before(function () {
    needsLinux(this);
    needsCommand(this, 'perl');
  });

  it('are true of this very process', () => {
    const own = readProcess(process.pid);
    assert.equal(own?.parentPid, process.ppid);
    assert.equal(own.cwd, process.cwd());
    assert.equal(own.uid, process.getuid?.());
    assert.deepEqual(own.commandLine, readFileSync('/proc/self/cmdline', 'utf8').split('\0').slice(0, -1));
    assert.equal(own.foreignNetwork, undefined);
    assert.ok(existsSync(own.executable ?? ''));
  });

  it(
    'of a process with a hostile name are read to the end',
    inLab(async (lab) => {
      const script = '$0 = "a) R 1 1 ("; $| = 1; print "1\\n"; sysread STDIN, my $x, 1;';
      const { pid } = await startProgram(lab, 'perl', ['-e', script]);
      const facts = readProcess(pid);
      assert.equal(facts?.name, 'a) R 1 1 (');
      assert.equal(facts.parentPid, process.pid);
      assert.deepEqual(facts.commandLine, ['a) R 1 1 (']);
    }),
  );

  it(
    'of a zombie are what is left of it',
    inLab(async (lab) => {
      const script = 'my $pid = fork; exit 0 unless $pid; $| = 1; print "$pid\\n"; sysread STDIN, my $x, 1;';
      const { pid, line } = await startProgram(lab, 'perl', ['-e', script]);
      await until(() => readProcess(Number(line))?.state === 'Z', 'the child ends');
      const zombie = readProcess(Number(line));
      assert.equal(zombie?.parentPid, pid);
      assert.deepEqual(zombie.commandLine, []);
      assert.equal(zombie.executable, undefined);
    }),
  );

  it(
    'in another network namespace say so',
    inLab(async function (lab) {
      needsRoot(this);
      needsCommand(this, 'unshare');
      const { pid } = await startProgram(lab, 'unshare', [
        '--net',
        'perl',
        '-e',
        '$| = 1; print "1\\n"; sysread STDIN, my $x, 1;',
      ]);
      assert.equal(readProcess(pid)?.foreignNetwork, true);
    }),
  );

  it('of a process that is not there are undefined', () => {
    assert.equal(readProcess(2 ** 22 + 1), undefined);
    assert.equal(readProcess(-1), undefined);
  });
});
