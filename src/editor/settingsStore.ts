import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { readSettings, type Settings } from './settings';

type WritableKey = 'listeners.groupBy' | 'listeners.hiddenGroups';

const SECTION = 'portlight';

/** Keeps the settings current, and writes those that a command changes. */
export class SettingsStore implements Disposable {
  private readonly store = new DisposableStore();
  private readonly emitter = this.store.add(new Emitter<Settings>());
  readonly onDidChange = this.emitter.event;
  private settings = fromWorkspace();

  constructor() {
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(SECTION)) return;
        this.settings = fromWorkspace();
        this.emitter.fire(this.settings);
      }),
    );
  }

  get current(): Settings {
    return this.settings;
  }

  /** Writes to where the value in effect comes from, so that the change is seen. */
  async write(key: WritableKey, value: string | readonly string[]): Promise<void> {
    const configuration = vscode.workspace.getConfiguration(SECTION);
    const inspected = configuration.inspect(key);
    const target =
      inspected?.workspaceValue === undefined
        ? vscode.ConfigurationTarget.Global
        : vscode.ConfigurationTarget.Workspace;
    await configuration.update(key, value, target);
  }

  dispose(): void {
    this.store.dispose();
  }
}

function fromWorkspace(): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return readSettings((key) => configuration.get(key));
}
