import * as vscode from 'vscode';
import { isWithin } from '../../base/path';
import type { Translate } from '../../base/text';
import type { Endpoint } from '../../ports/endpoint';
import { BROWSER_BLOCKED_PORTS } from '../../ports/find';
import type { Listener } from '../../ports/listener';
import type { Process } from '../../ports/owner';
import type { SchemeProbe } from '../../ports/reach';
import { addressText, endpointForUrl, ownerNotes, urlOf } from '../../ports/words';
import { shellWord } from '../../stop/commands';
import type { ChoicesStore } from '../choicesStore';
import type { Documents } from '../documents';
import type { Interaction } from '../interaction';
import type { OpenTerminalWith } from '../terminal';
import type { Surroundings } from '../views/listenersData';
import { rulesFor, ruleWords } from '../views/hideRules';
import type { ListenerNode } from '../views/listenersData';
import { listenerIdOf } from '../views/subject';
import { terminalOf } from '../windowSurroundings';
import type { CommandTable } from './command';

export interface RowCommandOptions {
  readonly listener: (id: string) => Listener | undefined;
  /** Everything that is known of a listener, as plain text. */
  readonly details: (listener: Listener) => Promise<string>;
  readonly probe: SchemeProbe;
  readonly choices: ChoicesStore;
  readonly surroundings: Surroundings;
  readonly documents: Documents;
  readonly interaction: Interaction;
  readonly openTerminalWith: OpenTerminalWith;
  readonly t: Translate;
}

/** What can be done with one element of the tree, apart from stopping it. */
export class RowCommands {
  constructor(private readonly options: RowCommandOptions) {}

  readonly table = {
    openInBrowser: (nodes) => this.openInBrowser(nodes),
    copyAddress: (nodes) => this.copy(nodes, (node) => this.addressOf(node)),
    copyUrl: (nodes) => this.copy(nodes, (node) => this.urlOf(node)),
    copyPid: (nodes) => this.copy(nodes, (node) => this.processOf(node)?.pid.toString()),
    copyCommand: (nodes) =>
      this.copy(nodes, (node) => this.processOf(node)?.commandLine.map(shellWord).join(' ')),
    revealInTerminal: (nodes) => this.revealInTerminal(nodes),
    openWorkingDirectory: (nodes) => this.openWorkingDirectory(nodes),
    showDetails: (nodes) => this.showDetails(nodes),
    hideLike: (nodes) => this.hideLike(nodes),
    hideGroup: (nodes) => this.hideGroup(nodes),
    runLimitCommand: (nodes) => {
      this.runLimitCommand(nodes);
    },
  } satisfies CommandTable;

  /** The listener behind an element; says so where it is gone by now. */
  private listenerOf(node: ListenerNode | undefined): Listener | undefined {
    const id = node && listenerIdOf(node.subject);
    const listener = id === undefined ? undefined : this.options.listener(id);
    if (id !== undefined && !listener) {
      this.options.interaction.tell({
        kind: 'information',
        message: this.options.t('It no longer listens.'),
      });
    }
    return listener;
  }

  private processOf(node: ListenerNode): Process | undefined {
    if (node.subject.kind === 'process') return node.subject.process;
    const owner = this.listenerOf(node)?.owner;
    return owner && 'process' in owner ? owner.process : undefined;
  }

  private endpointOf(node: ListenerNode): Endpoint | undefined {
    if (node.subject.kind === 'endpoint') return node.subject.endpoint;
    const listener = this.listenerOf(node);
    return listener && endpointForUrl(listener);
  }

  /** An endpoint as it is bound; of a row, what one can connect to. */
  private addressOf(node: ListenerNode): string | undefined {
    const endpoint = this.endpointOf(node);
    if (!endpoint) return undefined;
    const wildcard = node.subject.kind !== 'endpoint' && endpoint.scope === 'wildcard';
    return wildcard ? `localhost:${endpoint.port}` : addressText(endpoint);
  }

  private urlOf(node: ListenerNode): string | undefined {
    const endpoint = this.endpointOf(node);
    return endpoint && urlOf(endpoint, endpoint.port === 443 ? 'https' : 'http');
  }

  private async copy(
    nodes: readonly ListenerNode[],
    textOf: (node: ListenerNode) => string | undefined,
  ): Promise<void> {
    const texts = [...new Set(nodes.map(textOf).filter((text) => text !== undefined && text !== ''))];
    if (texts.length === 0) return;
    await vscode.env.clipboard.writeText(texts.join('\n'));
    const told =
      texts.length === 1
        ? this.options.t('Copied {0}', texts[0] ?? '')
        : this.options.t('Copied {0} lines', texts.length);
    vscode.window.setStatusBarMessage(told, COPIED_MS);
  }

  private async openInBrowser(nodes: readonly ListenerNode[]): Promise<void> {
    const [node] = nodes;
    const endpoint = node && this.endpointOf(node);
    if (endpoint) await this.openEndpoint(endpoint);
  }

  async openListener(listener: Listener): Promise<void> {
    const endpoint = endpointForUrl(listener);
    if (endpoint) await this.openEndpoint(endpoint);
  }

  private async openEndpoint(endpoint: Endpoint): Promise<void> {
    const { interaction, probe, t } = this.options;
    if (BROWSER_BLOCKED_PORTS.has(endpoint.port)) {
      interaction.tell({
        kind: 'warning',
        message: t('Browsers refuse to open port {0}.', String(endpoint.port)),
      });
      return;
    }
    const scheme = await probe.schemeOf(endpoint);
    if (scheme) {
      await openExternal(urlOf(endpoint, scheme));
      return;
    }
    const url = urlOf(endpoint, 'http');
    interaction.tell({
      kind: 'warning',
      message: t('{0} answers neither HTTP nor HTTPS.', addressText(endpoint)),
      actions: [{ label: t('Open Anyway'), run: () => openExternal(url) }],
    });
  }

  private async revealInTerminal(nodes: readonly ListenerNode[]): Promise<void> {
    const { interaction, t } = this.options;
    const owner = this.listenerOf(nodes[0])?.owner;
    if (!owner || !('process' in owner)) return;
    const terminal = await terminalOf([owner.process, ...owner.parents].map(({ pid }) => pid));
    if (terminal) terminal.show();
    else interaction.tell({ kind: 'information', message: t('No terminal of this window started it.') });
  }

  private async openWorkingDirectory(nodes: readonly ListenerNode[]): Promise<void> {
    const [node] = nodes;
    const cwd = node && this.processOf(node)?.cwd;
    if (cwd === undefined) return;
    const uri = vscode.Uri.file(cwd);
    if (this.options.surroundings.folders.some((folder) => isWithin(folder, cwd))) {
      await vscode.commands.executeCommand('revealInExplorer', uri);
    } else if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
      await vscode.commands.executeCommand('revealFileInOS', uri);
    } else {
      // Neither the explorer nor the user's own file manager can show a folder of another machine.
      vscode.window.createTerminal({ cwd }).show();
    }
  }

  private async showDetails(nodes: readonly ListenerNode[]): Promise<void> {
    const listener = this.listenerOf(nodes[0]);
    if (listener) await this.showListener(listener);
  }

  async showListener(listener: Listener): Promise<void> {
    const { documents, details, t } = this.options;
    const name = t('Listener {0} {1}', listener.protocol, String(listener.port));
    await documents.show(`${name}.txt`, await details(listener));
  }

  private async hideLike(nodes: readonly ListenerNode[]): Promise<void> {
    const listener = this.listenerOf(nodes[0]);
    if (!listener) return;
    const { t, choices } = this.options;
    const items = rulesFor(listener).map((rule) => ({ label: ruleWords(rule, t), rule }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: t('Hide Rows Like This'),
      placeHolder: t('“Show Hidden Rows and Groups…” in the view’s menu brings them back'),
    });
    if (chosen) await choices.hideRows(chosen.rule);
  }

  private async hideGroup(nodes: readonly ListenerNode[]): Promise<void> {
    for (const { subject } of nodes) {
      if (subject.kind === 'group' && subject.hideAs) await this.options.choices.hideGroup(subject.hideAs);
    }
  }

  private runLimitCommand(nodes: readonly ListenerNode[]): void {
    const [node] = nodes;
    if (node?.subject.kind === 'limit') {
      if (node.subject.command !== undefined) this.options.openTerminalWith(node.subject.command);
      return;
    }
    const listener = this.listenerOf(node);
    const note =
      listener && ownerNotes(listener, this.options.t).find(({ command }) => command !== undefined);
    if (note?.command !== undefined) this.options.openTerminalWith(note.command);
  }
}

const COPIED_MS = 3000;

/** Where the window is remote, through the address that the editor forwards for it. */
async function openExternal(url: string): Promise<void> {
  const uri = await vscode.env.asExternalUri(vscode.Uri.parse(url, true));
  await vscode.env.openExternal(uri);
}
