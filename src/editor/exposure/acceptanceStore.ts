import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { ACCEPT_FILE, type Acceptance } from '../../exposure/accept';
import type { Current } from './exposures';

/**
 * What the workspace says is meant so: `.vscode/portlight.json` of each folder. It counts only in a trusted workspace,
 * since a stranger's project must not silence what it starts.
 */
export class AcceptanceStore implements Current<readonly Acceptance[]>, Disposable {
  private readonly store = new DisposableStore();
  private readonly emitter = this.store.add(new Emitter<undefined>());
  readonly onDidChange = this.emitter.event;
  private acceptances: readonly Acceptance[] = [];

  /** @param onProblem hears what is wrong with a file, in English, for the log */
  constructor(
    private readonly onProblem: (problem: string) => void,
    private readonly onError: (error: unknown) => void,
  ) {
    const again = (): void => {
      this.load().catch(this.onError);
    };
    const files = this.store.add(vscode.workspace.createFileSystemWatcher(`**/${ACCEPT_FILE}`));
    for (const event of [files.onDidChange, files.onDidCreate, files.onDidDelete])
      this.store.add(event(again));
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(again));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(again));
    again();
  }

  get current(): readonly Acceptance[] {
    return this.acceptances;
  }

  /** Adds to the file of a folder, and counts at once. @returns the file. */
  async accept(folder: vscode.Uri, acceptance: Acceptance): Promise<vscode.Uri> {
    const file = vscode.Uri.joinPath(folder, ACCEPT_FILE);
    const { addAcceptance } = await import('../../exposure/acceptFile');
    const text = addAcceptance((await readText(file)) ?? '', acceptance);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    await this.load();
    return file;
  }

  dispose(): void {
    this.store.dispose();
  }

  private async load(): Promise<void> {
    const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
    const read = await Promise.all(folders.map(({ uri }) => this.readFile(uri)));
    if (this.store.isDisposed) return;
    this.acceptances = read.flat();
    this.emitter.fire(undefined);
  }

  private async readFile(folder: vscode.Uri): Promise<readonly Acceptance[]> {
    const file = vscode.Uri.joinPath(folder, ACCEPT_FILE);
    const text = await readText(file);
    if (text === undefined) return [];
    // Most folders have no such file: its parser is loaded for the first that has.
    const { parseAcceptFile } = await import('../../exposure/acceptFile');
    const { acceptances, problems } = parseAcceptFile(text);
    for (const problem of problems) this.onProblem(`${file.fsPath}: ${problem}`);
    return acceptances;
  }
}

/** @returns undefined where there is no such file. */
async function readText(file: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
