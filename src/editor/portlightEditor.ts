import * as vscode from 'vscode';
import { systemClock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Translate } from '../base/text';
import type { FirewallReader } from '../exposure/firewall/firewall';
import type { ServiceChecker } from '../exposure/model';
import type { PortBinder, SchemeProbe } from '../ports/reach';
import { ListenerWatcher } from '../ports/watcher';
import type { ListenerSource } from '../ports/source';
import type { ScanClient } from '../scan/client';
import type { ProcessControl } from '../stop/control';
import type { PortlightApi } from './api';
import { ChoicesStore } from './choicesStore';
import { EXPOSURE_COMMANDS, LISTENER_COMMANDS, type CommandTable } from './commands/command';
import { lazyCommands, registerCommands } from './commands/register';
import { contextKeys, type SetContext } from './contextKeys';
import { Documents } from './documents';
import { LazyExposure } from './exposure/lazyExposure';
import type { Interaction } from './interaction';
import { SettingsStore } from './settingsStore';
import { StatusBar } from './statusBar';
import { terminalOpener, type OpenTerminalWith } from './terminal';
import { ListenersData, type ListenerNode } from './views/listenersData';
import { ListenersView } from './views/listenersView';
import { ScansView } from './scans/scansView';
import { WindowInteraction } from './windowInteraction';
import { WindowSurroundings } from './windowSurroundings';

/** This machine, as the editor is given it. */
export interface MachineParts {
  readonly listeners: ListenerSource;
  readonly control: ProcessControl;
  readonly probe: SchemeProbe;
  readonly binder: PortBinder;
  readonly firewall: FirewallReader;
}

export interface EditorOptions {
  readonly machine: MachineParts;
  /** Makes the helper's client; `log` takes what the helper says. */
  readonly helper: (log: (text: string) => void) => ScanClient & ServiceChecker;
  /** Where this workspace's scans are kept. */
  readonly storage: vscode.Uri;
  readonly version: string;
  readonly workspaceMemory: vscode.Memento;
  readonly userMemory: vscode.Memento;
  readonly t: Translate;
}

/** Everything of Portlight that the user sees, wired together. */
export class PortlightEditor implements Disposable {
  private readonly store = new DisposableStore();
  private readonly log = this.store.add(vscode.window.createOutputChannel('Portlight', { log: true }));
  private readonly onError = (error: unknown): void => {
    this.log.error(error instanceof Error ? error : String(error));
  };
  private readonly interaction: Interaction = new WindowInteraction(this.onError);
  private readonly openTerminalWith: OpenTerminalWith;
  private readonly settings = this.store.add(new SettingsStore());
  private readonly documents = this.store.add(new Documents());
  private readonly surroundings = this.store.add(new WindowSurroundings(this.onError));
  private readonly helper: ScanClient & ServiceChecker;
  private readonly watcher: ListenerWatcher;
  private readonly choices: ChoicesStore;
  private readonly exposure: LazyExposure;
  private readonly data: ListenersData;
  private readonly view: ListenersView;
  private readonly scans: ScansView;

  constructor(private readonly options: EditorOptions) {
    const { machine, t } = options;
    const { settings, surroundings, interaction, onError } = this;
    this.openTerminalWith = terminalOpener(interaction, t);
    this.helper = this.store.add(
      options.helper((text) => {
        this.log.info(text.trimEnd());
      }),
    );
    this.watcher = this.store.add(
      new ListenerWatcher(machine.listeners, systemClock, {
        intervalMs: settings.current.refreshMs,
        onError,
      }),
    );
    const { watcher } = this;
    this.store.add(
      settings.onDidChange(({ refreshMs }) => {
        watcher.setIntervalMs(refreshMs);
      }),
    );
    this.choices = this.store.add(new ChoicesStore(settings, options.workspaceMemory, options.userMemory));
    const { choices } = this;
    const setContext = contextKeys(onError);
    this.exposure = this.store.add(this.makeExposure());
    this.data = this.store.add(
      new ListenersData({
        watcher,
        choices,
        surroundings,
        exposures: this.exposure,
        clock: systemClock,
        setContext,
        onError,
        t,
      }),
    );
    this.view = this.store.add(new ListenersView(this.data, { watcher, setContext, t }));
    this.store.add(this.logFailures());
    this.scans = this.store.add(this.makeScans(setContext));
    this.registerCommands();
    this.store.add(new StatusBar({ data: this.data, watcher, settings, clock: systemClock, t }));
    this.data.update();
  }

  private makeScans(setContext: SetContext): ScansView {
    const { storage, version, workspaceMemory, t } = this.options;
    return new ScansView({
      client: this.helper,
      checker: this.helper,
      documents: this.documents,
      checksForbidden: () => this.settings.current.exposure.checks === 'off',
      interaction: this.interaction,
      memory: workspaceMemory,
      storage,
      version,
      clock: systemClock,
      scopeLimit: () => this.settings.current.scanScope,
      setContext,
      openTerminalWith: this.openTerminalWith,
      onError: this.onError,
      t,
    });
  }

  get api(): PortlightApi {
    const { watcher } = this;
    return {
      version: 1,
      snapshot: () => watcher.snapshot,
      onDidChange: watcher.onDidChange,
      refresh: () => watcher.refreshNow('tables'),
    };
  }

  dispose(): void {
    this.store.dispose();
  }

  private makeExposure(): LazyExposure {
    const { watcher, settings, documents, interaction, log, onError, options } = this;
    return new LazyExposure({
      watcher,
      checker: this.helper,
      version: options.version,
      settings,
      documents,
      interaction,
      memory: options.workspaceMemory,
      clock: systemClock,
      openTerminalWith: this.openTerminalWith,
      firewall: options.machine.firewall,
      reveal: (listenerId) => this.view.reveal(listenerId),
      log,
      onError,
      t: options.t,
    });
  }

  private registerCommands(): void {
    const { machine, t } = this.options;
    const { watcher, choices, documents, surroundings, interaction, settings, data, onError, exposure } =
      this;
    const isNode = (value: unknown): value is ListenerNode => data.model.tree.isNode(value);
    const commands: CommandTable = {
      ...lazyCommands(LISTENER_COMMANDS, async () =>
        (await import('./commands/listenerCommands')).listenerCommands({
          machine,
          watcher,
          choices,
          documents,
          surroundings,
          interaction,
          clock: systemClock,
          settings: () => settings.current,
          openTerminalWith: this.openTerminalWith,
          model: data.model,
          exposures: exposure,
          reveal: (id) => this.view.reveal(id),
          scanHost: (target) => this.scans.scanHost(target),
          showLog: () => {
            this.log.show();
          },
          t,
        }),
      ),
      ...lazyCommands(EXPOSURE_COMMANDS, async () => (await exposure.load()).commands.table),
    };
    this.store.add(
      registerCommands(commands, { selection: () => this.view.selection, isNode, interaction, onError, t }),
    );
  }

  /** The user sees one sentence; why a look failed stands in the log, once for each failure. */
  private logFailures(): Disposable {
    let logged: unknown;
    return this.watcher.onDidChange(() => {
      const { state } = this.watcher;
      if (state.kind === 'ready') {
        for (const limit of state.snapshot.limits) this.log.debug(JSON.stringify(limit));
      }
      if (state.kind !== 'failed' || state.error === logged) return;
      logged = state.error;
      this.log.error(state.error);
    });
  }
}
