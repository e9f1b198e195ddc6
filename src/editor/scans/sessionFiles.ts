import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import type { Clock } from '../../base/clock';
import { bounded } from '../../scan/bounded';
import { readJson, toJson } from '../../scan/formats/json';
import type { ListChange, SessionList } from './sessionList';

/** A longer file loses its hosts without an open port; they are counted. UTF-16 units. */
const MOST_UNITS = 4 * 1024 * 1024;
/** A running scan is stored so often, in case that the window is closed. */
const SAVE_MS = 5000;

/** Keeps sessions in files, one each, so that they survive a reload of the window. */
export class SessionFiles implements Disposable {
  private readonly store = new DisposableStore();
  private readonly due = new Map<string, Disposable>();
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: vscode.Uri,
    private readonly sessions: SessionList,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    this.store.add(
      toDisposable(() => {
        for (const timer of this.due.values()) timer.dispose();
      }),
    );
  }

  /** Reads what was stored, then keeps up with the list. A file that cannot be read is left alone and logged. */
  async start(): Promise<void> {
    for (const name of await this.names()) {
      try {
        const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.folder, name));
        const data = readJson(new TextDecoder().decode(bytes));
        if (this.sessions.get(data.id) === undefined) this.sessions.add(data, false);
      } catch (error) {
        this.onError(error);
      }
    }
    this.store.add(
      this.sessions.onDidChange((change) => {
        this.changed(change);
      }),
    );
    for (const { id, data } of this.sessions.all)
      if (data.status.kind === 'running') this.changed({ id, kind: 'added' });
  }

  private async names(): Promise<string[]> {
    try {
      const entries = await vscode.workspace.fs.readDirectory(this.folder);
      return entries.map(([name]) => name).filter((name) => /^s[\da-z]+\.json$/u.test(name));
    } catch (error) {
      // Nothing was ever stored.
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return [];
      throw error;
    }
  }

  private changed({ id, kind }: ListChange): void {
    if (kind === 'updated') {
      if (this.due.has(id)) return;
      this.due.set(
        id,
        this.clock.after(SAVE_MS, () => {
          this.due.delete(id);
          this.queue(() => this.save(id));
        }),
      );
      return;
    }
    this.due.get(id)?.dispose();
    this.due.delete(id);
    this.queue(() => (kind === 'removed' ? this.remove(id) : this.save(id)));
  }

  /** One after another, so that an older state never overwrites a newer one. */
  private queue(work: () => Promise<void>): void {
    this.writing = this.writing.then(work).catch(this.onError);
  }

  private async save(id: string): Promise<void> {
    const entry = this.sessions.get(id);
    if (entry === undefined) return;
    await vscode.workspace.fs.createDirectory(this.folder);
    const bytes = new TextEncoder().encode(toJson(bounded(entry.data, MOST_UNITS)));
    await vscode.workspace.fs.writeFile(this.file(id), bytes);
  }

  private async remove(id: string): Promise<void> {
    try {
      await vscode.workspace.fs.delete(this.file(id));
    } catch (error) {
      if (!(error instanceof vscode.FileSystemError && error.code === 'FileNotFound')) throw error;
    }
  }

  private file(id: string): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, `${id}.json`);
  }

  dispose(): void {
    this.store.dispose();
  }
}
