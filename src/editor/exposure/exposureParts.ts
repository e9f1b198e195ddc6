import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Translate } from '../../base/text';
import type { FirewallReader } from '../../exposure/firewall/firewall';
import type { Assessment } from '../../exposure/judge';
import type { ServiceChecker } from '../../exposure/model';
import type { ListenerWatcher } from '../../ports/watcher';
import type { Memory } from '../choicesStore';
import type { Documents } from '../documents';
import type { Interaction } from '../interaction';
import type { SettingsStore } from '../settingsStore';
import type { OpenTerminalWith } from '../terminal';
import { AcceptanceStore } from './acceptanceStore';
import { WindowCheckPolicy } from './checkPolicy';
import { ExposureCommands } from './exposureCommands';
import { exposureRow } from './exposureDrafts';
import type { ExposureRow } from './exposureRow';
import { ExposureNotices } from './exposureNotices';
import { Exposures } from './exposures';
import { severityBadges } from './severityBadges';

export interface ExposurePartsOptions {
  readonly watcher: ListenerWatcher;
  readonly checker: ServiceChecker;
  readonly settings: SettingsStore;
  readonly documents: Documents;
  readonly interaction: Interaction;
  readonly openTerminalWith: OpenTerminalWith;
  readonly firewall: FirewallReader;
  readonly memory: Memory;
  readonly version: string;
  readonly clock: Clock;
  readonly reveal: (listenerId: string) => Promise<void>;
  readonly log: vscode.LogOutputChannel;
  readonly onError: (error: unknown) => void;
  readonly t: Translate;
}

/** Everything about who can get in, wired together: verdicts, acceptances, commands and notices. */
export class ExposureParts implements Disposable {
  private readonly store = new DisposableStore();
  readonly exposures: Exposures;
  readonly commands: ExposureCommands;
  private readonly known = new WeakMap<Assessment, ExposureRow>();
  private shown:
    | { readonly of: ReadonlyMap<string, Assessment>; readonly rows: ReadonlyMap<string, ExposureRow> }
    | undefined;

  constructor(private readonly options: ExposurePartsOptions) {
    const { settings, log, onError, clock, t } = options;
    this.store.add(vscode.window.registerFileDecorationProvider(severityBadges(t)));
    const onProblem = (problem: string): void => {
      log.warn(problem);
    };
    const acceptances = this.store.add(new AcceptanceStore(onProblem, onError));
    const policy = this.store.add(new WindowCheckPolicy(settings));
    this.exposures = this.store.add(new Exposures({ ...options, policy, acceptances }));
    const { exposures } = this;
    this.commands = new ExposureCommands({ ...options, exposures, acceptances, now: () => clock.now() });
    this.store.add(
      new ExposureNotices({
        ...options,
        exposures,
        enabled: () => settings.current.exposure.notify,
        show: (listenerId) => this.show(listenerId),
      }),
    );
  }

  dispose(): void {
    this.store.dispose();
  }

  /** What the views show of each listener; the same object until that differs. */
  get rows(): ReadonlyMap<string, ExposureRow> {
    const { current } = this.exposures;
    if (this.shown?.of !== current) {
      const rows = [...current].map(([id, assessment]) => [id, this.rowOf(assessment)] as const);
      this.shown = { of: current, rows: new Map(rows) };
    }
    return this.shown.rows;
  }

  private rowOf(assessment: Assessment): ExposureRow {
    const known = this.known.get(assessment);
    if (known) return known;
    const row = exposureRow(assessment, this.options.t);
    this.known.set(assessment, row);
    return row;
  }

  private async show(listenerId: string): Promise<void> {
    const assessment = this.exposures.current.get(listenerId);
    if (!assessment) return;
    await vscode.commands.executeCommand('portlight.focusListeners');
    await this.options.reveal(listenerId);
    await this.commands.show(assessment);
  }
}
