import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Translate } from '../../base/text';
import type { ServiceChecker } from '../../exposure/model';
import type { ScanClient } from '../../scan/client';
import type { ScopeLimit } from '../../scan/scopeLimit';
import { PORT_STATES, stateName, type PortState } from '../../scan/states';
import { totalOpen } from '../../scan/summary';
import type { Memory } from '../choicesStore';
import type { SetContext } from '../contextKeys';
import type { Documents } from '../documents';
import type { Interaction } from '../interaction';
import type { OpenTerminalWith } from '../terminal';
import { AuthChecks } from './authChecks';
import { openWords } from './scanWords';
import { PortChecker } from './portCheck';
import { ScanChoicesStore } from './scanChoices';
import { scanCommands, type ScanCommandTable } from './scanCommands';
import { grantCommand } from './scanPlan';
import { ScanRunner } from './scanRunner';
import { ScansData } from './scansData';
import type { ScanNode } from './scanSubject';
import { ScanWizard } from './scanWizard';
import { SessionFiles } from './sessionFiles';
import { SessionList } from './sessionList';

export interface ScansPartOptions {
  readonly view: vscode.TreeView<ScanNode>;
  readonly client: ScanClient;
  readonly checker: ServiceChecker;
  readonly documents: Documents;
  /** The setting says that nothing is ever checked. */
  readonly checksForbidden: () => boolean;
  readonly interaction: Interaction;
  readonly memory: Memory;
  /** Where sessions are kept. */
  readonly storage: vscode.Uri;
  readonly version: string;
  readonly clock: Clock;
  readonly scopeLimit: () => ScopeLimit;
  readonly setContext: SetContext;
  readonly openTerminalWith: OpenTerminalWith;
  readonly onError: (error: unknown) => void;
  readonly t: Translate;
}

/** Everything behind the view `portlight.scans`; made by ScansView when somebody first looks or asks. */
export class ScansPart implements Disposable {
  private readonly store = new DisposableStore();
  private readonly sessions = this.store.add(new SessionList());
  readonly data: ScansData;
  readonly commands: ScanCommandTable;
  private readonly runner: ScanRunner;

  constructor(private readonly options: ScansPartOptions) {
    const { client, interaction, memory, clock, setContext, version, onError, t } = options;
    const { sessions } = this;
    const choices = this.store.add(new ScanChoicesStore(memory));
    this.data = this.store.add(
      new ScansData({
        sessions,
        choices,
        clock,
        setEmpty: (empty) => {
          setContext('portlight.noScans', empty);
        },
        t,
      }),
    );
    const { data } = this;
    const show = (sessionId: string): void => {
      data.draw();
      const node = data.tree.find(`scan:${sessionId}`);
      if (node !== undefined)
        Promise.resolve(this.options.view.reveal(node, { select: true, focus: true, expand: true })).catch(
          onError,
        );
    };
    this.runner = new ScanRunner({
      client,
      sessions,
      interaction,
      clock,
      scopeLimit: options.scopeLimit,
      show,
      onError,
      t,
    });
    const checker = new PortChecker({ client, runner: this.runner, interaction, memory, t });
    this.commands = scanCommands({
      sessions,
      interaction,
      version,
      show,
      choices,
      runner: this.runner,
      scanHost: (target) => this.scanHost(target),
      checkPort: (given) => checker.ask(given),
      authChecks: new AuthChecks({
        ...options,
        runner: this.runner,
        sessions,
        forbidden: options.checksForbidden,
      }),
      t,
    });
    this.store.add(
      sessions.onDidChange(() => {
        this.drawBadge();
        this.drawMessage(choices.current.states);
      }),
    );
    this.store.add(
      choices.onDidChange(({ states }) => {
        this.drawMessage(states);
      }),
    );
    this.load();
  }

  /** Asks what to scan, then scans. @param target prefilled */
  async scanHost(target?: string): Promise<void> {
    const { client, memory, scopeLimit, t } = this.options;
    const wizard = new ScanWizard({
      memory,
      capabilities: client.capabilities(),
      scopeLimit,
      grant: (executable) => {
        this.grant(executable);
      },
      t,
    });
    const wish = await wizard.ask(target);
    if (wish !== undefined) await this.runner.run(wish);
  }

  /** The command is typed into a terminal, and not run: that is the user's to do. */
  private grant(executable: string): void {
    const { openTerminalWith, interaction, client, onError, t } = this.options;
    openTerminalWith(grantCommand(executable));
    interaction.tell({
      kind: 'information',
      message: t(
        'Press Enter in the terminal to let the scan helper, and nothing else, open raw sockets. “sudo setcap -r” with the same file takes it back.',
      ),
      actions: [
        {
          label: t('Done: Scan Again'),
          run: () => {
            client
              .restart()
              .then(() => this.scanHost())
              .catch(onError);
          },
        },
      ],
    });
  }

  /** Reads the stored sessions, and keeps those to come. */
  private load(): void {
    const { storage, clock, onError } = this.options;
    const files = this.store.add(
      new SessionFiles(vscode.Uri.joinPath(storage, 'scans'), this.sessions, clock, onError),
    );
    files.start().catch(onError);
  }

  /** Open ports of running scans, so that they are seen from another view. */
  private drawBadge(): void {
    const { view, t } = this.options;
    const running = this.sessions.all.filter(({ data }) => data.status.kind === 'running');
    const value = running.reduce((sum, { data }) => sum + totalOpen(data), 0);
    if (value === (view.badge?.value ?? 0)) return;
    view.badge = value === 0 ? undefined : { value, tooltip: openWords(value, t) };
  }

  /** A filter that was set long ago is not to be taken for a host without ports. */
  private drawMessage(shown: ReadonlySet<PortState>): void {
    const { t } = this.options;
    const hidden = PORT_STATES.filter((state) => !shown.has(state)).map((state) => stateName(state, t));
    const message =
      hidden.length === 0 || this.sessions.all.length === 0
        ? undefined
        : t('Hidden by the filter: {0}', hidden.join(', '));
    // The property takes undefined, which its exact optional type cannot say.
    const view = this.options.view as { message: string | undefined };
    if (message !== view.message) view.message = message;
  }

  dispose(): void {
    this.store.dispose();
  }
}
