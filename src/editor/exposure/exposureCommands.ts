import * as vscode from 'vscode';
import { plainText, type Translate } from '../../base/text';
import type { Acceptance } from '../../exposure/accept';
import type { FirewallReader } from '../../exposure/firewall/firewall';
import type { Assessment, JudgedFinding } from '../../exposure/judge';
import { jsonText } from '../../ports/document';
import type { ListenerWatcher } from '../../ports/watcher';
import { auditHtml, auditJson, auditMarkdown, auditSarif, type Audit } from '../../exposure/report';
import { remediesOf } from '../../exposure/remedies';
import type { Command, ExposureCommandName } from '../commands/command';
import type { Documents } from '../documents';
import type { Interaction } from '../interaction';
import type { ListenerNode } from '../views/listenersData';
import { listenerIdOf } from '../views/subject';
import type { OpenTerminalWith } from '../terminal';
import type { AcceptanceStore } from './acceptanceStore';
import type { Exposures } from './exposures';
import { exposureTraits } from './exposureLook';
import { exposureText } from './exposureText';
import { openFix } from './openFix';

export interface ExposureCommandOptions {
  readonly exposures: Exposures;
  readonly acceptances: AcceptanceStore;
  readonly documents: Documents;
  readonly interaction: Interaction;
  readonly watcher: ListenerWatcher;
  readonly openTerminalWith: OpenTerminalWith;
  readonly firewall: FirewallReader;
  /** Of the extension. */
  readonly version: string;
  readonly now: () => number;
  readonly t: Translate;
}

const COPIED_MS = 3000;
const DAY_MS = 86_400_000;
/** How long something may be accepted, in days; undefined for good. */
const TERMS = [7, 30, 90, undefined] as const;

/** What can be done about who can get into a listener. */
export class ExposureCommands {
  constructor(private readonly options: ExposureCommandOptions) {}

  readonly table: Readonly<Record<ExposureCommandName, Command>> = {
    checkNow: (nodes) => this.checkNow(nodes),
    tryAccount: (nodes) => this.tryAccount(nodes),
    showExposure: async (nodes) => {
      const assessment = this.assessmentOf(nodes[0]);
      if (assessment) await this.show(assessment);
    },
    copyExposure: (nodes) => this.copyReport(nodes),
    audit: (_nodes, argument) => this.audit(argument),
    copyFix: (nodes) => this.copyFix(nodes),
    openRestart: (nodes) => {
      this.openRestart(nodes);
    },
    openFix: async (nodes) => {
      const assessment = this.assessmentOf(nodes[0]);
      if (!assessment) return;
      await openFix(assessment, this.options.interaction, this.options.t);
      this.options.exposures.expectFix(assessment.listenerId);
    },
    acceptExposure: (nodes) => this.accept(nodes),
  };

  async show(assessment: Assessment): Promise<void> {
    const { documents, firewall, t } = this.options;
    const { protocol, port } = assessment.subject.listener;
    const name = t('Exposure {0} {1}', protocol, String(port));
    await documents.show(`${name}.txt`, exposureText(assessment, t, { firewall: await firewall() }));
  }

  private assessmentOf(node: ListenerNode | undefined): Assessment | undefined {
    const id = node && listenerIdOf(node.subject);
    const assessment = id === undefined ? undefined : this.options.exposures.current.get(id);
    if (id !== undefined && !assessment)
      this.options.interaction.tell({
        kind: 'information',
        message: this.options.t('It no longer listens.'),
      });
    return assessment;
  }

  private assessmentsOf(nodes: readonly ListenerNode[]): Assessment[] {
    const found = nodes.flatMap((node) => this.assessmentOf(node) ?? []);
    return found.filter(({ listenerId }, index) =>
      found.slice(0, index).every((other) => other.listenerId !== listenerId),
    );
  }

  private async checkNow(nodes: readonly ListenerNode[]): Promise<void> {
    const { exposures } = this.options;
    const chosen = this.assessmentsOf(nodes);
    if (chosen.length === 0) return;
    const checked = await Promise.all(chosen.map(({ listenerId }) => exposures.checkNow(listenerId)));
    const [only] = checked;
    if (checked.length === 1 && only) this.tellChecked(only);
  }

  private tellChecked(only: Assessment): void {
    const { interaction, t } = this.options;
    const { port } = only.subject.listener;
    interaction.tell({
      kind: 'information',
      message: t('Port {0}: {1}', String(port), plainText(only.sentence, 300)),
      actions: [{ label: t('Show Evidence'), run: () => this.show(only) }],
    });
  }

  /** An account that everybody knows: never without this warning, which names what the server may make of it. */
  private async tryAccount(nodes: readonly ListenerNode[]): Promise<void> {
    const { exposures, interaction, t } = this.options;
    const chosen = nodes.length === 0 ? await this.chooseWithAccount() : this.assessmentOf(nodes[0]);
    if (!chosen) return;
    const account = exposures.wellKnownAccount(chosen.listenerId);
    if (!account || !exposureTraits(chosen).includes('account')) {
      interaction.tell({ kind: 'information', message: t('There is no well-known account to try there.') });
      return;
    }
    const { port } = chosen.subject.listener;
    const sure = await interaction.ask(
      {
        message: t('Try the well-known account of {0} on port {1}?', account.name, String(port)),
        detail: [account.warning(t), t('It is tried once, and never again by itself.')].join('\n\n'),
        severity: 'warning',
      },
      [{ label: t('Try It'), value: true }],
    );
    const checked = sure === true ? await exposures.tryAccount(chosen.listenerId) : undefined;
    if (checked) this.tellChecked(checked);
  }

  private async chooseWithAccount(): Promise<Assessment | undefined> {
    const { exposures, interaction, t } = this.options;
    const items = [...exposures.current.values()]
      .filter((assessment) => exposureTraits(assessment).includes('account'))
      .map((assessment) => ({
        label: `${assessment.subject.listener.port}  ${assessment.subject.serviceName ?? ''}`,
        description: exposures.wellKnownAccount(assessment.listenerId)?.account ?? '',
        assessment,
      }));
    if (items.length > 0)
      return (await vscode.window.showQuickPick(items, { title: t('Try a Well-Known Account Where?') }))
        ?.assessment;
    const message = t('No listener that others reach has an account that everybody knows.');
    interaction.tell({ kind: 'information', message });
    return undefined;
  }

  private async copyReport(nodes: readonly ListenerNode[]): Promise<void> {
    const { t, firewall } = this.options;
    const chosen = this.assessmentsOf(nodes);
    if (chosen.length === 0) return;
    const more = { firewall: await firewall() };
    const texts = chosen.map((assessment) => exposureText(assessment, t, more));
    await vscode.env.clipboard.writeText(texts.join('\n'));
    vscode.window.setStatusBarMessage(t('Copied the report'), COPIED_MS);
  }

  private async audit(argument: unknown): Promise<void> {
    const { t, exposures, watcher, documents, firewall, version } = this.options;
    const formats = [
      { label: 'Markdown', id: 'md' },
      { label: 'HTML', id: 'html' },
      { label: 'SARIF', id: 'sarif' },
      { label: 'JSON', id: 'json' },
    ];
    const format =
      formats.find(({ id }) => id === argument) ??
      (await vscode.window.showQuickPick(formats, { title: t('Audit This Machine') }));
    if (!format) return;
    await watcher.refreshNow('full');
    await exposures.allChecked();
    const audit: Audit = {
      hostname: watcher.snapshot?.machine.hostname ?? '',
      takenAt: watcher.snapshot?.takenAt ?? this.options.now(),
      assessments: [...exposures.current.values()],
      firewall: await firewall(),
    };
    await documents.show(`${t('Audit')}.${format.id}`, auditText(format.id, audit, version, t));
  }

  /** How it is started anew: typed, and not run. */
  private openRestart(nodes: readonly ListenerNode[]): void {
    const { t, openTerminalWith } = this.options;
    const assessment = this.assessmentOf(nodes[0]);
    if (!assessment) return;
    const found = remediesOf(assessment, t).find(({ restart }) => restart === true);
    if (found?.command === undefined) return;
    openTerminalWith(found.command);
    this.options.exposures.expectFix(assessment.listenerId);
  }

  private async copyFix(nodes: readonly ListenerNode[]): Promise<void> {
    const { t } = this.options;
    const assessment = this.assessmentOf(nodes[0]);
    const items = (assessment ? remediesOf(assessment, t) : []).flatMap(({ sentence, command, restart }) =>
      command === undefined || restart === true ? [] : [{ label: sentence, detail: command, command }],
    );
    const title = t('Copy Which Command?');
    const chosen = items.length < 2 ? items[0] : await vscode.window.showQuickPick(items, { title });
    if (!chosen || !assessment) return;
    await vscode.env.clipboard.writeText(chosen.command);
    this.options.exposures.expectFix(assessment.listenerId);
    vscode.window.setStatusBarMessage(t('Copied {0}', chosen.command), COPIED_MS);
  }

  private async accept(nodes: readonly ListenerNode[]): Promise<void> {
    const { acceptances, interaction, t } = this.options;
    const assessment = this.assessmentOf(nodes[0]);
    if (!assessment) return;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!folder || !vscode.workspace.isTrusted) {
      const message = t('What is accepted is kept in the workspace: open a folder that you trust.');
      interaction.tell({ kind: 'information', message });
      return;
    }
    const finding = await this.chooseFinding(assessment);
    const reason = finding && (await this.askReason(finding));
    if (!finding || reason === undefined) return;
    const term = await this.chooseTerm();
    if (!term) return;
    const { port, protocol } = assessment.subject.listener;
    const until = term.until === undefined ? {} : { until: term.until };
    const acceptance: Acceptance = { finding: finding.id, protocol, port, reason, ...until };
    const file = await acceptances.accept(folder, acceptance);
    interaction.tell({
      kind: 'information',
      message: t('Accepted, in {0}.', vscode.workspace.asRelativePath(file)),
      actions: [{ label: t('Open File'), run: () => vscode.window.showTextDocument(file) }],
    });
  }

  private async chooseFinding({ findings }: Assessment): Promise<JudgedFinding | undefined> {
    const pending = findings.filter(({ accepted, severity }) => !accepted && severity !== 'none');
    if (pending.length < 2) return pending[0];
    const items = pending.map((finding) => ({ label: plainText(finding.sentence, 200), finding }));
    const title = this.options.t('Accept Which Finding?');
    return (await vscode.window.showQuickPick(items, { title }))?.finding;
  }

  private async askReason({ sentence }: JudgedFinding): Promise<string | undefined> {
    const { t } = this.options;
    const reason = await vscode.window.showInputBox({
      title: t('Accept: Why Is This Meant So?'),
      prompt: plainText(sentence, 200),
      placeHolder: t('For example: test data only, reset every night'),
      validateInput: (text) => (text.trim() === '' ? t('A reason is needed, for those who come later.') : ''),
    });
    return reason?.trim();
  }

  private async chooseTerm(): Promise<{ readonly until: string | undefined } | undefined> {
    const { t, now } = this.options;
    const items = TERMS.map((days) => {
      if (days === undefined) return { label: t('For good'), until: undefined };
      const until = new Date(now() + days * DAY_MS).toISOString().slice(0, 10);
      return { label: t('For {0} days', days), description: t('until {0}', until), until };
    });
    return await vscode.window.showQuickPick(items, { title: t('Accept for How Long?') });
  }
}

function auditText(format: string, audit: Audit, version: string, t: Translate): string {
  switch (format) {
    case 'html':
      return auditHtml(audit, t, vscode.env.language);
    case 'sarif':
      return jsonText(auditSarif(audit, version));
    case 'json':
      return jsonText(auditJson(audit));
    default:
      return auditMarkdown(audit, t);
  }
}
