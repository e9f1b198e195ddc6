import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { OriginContext } from '../ownership/origin';
import { sameData } from '../ports/diff';
import type { Surroundings } from './views/listenersData';

/** The window's workspace folders and terminals, as the tree needs them. */
export class WindowSurroundings implements Surroundings, Disposable {
  private readonly store = new DisposableStore();
  private readonly emitter = this.store.add(new Emitter<undefined>());
  private folderPaths: readonly string[] = [];
  private known: OriginContext = { terminalPids: new Map(), extensionHostPid: process.pid };

  constructor(private readonly onError: (error: unknown) => void) {
    this.store.add(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.start(this.readFolders());
      }),
    );
    // A terminal gets its name a moment after it opens, and no event of its own tells.
    const { onDidOpenTerminal, onDidCloseTerminal, onDidChangeActiveTerminal, onDidChangeTerminalState } =
      vscode.window;
    for (const event of [
      onDidOpenTerminal,
      onDidCloseTerminal,
      onDidChangeActiveTerminal,
      onDidChangeTerminalState,
    ]) {
      this.store.add(
        event(() => {
          this.start(this.readTerminals());
        }),
      );
    }
    this.folderPaths = openedFolders();
    this.start(this.readFolders());
    this.start(this.readTerminals());
  }

  get folders(): readonly string[] {
    return this.folderPaths;
  }

  get origins(): OriginContext {
    return this.known;
  }

  readonly onDidChange = (listener: () => void): Disposable => this.emitter.event(listener);

  dispose(): void {
    this.store.dispose();
  }

  private start(work: Promise<void>): void {
    work.catch(this.onError);
  }

  /** Each folder as it was opened and, where links lead elsewhere, as its real path: working directories have that. */
  private async readFolders(): Promise<void> {
    const opened = openedFolders();
    const real = await Promise.all(opened.map((path) => realpath(path).catch(() => path)));
    const folders = [...new Set([...opened, ...real])];
    if (folders.join('\0') === this.folderPaths.join('\0') || this.store.isDisposed) return;
    this.folderPaths = folders;
    this.emitter.fire(undefined);
  }

  private async readTerminals(): Promise<void> {
    const found = await Promise.all(
      vscode.window.terminals.map(async (terminal) => ({
        pid: await terminal.processId,
        // Read when the shell runs: it is empty before.
        name: terminal.name,
      })),
    );
    const terminalPids = new Map(found.flatMap(({ pid, name }) => (pid === undefined ? [] : [[pid, name]])));
    if (sameData([...terminalPids], [...this.known.terminalPids]) || this.store.isDisposed) return;
    this.known = { ...this.known, terminalPids };
    this.emitter.fire(undefined);
  }
}

function openedFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}

/** The terminal of this window whose shell is one of `pids`; the first of them that is. */
export async function terminalOf(pids: readonly number[]): Promise<vscode.Terminal | undefined> {
  const shells = await Promise.all(
    vscode.window.terminals.map(async (terminal) => ({ terminal, pid: await terminal.processId })),
  );
  for (const pid of pids) {
    const shell = shells.find((one) => one.pid === pid);
    if (shell) return shell.terminal;
  }
  return undefined;
}
