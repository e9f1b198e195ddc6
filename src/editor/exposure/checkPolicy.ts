import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { CheckPolicy } from '../../exposure/policy';
import type { SettingsStore } from '../settingsStore';
import type { Current } from './exposures';

/** What the settings and the trust in the workspace let Portlight check by itself. */
export class WindowCheckPolicy implements Current<CheckPolicy>, Disposable {
  private readonly store = new DisposableStore();
  private readonly emitter = this.store.add(new Emitter<undefined>());
  readonly onDidChange = this.emitter.event;

  constructor(private readonly settings: SettingsStore) {
    let before = JSON.stringify(this.current);
    const look = (): void => {
      const now = JSON.stringify(this.current);
      if (now === before) return;
      before = now;
      this.emitter.fire(undefined);
    };
    this.store.add(settings.onDidChange(look));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(look));
  }

  get current(): CheckPolicy {
    const { checks, exceptPorts, exceptExecutables } = this.settings.current.exposure;
    return { mode: checks, exceptPorts, exceptExecutables, workspaceTrusted: vscode.workspace.isTrusted };
  }

  dispose(): void {
    this.store.dispose();
  }
}
