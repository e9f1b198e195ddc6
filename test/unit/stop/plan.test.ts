import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import type { Listener } from '../../../src/ports/listener';
import { sameProcess, type Owner, type Process } from '../../../src/ports/owner';
import { confirmation, essentialConfirmation } from '../../../src/stop/confirmation';
import { essentialService, ESSENTIAL_SERVICES } from '../../../src/stop/essential';
import { planStop, type StopLevel } from '../../../src/stop/plan';
import { refuseProcess, type EditorFacts } from '../../../src/stop/refusals';
import { refusalSentence } from '../../../src/stop/words';
import { aProcess, EDITOR, FakeMachine, USER } from './fake-machine';

function listenerOf(owner: Owner, port = 3000): Listener {
  return {
    id: `tcp:${port}:x`,
    protocol: 'tcp',
    port,
    endpoints: [{ protocol: 'tcp', family: 'ipv4', address: '0.0.0.0', port, scope: 'wildcard' }],
    scope: 'wildcard',
    owner,
    inodes: [port],
  };
}

const exact = (process: Process, ...parents: readonly Process[]): Owner => ({
  kind: 'exact',
  process,
  parents,
  coOwners: [],
});

describe('what is refused', () => {
  const cases: readonly [string, Process, ReturnType<typeof refuseProcess>][] = [
    ['pid 1', aProcess(1, { name: 'systemd' }), 'init'],
    ['a kernel thread', aProcess(77, { kernelThread: true, commandLine: [] }), 'kernel-thread'],
    ['the extension host', aProcess(500), 'extension-host'],
    ['an ancestor of the extension host', aProcess(400), 'extension-host-ancestor'],
    ['the shell of an editor’s terminal', aProcess(600, { name: 'zsh' }), 'terminal-shell'],
    [
      'the shell of another window’s terminal',
      aProcess(700, {
        name: 'bash',
        tty: 'pts/4',
        commandLine: ['/bin/bash', '--init-file', '/opt/code/shellIntegration-bash.sh'],
      }),
      'terminal-shell',
    ],
    ['a login shell', aProcess(701, { name: 'zsh', tty: 'pts/5', commandLine: ['-zsh'] }), 'terminal-shell'],
    [
      'a shell that runs a script',
      aProcess(702, { name: 'sh', tty: 'pts/5', commandLine: ['sh', 'dev.sh'] }),
      undefined,
    ],
    [
      'a shell that runs a command',
      aProcess(703, { name: 'sh', tty: 'pts/5', commandLine: ['sh', '-c', 'vite'] }),
      undefined,
    ],
    [
      'the pty host',
      aProcess(710, {
        executable: '/opt/code/code',
        commandLine: ['/opt/code/code', '--type=ptyHost', '--logsPath', '/x'],
      }),
      'editor',
    ],
    [
      'a file watcher of a server',
      aProcess(711, {
        executable: '/usr/bin/node',
        commandLine: ['node', '/opt/code/out/bootstrap-fork', '--type=fileWatcher'],
      }),
      'editor',
    ],
    [
      'the desktop main process',
      aProcess(712, { executable: '/opt/code/code', commandLine: ['/opt/code/code', '.'] }),
      'editor',
    ],
    [
      'a language server that the editor’s runtime runs',
      aProcess(713, {
        executable: '/opt/code/code',
        commandLine: ['/opt/code/code', '/home/alice/.vscode/extensions/x/server.js', '--stdio'],
      }),
      undefined,
    ],
    [
      'a program whose folder only begins like the editor’s',
      aProcess(714, { executable: '/opt/code-other/x', commandLine: ['x'] }),
      undefined,
    ],
    ['an ordinary server', aProcess(715), undefined],
  ];
  for (const [name, process, expected] of cases) {
    it(`${name}: ${expected ?? 'may be stopped'}`, () => {
      assert.equal(refuseProcess(process, EDITOR), expected);
    });
  }

  for (const [appRoot, script] of [
    ['/home/a/.vscode-server/cli/servers/Stable-1/server', 'out/server-main.js'],
    ['/usr/lib/code-server/lib/vscode', 'out/node/entry'],
  ] as const) {
    it(`knows ${script} below ${appRoot}`, () => {
      const facts: EditorFacts = { ...EDITOR, appRoot };
      const root = appRoot.replace('/lib/vscode', '');
      assert.equal(
        refuseProcess(aProcess(720, { commandLine: ['node', `${root}/${script}`] }), facts),
        'editor',
      );
    });
  }

  it('has nothing to signal where the owner is hidden or the kernel', () => {
    const view = { listeners: [], uid: USER, editor: EDITOR };
    const hidden = listenerOf({ kind: 'hidden', uid: 999, user: 'postgres' }, 5432);
    const kernel = { ...listenerOf({ kind: 'kernel', uid: 0 }, 4789), id: 'k' };
    const plan = planStop({ level: 'stop', listeners: [hidden, kernel] }, view, () => []);
    assert.deepEqual(plan.targets, []);
    assert.deepEqual(
      plan.refusals.map(({ code }) => code),
      ['hidden-owner', 'kernel-socket'],
    );
    const [first] = plan.refusals;
    assert.ok(first?.code === 'hidden-owner');
    assert.equal(first.command, 'sudo ss -tlnp sport = :5432');
    assert.match(refusalSentence(first, 'TCP port 5432', english), /belongs to uid 999 \(postgres\)/);
    assert.equal(confirmation(plan, english), undefined);
  });
});

describe('essential services', () => {
  it('are recognised by each of their names, cut or whole', () => {
    for (const service of ESSENTIAL_SERVICES) {
      for (const name of service.names) {
        const process = aProcess(50, { name: name.slice(0, 15), commandLine: [] });
        assert.equal(essentialService(process), service, name);
        assert.notEqual(service.loses(english), '');
      }
    }
  });

  it('are not every process whose name begins alike', () => {
    for (const name of ['node', 'systemd-analyze', 'cronjob', 'sshd-proxy-test', 'Xvfb', 'dbus']) {
      assert.equal(essentialService(aProcess(50, { name, commandLine: [name] })), undefined, name);
    }
  });

  it('are asked for a second time', async () => {
    const machine = new FakeMachine();
    machine.add(
      aProcess(80, {
        name: 'sshd',
        commandLine: ['sshd: /usr/sbin/sshd -D [listener]'],
        uid: 0,
        user: 'root',
      }),
    );
    machine.listen(22, 80);
    const plan = await machine.plan({ level: 'stop', listeners: [machine.row(22)] });
    assert.match(essentialConfirmation(plan, english)?.detail ?? '', /lock yourself out/);
    assert.match(confirmation(plan, english)?.detail ?? '', /runs as root/);
  });
});

describe('what the user is told before', () => {
  it('names process, pid, user, port, and what else it serves', async () => {
    const machine = new FakeMachine();
    machine.add(aProcess(100));
    machine.listen(3000, 100);
    machine.listen(9229, 100);
    const plan = await machine.plan({ level: 'stop', listeners: [machine.row(3000)] });
    const asked = confirmation(plan, english);
    assert.equal(asked?.message, 'Stop node (pid 100) of user alice on TCP port 3000?');
    assert.equal(asked.detail, 'Command: node server100.js\nThis also ends TCP port 9229.');
    assert.equal(asked.confirm, 'Stop');
  });

  it('tells by what a developer knows it: the short command and the project, hostile names as text', async () => {
    const ask = async (facts: Partial<Process>): Promise<string | undefined> => {
      const machine = new FakeMachine();
      machine.add(aProcess(100, facts));
      machine.listen(3000, 100);
      return confirmation(await machine.plan({ level: 'stop', listeners: [machine.row(3000)] }), english)
        ?.detail;
    };
    const cwd = '/home/alice/shop';
    const project = { name: 'shop\u202e', folder: cwd };
    const commandLine = ['node', `${cwd}/node_modules/.bin/vite`, 'dev', '--port', '3000'];
    assert.equal(
      await ask({ commandLine, cwd, project }),
      `Command: vite dev\nProject: shop\ufffd, in ${cwd}`,
    );
    assert.equal(await ask({ commandLine: ['node'], cwd }), `Working directory: ${cwd}`);
    assert.equal(await ask({ commandLine: ['node'] }), '');
  });

  it('tells several apart by their commands', async () => {
    const machine = new FakeMachine();
    for (const pid of [100, 200]) {
      machine.add(aProcess(pid));
      machine.listen(3000 + pid, pid);
    }
    const plan = await machine.plan({ level: 'stop', listeners: [machine.row(3100), machine.row(3200)] });
    const lines = confirmation(plan, english)?.detail.split('\n') ?? [];
    assert.deepEqual(lines.sort(), [
      '• node (pid 100) of user alice: TCP port 3100 · node server100.js',
      '• node (pid 200) of user alice: TCP port 3200 · node server200.js',
    ]);
  });

  it('says that a container owns a forwarded port, with the engine’s command', () => {
    const proxy = aProcess(300, {
      name: 'docker-proxy',
      uid: 0,
      commandLine:
        '/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80'.split(
          ' ',
        ),
    });
    const plan = planStop(
      { level: 'stop', listeners: [listenerOf(exact(proxy), 8080)] },
      { listeners: [], uid: USER, editor: EDITOR },
      () => [],
    );
    const warning = plan.warnings.find(({ code }) => code === 'container-proxy');
    assert.ok(warning?.code === 'container-proxy');
    assert.equal(warning.forwardsTo, '172.17.0.2:80');
    assert.equal(warning.command, 'docker stop $(docker ps --quiet --filter publish=8080/tcp)');
  });

  it('points to the unit of a systemd service, and quotes what could be a command', () => {
    const systemd = aProcess(1, { name: 'systemd', uid: 0 });
    const server = aProcess(301, { unit: "x'$(reboot).service" });
    const plan = planStop(
      { level: 'stop', listeners: [listenerOf(exact(server, systemd))] },
      { listeners: [], uid: USER, editor: EDITOR },
      () => [],
    );
    const [warning] = plan.warnings;
    assert.ok(warning?.code === 'service');
    assert.equal(warning.command, String.raw`sudo systemctl stop 'x'\''$(reboot).service'`);
  });

  it('names a watcher that restarts, and takes it along at level tree', () => {
    const nodemon = aProcess(90, { commandLine: ['node', '/p/node_modules/nodemon/bin/nodemon.js', 'a.js'] });
    const server = aProcess(100, { parentPid: 90 });
    const view = { listeners: [], uid: USER, editor: EDITOR };
    const listeners = [listenerOf(exact(server, nodemon))];
    const stop = planStop({ level: 'stop', listeners }, view, () => []);
    assert.deepEqual(
      stop.warnings.map(({ code }) => code),
      ['supervised'],
    );
    const tree = planStop({ level: 'tree', listeners }, view, () => [server]);
    assert.deepEqual(
      tree.targets.map(({ process }) => process.pid),
      [100, 90],
    );
    assert.deepEqual(tree.warnings, []);
  });

  it('keeps supervisors of many services out of a tree', () => {
    const daemon = aProcess(90, {
      name: 'PM2 v5.4.2: God',
      commandLine: ['PM2 v5.4.2: God Daemon (/home/a/.pm2)'],
    });
    const server = aProcess(100, { parentPid: 90 });
    const plan = planStop(
      { level: 'tree', listeners: [listenerOf(exact(server, daemon))] },
      { listeners: [], uid: USER, editor: EDITOR },
      () => [],
    );
    assert.deepEqual(
      plan.roots.map(({ pid }) => pid),
      [100],
    );
  });

  it('takes a loop in a shell for the supervisor that it is, and no other shell', () => {
    const top = (...commandLine: readonly string[]): number | undefined => {
      const shell = aProcess(90, { name: 'bash', commandLine });
      const server = aProcess(100, { parentPid: 90 });
      const plan = planStop(
        { level: 'tree', listeners: [listenerOf(exact(server, shell))] },
        { listeners: [], uid: USER, editor: EDITOR },
        () => [server],
      );
      return plan.roots[0]?.pid;
    };
    assert.equal(top('bash', '-c', 'while true; do node server.js; done'), 90);
    assert.equal(top('sh', '-c', ' until node server.js; do sleep 1; done'), 90);
    assert.equal(top('sh', '-c', 'node server.js --while x'), 100);
    assert.equal(top('bash', 'while.sh'), 100);
  });

  it('takes the parent that the user chose as the tree’s top', () => {
    const script = aProcess(90, { name: 'bash', commandLine: ['bash', 'loop.sh'] });
    const server = aProcess(100, { parentPid: 90 });
    const plan = planStop(
      { level: 'tree', listeners: [listenerOf(exact(server, script))], root: script },
      { listeners: [], uid: USER, editor: EDITOR },
      () => [server],
    );
    assert.deepEqual(
      plan.targets.map(({ process }) => process.pid),
      [100, 90],
    );
  });
});

/** Random machines: a forest of processes of all kinds, and rows held by any of them. */
const machines = fc.gen().map((gen) => {
  const machine = new FakeMachine();
  const kinds: readonly Partial<Process>[] = [
    {},
    { name: 'bash', commandLine: ['bash'], tty: 'pts/1' },
    { name: 'sh', commandLine: ['sh', '-c', 'node a.js'] },
    { name: 'kworker/0:1', commandLine: [], kernelThread: true, uid: 0 },
    { name: 'npm', commandLine: ['npm', 'run', 'dev'] },
    { commandLine: ['node', '/x/node_modules/nodemon/bin/nodemon.js'] },
    { executable: '/opt/code/code', commandLine: ['/opt/code/code', '--type=ptyHost'] },
    { uid: 0, user: 'root' },
  ];
  const pids = [1];
  const candidates = [400, 500, 600, ...Array.from({ length: 20 }, (_, index) => 1000 + index)];
  for (const pid of candidates) {
    const parentPid = pids[gen(fc.nat, { max: pids.length - 1 })] ?? 1;
    const kind = kinds[gen(fc.nat, { max: kinds.length - 1 })];
    machine.add(aProcess(pid, { ...kind, parentPid }));
    pids.push(pid);
  }
  for (let port = 3000; port < 3006; port++) {
    machine.listen(port, ...gen(fc.subarray, pids, { minLength: 1, maxLength: 3 }));
  }
  const level: StopLevel = (['stop', 'kill', 'tree'] as const)[gen(fc.nat, { max: 2 })] ?? 'stop';
  const chosen = gen(fc.subarray, [...machine.rows()], { minLength: 1 });
  return { machine, level, chosen };
});

describe('any plan', () => {
  it('spares pid 1, the editor, its ancestors, kernel threads and shells, and touches only owners and their trees', async () => {
    await fc.assert(
      fc.asyncProperty(machines, async ({ machine, level, chosen }) => {
        const plan = await machine.plan({ level, listeners: chosen });
        const families = await Promise.all(plan.roots.map((root) => machine.descendants(root)));
        for (const { process, listeners } of plan.targets) {
          assert.ok(process.pid > 1);
          assert.notEqual(process.pid, EDITOR.ownPid);
          assert.ok(!EDITOR.ancestors.includes(process.pid));
          assert.ok(!EDITOR.terminalShellPids.includes(process.pid));
          assert.notEqual(process.kernelThread, true);
          assert.ok(!(process.name === 'bash' && process.tty !== undefined), 'a shell');
          assert.ok(!process.commandLine.includes('--type=ptyHost'), 'a part of the editor');
          const held = chosen.some(
            ({ owner }) =>
              owner.kind === 'exact' &&
              [owner.process, ...owner.coOwners].some((it) => sameProcess(it, process)),
          );
          const inTree = [...plan.roots, ...families.flat()].some((it) => sameProcess(it, process));
          assert.ok(level === 'tree' ? held || inTree : held, `${process.pid} is nobody’s`);
          assert.ok(listeners.length > 0);
        }
        // A row is either refused or has a target that ends its owner.
        for (const { id, owner } of chosen) {
          const refused = plan.refusals.some(({ listenerId }) => listenerId === id);
          const ends = plan.targets.some(
            ({ process }) => owner.kind === 'exact' && sameProcess(owner.process, process),
          );
          assert.ok(refused || ends || level === 'tree', `${id} is forgotten`);
          assert.ok(!(refused && ends && level !== 'tree'), `${id} is both refused and stopped`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('signals children before their parents', async () => {
    await fc.assert(
      fc.asyncProperty(machines, async ({ machine, chosen }) => {
        const { targets } = await machine.plan({ level: 'tree', listeners: chosen });
        const order = targets.map(({ process }) => process.pid);
        for (const { process } of targets) {
          const parent = order.indexOf(process.parentPid);
          if (parent >= 0) assert.ok(order.indexOf(process.pid) < parent);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('executes to an outcome for every row, and signals nobody outside it', async () => {
    await fc.assert(
      fc.asyncProperty(machines, async ({ machine, level, chosen }) => {
        const { targets } = await machine.plan({ level, listeners: chosen });
        const outcomes = await machine.stop({ level, listeners: chosen });
        assert.deepEqual(
          outcomes.map(({ listener }) => listener.id),
          chosen.map(({ id }) => id),
        );
        for (const signal of machine.signals) {
          assert.ok(
            targets.some(({ process }) => signal.endsWith(` ${process.pid}`)),
            signal,
          );
        }
        for (const { listener, outcome } of outcomes) {
          const open = machine.rows().some(({ port }) => port === listener.port);
          if (outcome.kind === 'stopped') assert.equal(open, false, 'called free, yet open');
        }
      }),
      { numRuns: 150 },
    );
  });
});
