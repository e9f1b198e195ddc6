import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import { originsOf, originWords, roleLabel, roleOf, type OriginContext } from '../../../src/ownership/origin';
import type { Process } from '../../../src/ports/owner';
import { aBareProcess } from '../editor/views/sample';

const CONTEXT: OriginContext = { terminalPids: new Map([[50, 'zsh']]), extensionHostPid: 40 };

function process(pid: number, commandLine: readonly string[], about: Partial<Process> = {}): Process {
  return aBareProcess({ pid, parentPid: pid - 1, name: commandLine[0] ?? '', commandLine, ...about });
}

const SERVER = process(100, ['node', 'server.js']);
const NPM = process(90, ['npm run dev']);
const TERMINAL = process(50, ['/bin/zsh', '-i']);
const HOST = process(40, [
  '/opt/node',
  '/home/me/.vscode-server/bin/1/out/bootstrap-fork',
  '--type=extensionHost',
]);
const INIT = process(1, ['/sbin/init'], { parentPid: 0, executable: '/usr/lib/systemd/systemd' });

function origin(one: Process, parents: readonly Process[], context = CONTEXT) {
  return originsOf(one, parents, context).map((found) => found.kind);
}

describe('originsOf', () => {
  it("finds the npm script and the editor's terminal in which it runs", () => {
    const npm = { script: 'dev', packageName: 'shop', packageJson: '/home/me/shop/package.json' };
    const origins = originsOf({ ...SERVER, npm }, [NPM, TERMINAL, HOST, INIT], CONTEXT);
    assert.deepEqual(origins, [
      { kind: 'npm-script', ...npm },
      { kind: 'terminal', name: 'zsh', pid: 50 },
    ]);
    assert.deepEqual(
      origins.map((found) => originWords(found, english)),
      ['Started by the npm script “dev” of shop', "Started in the editor's terminal “zsh”"],
    );
  });

  it('takes no script or supervisor that started the editor for what started a server in it', () => {
    const npm = { script: 'start', packageName: 'portlight', packageJson: '/home/me/portlight/package.json' };
    const above = [
      { ...TERMINAL, npm },
      { ...HOST, npm },
      process(30, ['node', '/x/.bin/nodemon'], { npm }),
      process(20, ['npm start']),
      INIT,
    ];
    assert.deepEqual(origin({ ...SERVER, npm }, above), ['terminal']);
    // The same script once more, this time in the terminal.
    assert.deepEqual(origin({ ...SERVER, npm }, [{ ...NPM, npm }, ...above]), ['npm-script', 'terminal']);
    const dev = { ...npm, script: 'dev' };
    assert.deepEqual(origin({ ...SERVER, npm: dev }, above), ['npm-script', 'terminal']);
  });

  const supervised: readonly (readonly [string, readonly string[]])[] = [
    ['nodemon', ['node', '/x/node_modules/.bin/nodemon', 'server.js']],
    ['pm2', ['PM2 v5.3.0: God Daemon (/home/me/.pm2)']],
    ['supervisord', ['/usr/bin/python3', '/usr/bin/supervisord', '-n']],
    ['forever', ['node', '/x/node_modules/forever/bin/forever', 'start', 'a.js']],
    ['air', ['/home/me/go/bin/air']],
    ['watchexec', ['watchexec', '-r', 'node', 'server.js']],
    ['tsx', ['node', '/x/node_modules/.bin/tsx', 'watch', 'server.ts']],
  ];
  for (const [name, commandLine] of supervised) {
    it(`finds the supervisor ${name}`, () => {
      const [found] = originsOf(SERVER, [process(80, commandLine), INIT], CONTEXT);
      assert.deepEqual(found, { kind: 'supervisor', name, pid: 80 });
    });
  }

  it('does not take tsx without watch for a supervisor', () => {
    const tsx = process(80, ['node', '/x/node_modules/.bin/tsx', 'server.ts']);
    assert.equal(roleOf(tsx, CONTEXT), 'process');
  });

  it('tells where it runs', () => {
    const sshd = process(30, ['sshd: me@pts/2'], { executable: '/usr/sbin/sshd' });
    const cron = process(30, ['/usr/sbin/cron', '-f']);
    const code = process(30, ['/usr/share/code/code', '--type=utility']);
    assert.deepEqual(origin(SERVER, [HOST, INIT]), ['extension']);
    assert.deepEqual(origin(SERVER, [process(45, ['bash']), code, INIT]), ['editor']);
    assert.deepEqual(origin(SERVER, [process(45, ['-bash']), sshd, INIT]), ['ssh']);
    assert.deepEqual(origin(SERVER, [process(45, ['/bin/sh', '-c', 'x']), cron, INIT]), ['cron']);
    assert.deepEqual(origin({ ...SERVER, tty: 'pts/3' }, [process(45, ['bash']), INIT]), ['login']);
    assert.deepEqual(origin({ ...SERVER, unit: 'shop.service', parentPid: 1 }, [INIT]), ['unit']);
    assert.deepEqual(
      origin({ ...SERVER, container: { engine: 'docker', id: 'a'.repeat(64) }, parentPid: 1 }, []),
      ['container', 'init'],
    );
    assert.deepEqual(origin({ ...SERVER, parentPid: 1 }, [INIT]), ['init']);
    assert.deepEqual(origin({ ...SERVER, parentPid: 1, tty: 'pts/3' }, [INIT]), ['orphaned']);
    assert.deepEqual(origin({ ...SERVER, unit: 'user@1000.service' }, []), ['unknown']);
    assert.deepEqual(origin(HOST, [INIT]), ['extension']);
  });

  it('names the nearest ancestor that does more than pass a command on, where none is a place', () => {
    const exec = process(80, ['npm exec vite']);
    const glue = process(85, ['sh', '-c', "'vite'"]);
    const words = (...parents: readonly Process[]): readonly string[] =>
      originsOf(SERVER, parents, CONTEXT).map((found) => originWords(found, english));
    assert.deepEqual(words(glue, exec, INIT), ['Started by npm exec vite (pid 80)']);
    assert.deepEqual(words(glue, INIT), ["Started by sh -c 'vite' (pid 85)"]);
    const nodemon = process(80, ['node', '/x/node_modules/.bin/nodemon', 'server.js']);
    assert.deepEqual(words(nodemon, INIT), ['Watched by nodemon (pid 80), which may start it again']);
  });

  it('prefers the nearest place: a terminal inside the editor, not the editor', () => {
    assert.deepEqual(origin(SERVER, [TERMINAL, HOST, INIT]), ['terminal']);
    assert.deepEqual(origin(TERMINAL, [HOST, INIT]), ['terminal']);
  });

  it('says each in a sentence, hostile names as text', () => {
    const sentences = [
      ...originsOf({ ...SERVER, container: { engine: 'docker', id: 'abcdef0123456789' } }, [HOST], CONTEXT),
      ...originsOf({ ...SERVER, npm: { script: 'a\u001bb' } }, [], CONTEXT),
    ].map((found) => originWords(found, english));
    assert.deepEqual(sentences, [
      'Runs in the docker container abcdef012345',
      'Started by an extension of this editor',
      'Started by the npm script “a�b”',
    ]);
  });
});

it('roleOf: what each ancestor is', () => {
  const roles: readonly (readonly [Process, string])[] = [
    [INIT, 'init'],
    [HOST, 'extension host'],
    [TERMINAL, "the editor's terminal"],
    [NPM, 'task runner'],
    [process(5, ['-bash']), 'shell'],
    [process(5, ['tmux: server']), 'terminal multiplexer'],
    [
      process(5, ['/lib/systemd/systemd', '--user'], { executable: '/usr/lib/systemd/systemd' }),
      'service manager',
    ],
    [process(5, ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby']), 'container runtime'],
    [process(5, ['/usr/sbin/sshd', '-D']), 'SSH session'],
    [SERVER, 'process'],
  ];
  for (const [one, label] of roles) {
    assert.equal(roleLabel(roleOf(one, CONTEXT), english), label, one.commandLine.join(' '));
  }
});
