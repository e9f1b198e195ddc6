import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import * as vscode from 'vscode';
import { systemClock } from '../../src/base/clock';
import { DisposableStore } from '../../src/base/disposable';
import { english } from '../../src/base/text';
import type { PortlightApi } from '../../src/editor/api';
import { ChoicesStore, type Memory } from '../../src/editor/choicesStore';
import { StopCommands } from '../../src/editor/commands/stopCommands';
import type { Interaction, Notice, Question } from '../../src/editor/interaction';
import { ListenersData, type ListenerNode } from '../../src/editor/views/listenersData';
import { browserScheme } from '../../src/machine/browserScheme';
import { openMachine, type Machine } from '../../src/machine/machine';
import type { Listener } from '../../src/ports/listener';
import { ListenerWatcher } from '../../src/ports/watcher';

const extension = vscode.extensions.getExtension<PortlightApi>('portlight.portlight');

/** A server of another process, in the workspace's folder. Says its port once it listens. */
class Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  get pid(): number {
    return this.child.pid ?? -1;
  }

  static async start(): Promise<Server> {
    const script = `require('node:http').createServer((q, s) => s.end('hi')).listen(0, '127.0.0.1', function () {
      process.stdout.write(String(this.address().port) + '\\n'); });`;
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const child = spawn(process.execPath, ['-e', script], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return new Server(child, Number(line.toString()));
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

/** Answers as the test says, and remembers what it was asked and told. */
class Answers implements Interaction {
  readonly questions: Question[] = [];
  readonly notices: Notice[] = [];
  constructor(private readonly yes: boolean) {}

  ask<T>(question: Question, answers: readonly { value: T }[]): Promise<T | undefined> {
    this.questions.push(question);
    return Promise.resolve(this.yes ? answers[0]?.value : undefined);
  }
  choose(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  tell(notice: Notice): void {
    this.notices.push(notice);
  }
  progress<T>(_title: string, task: (report: () => void, cancel: AbortSignal) => Promise<T>): Promise<T> {
    return task(() => undefined, new AbortController().signal);
  }
}

function memory(): Memory {
  const values = new Map<string, unknown>();
  return {
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

describe('the tree of listeners', () => {
  let store: DisposableStore;
  let machine: Machine;
  let watcher: ListenerWatcher;
  let choices: ChoicesStore;
  let data: ListenersData;
  let server: Server;

  beforeEach(async () => {
    assert.ok(extension);
    store = new DisposableStore();
    const fail = (error: unknown): void => {
      throw error instanceof Error ? error : new Error(String(error));
    };
    machine = store.add(
      openMachine({ workerPath: path.join(extension.extensionPath, 'dist/machine-worker.js') }),
    );
    watcher = store.add(new ListenerWatcher(machine.listeners, systemClock, { intervalMs: 60_000 }));
    const settings = {
      current: { groupBy: 'owner' as const, hiddenGroups: [] },
      onDidChange: () => ({ dispose: () => undefined }),
      write: () => Promise.resolve(),
    };
    choices = store.add(new ChoicesStore(settings, memory(), memory()));
    data = store.add(
      new ListenersData({
        watcher,
        choices,
        surroundings: {
          folders: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
          origins: { terminalPids: new Map(), extensionHostPid: process.pid },
          onDidChange: () => ({ dispose: () => undefined }),
        },
        exposures: { current: new Map(), onDidChange: () => ({ dispose: () => undefined }) },
        clock: systemClock,
        setContext: () => undefined,
        onError: fail,
        t: english,
      }),
    );
    server = await Server.start();
  });

  afterEach(async () => {
    store.dispose();
    await server.end();
  });

  async function listener(): Promise<Listener> {
    const found = await watcher.waitFor(
      (snapshot) => [...snapshot.listeners.values()].some(({ port }) => port === server.port),
      10_000,
    );
    const it = [...(found?.listeners.values() ?? [])].find(({ port }) => port === server.port);
    assert.ok(it, `port ${server.port} is not in the snapshot`);
    return it;
  }

  function node(id: string): ListenerNode {
    const found = data.model.row(id);
    assert.ok(found, `no row ${id}`);
    return found;
  }

  it('has a row for a server of the workspace, in its group, with what menus ask for', async () => {
    const row = node((await listener()).id);
    assert.equal(row.parent?.look.label, 'This workspace');
    const item = data.getTreeItem(row);
    assert.equal(item.id, row.id);
    assert.match((item.label as vscode.TreeItemLabel).label, new RegExp(`^${server.port} `, 'u'));
    for (const trait of ['listener', 'tcp', 'stoppable', 'browsable', 'pid', 'cwd', 'command']) {
      assert.match(item.contextValue ?? '', new RegExp(`(^|;)${trait}(;|$)`, 'u'));
    }
    assert.match(item.accessibilityInformation?.label ?? '', new RegExp(`pid ${server.pid}`, 'u'));
  });

  it('tells in details the endpoint, the owner, the chain of parents and the connections', async () => {
    const row = node((await listener()).id);
    const labels = data.getChildren(row).map(({ look }) => look.label);
    assert.equal(labels[0], `127.0.0.1:${server.port}: this machine only`);
    assert.ok(labels.includes('Connections'), labels.join(' | '));
    const owner = data.getChildren(row).find(({ subject }) => subject.kind === 'process');
    assert.ok(owner);
    const facts = data.getChildren(owner).map(({ look }) => look.label);
    assert.ok(facts.includes('Command line') && facts.includes('Working directory'), facts.join(' | '));
    const parents = data.getChildren(row).find(({ id }) => id.endsWith('/parents'));
    assert.ok(parents);
    const pids = data.getChildren(parents).map(({ look }) => look.description ?? '');
    assert.ok(
      pids.some((words) => words.includes(`pid ${process.pid}`)),
      pids.join(' | '),
    );
  });

  it('keeps its elements through refreshes and redraws nothing while nothing changes', async () => {
    const { id } = await listener();
    const before = node(id);
    data.getChildren(before);
    const redrawn: unknown[] = [];
    store.add(data.onDidChangeTreeData((nodes) => redrawn.push(nodes)));
    await watcher.refreshNow('full');
    assert.equal(node(id), before);
    assert.ok(!redrawn.includes(undefined), 'the whole tree was redrawn');
  });

  it('shows only what the filter matches, and everything again without one', async () => {
    const { id } = await listener();
    const all = data.model.summary.shown;
    await choices.setFilter(`port:${server.port}`);
    assert.equal(data.model.summary.shown, 1);
    assert.equal(data.message(), `Filter: port:${server.port} (1 of ${all})`);
    assert.ok(data.model.row(id));
    await choices.setFilter('');
    assert.equal(data.model.summary.shown, all);
  });

  it('has a tooltip in which nothing is trusted', async () => {
    const row = node((await listener()).id);
    const { tooltip } = await data.resolveTreeItem(data.getTreeItem(row), row);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.notEqual(tooltip.isTrusted, true);
    assert.notEqual(tooltip.supportHtml, true);
    assert.match(tooltip.value, /ephemeral/u);
  });

  it('finds out that the server speaks HTTP', async () => {
    const { endpoints } = await listener();
    assert.ok(endpoints[0]);
    assert.equal(await browserScheme.schemeOf(endpoints[0]), 'http');
  });

  function stops(interaction: Interaction): StopCommands {
    return new StopCommands({
      watcher,
      control: machine.processes,
      clock: systemClock,
      settings: () => ({ graceMs: 5000, afterGrace: 'kill' }),
      editorFacts: () =>
        Promise.resolve({ ownPid: process.pid, appRoot: vscode.env.appRoot, terminalShellPids: [] }),
      interaction,
      openTerminalWith: () => undefined,
      t: english,
    });
  }

  it('stops nothing without a yes', async () => {
    const answers = new Answers(false);
    assert.equal(await stops(answers).stop('stop', [await listener()]), undefined);
    assert.match(
      answers.questions[0]?.message ?? '',
      new RegExp(`pid ${server.pid}.*port ${server.port}`, 'u'),
    );
    await listener();
  });

  it('stops the server after a yes, says so, and the row goes', async () => {
    const answers = new Answers(true);
    const chosen = await listener();
    const outcomes = await stops(answers).stop('stop', [chosen]);
    assert.equal(outcomes?.[0]?.outcome.kind, 'stopped');
    assert.match(answers.notices[0]?.message ?? '', /^Stopped .* is free\.$/u);
    assert.equal(data.model.row(chosen.id), undefined);
  });

  it('does not stop the extension host that it runs in', async () => {
    const net = await import('node:net');
    const own = net.createServer().listen(0, '127.0.0.1');
    await once(own, 'listening');
    try {
      const { port } = own.address() as { port: number };
      const found = await watcher.waitFor(
        (s) => [...s.listeners.values()].some((l) => l.port === port),
        10_000,
      );
      const mine = [...(found?.listeners.values() ?? [])].find((l) => l.port === port);
      assert.ok(mine);
      const answers = new Answers(true);
      const outcomes = await stops(answers).stop('stop', [mine]);
      assert.equal(outcomes?.[0]?.outcome.kind, 'refused');
      assert.deepEqual(answers.questions, []);
    } finally {
      own.close();
    }
  });
});

describe('the extension', () => {
  it('gives its API: the snapshot, and when it changes', async () => {
    assert.ok(extension);
    const api = await extension.activate();
    assert.equal(api.version, 1);
    await api.refresh();
    assert.ok((api.snapshot()?.listeners.size ?? 0) > 0, 'nothing listens, not even this editor');
  });

  it('registers every command that package.json declares, and no other', async () => {
    assert.ok(extension);
    await extension.activate();
    const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
    const declared = contributes.commands.map(({ command }) => command).sort();
    const views = /^portlight\.(listeners|scans)\./u;
    const registered = (await vscode.commands.getCommands(true))
      .filter((id) => id.startsWith('portlight.') && !views.test(id))
      .sort();
    assert.deepEqual(registered, declared);
  });

  it('shows the listeners as a document, as text and as JSON', async () => {
    await vscode.commands.executeCommand('portlight.listAsDocument', 'json');
    const json = vscode.window.activeTextEditor?.document;
    assert.equal(json?.languageId, 'json');
    assert.equal((JSON.parse(json.getText()) as { schemaVersion: number }).schemaVersion, 1);
    await vscode.commands.executeCommand('portlight.listAsDocument', 'text');
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /tcp/u);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('copies a free port near the wished one', async () => {
    await vscode.commands.executeCommand('portlight.findFreePort', 45_100);
    const copied = Number(await vscode.env.clipboard.readText());
    assert.ok(copied >= 45_100 && copied < 45_300, `copied ${copied}`);
  });

  it('opens its view', async () => {
    await vscode.commands.executeCommand('portlight.focusListeners');
  });
});
