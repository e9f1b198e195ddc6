import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable';
import type { Translate } from '../base/text';
import type { ListenerWatcher } from '../ports/watcher';
import type { SettingsStore } from './settingsStore';
import type { ListenersData } from './views/listenersData';
import type { TreeSummary } from './views/listenersModel';

export interface StatusBarOptions {
  readonly data: ListenersData;
  readonly watcher: ListenerWatcher;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly t: Translate;
}

/** Slower than the view, by this factor: the number in the status bar is a glance, not a monitor. */
const SLOWER = 5;

/** `portlight.count`: how many listen. While the window is in front it keeps the number current, at a slower pace. */
export class StatusBar implements Disposable {
  private readonly store = new DisposableStore();
  private item: vscode.StatusBarItem | undefined;
  private timer: Disposable | undefined;

  constructor(private readonly options: StatusBarOptions) {
    const { data, settings } = options;
    this.store.add(
      data.onDidUpdate((summary) => {
        this.draw(summary);
      }),
    );
    this.store.add(
      settings.onDidChange(() => {
        this.settingsChanged();
      }),
    );
    this.store.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.look();
        else this.timer?.dispose();
      }),
    );
    this.store.add(
      toDisposable(() => {
        this.timer?.dispose();
        this.item?.dispose();
      }),
    );
    this.settingsChanged();
  }

  dispose(): void {
    this.store.dispose();
  }

  private settingsChanged(): void {
    const { settings, data, t } = this.options;
    if (!settings.current.statusBar) {
      this.timer?.dispose();
      this.item?.dispose();
      this.item = undefined;
      return;
    }
    if (this.item) return;
    this.item = vscode.window.createStatusBarItem('portlight.count', vscode.StatusBarAlignment.Left, -10);
    this.item.name = t('Portlight: Listeners');
    this.item.command = 'portlight.focusListeners';
    this.draw(data.model.summary);
    this.item.show();
    // After activation: a look starts the worker.
    this.timer = this.options.clock.after(0, () => {
      this.look();
    });
  }

  private look(): void {
    const { watcher, settings, clock } = this.options;
    this.timer?.dispose();
    if (!settings.current.statusBar || this.store.isDisposed) return;
    // Never rejects; a look that is on already is shared.
    void watcher.refreshNow('tick');
    this.timer = clock.after(settings.current.refreshMs * SLOWER, () => {
      if (vscode.window.state.focused) this.look();
    });
  }

  private draw(summary: TreeSummary): void {
    if (!this.item) return;
    const { watcher, t } = this.options;
    const failed = watcher.state.kind === 'failed';
    if (!watcher.snapshot) {
      this.item.text = failed ? '$(target) –' : '$(target) …';
      this.item.tooltip = failed ? t('The listeners could not be read') : t('Reading the listeners…');
      this.item.accessibilityInformation = { label: this.item.tooltip };
      return;
    }
    const lines = [
      summary.listeners === 1 ? t('1 listener') : t('{0} listeners', summary.listeners),
      t('{0} of this workspace', summary.inWorkspace),
      t('{0} on every interface', summary.onEveryInterface),
    ];
    const urgent = summary.critical + summary.high;
    if (urgent > 0)
      lines.unshift(
        urgent === 1 ? t('1 listener needs attention') : t('{0} listeners need attention', urgent),
      );
    this.item.text = `$(target) ${summary.listeners}${urgent > 0 ? ` $(bell-dot) ${urgent}` : ''}`;
    this.item.tooltip = lines.join('\n');
    this.item.accessibilityInformation = { label: lines.join(', ') };
  }
}
