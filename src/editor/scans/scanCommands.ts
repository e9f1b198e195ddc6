import * as vscode from 'vscode';
import type { Translate } from '../../base/text';
import { toText } from '../../scan/formats/text';
import { formatHostPort } from '../../scan/hostPort';
import { intersectPorts } from '../../scan/ports';
import { serviceGuess } from '../../scan/portSets';
import { normalizeRanges } from '../../scan/ports';
import type { SessionData } from '../../scan/sessionData';
import { PORT_STATES, stateMeaning, stateName } from '../../scan/states';
import { HOST_SORTS, type HostSort } from '../../scan/summary';
import { TECHNIQUES } from '../../scan/techniques';
import type { Command } from '../commands/command';
import { formatTime } from '../views/listenersData';
import type { AuthChecks } from './authChecks';
import type { ScanChoicesStore } from './scanChoices';
import { exportScan, importScans, type ScanFileOptions } from './scanFileCommands';
import type { ScanRunner } from './scanRunner';
import type { ScanCommandName, ScanNode } from './scanSubject';
import { summaryWords } from './scanWords';
import type { SessionEntry } from './sessionList';

export interface ScanCommandOptions extends ScanFileOptions {
  readonly choices: ScanChoicesStore;
  readonly runner: ScanRunner;
  readonly scanHost: (target?: string) => Promise<void>;
  readonly checkPort: (given?: string) => Promise<void>;
  readonly authChecks: Pick<AuthChecks, 'check' | 'show'>;
  readonly t: Translate;
}

export type ScanCommandTable = Readonly<Record<ScanCommandName, Command<ScanNode>>>;

/** Commands of the scans' view. */
export function scanCommands(options: ScanCommandOptions): ScanCommandTable {
  const { sessions, choices, t } = options;
  return {
    scanHost: (nodes, argument) => options.scanHost(typeof argument === 'string' ? argument : hostOf(nodes)),
    checkPort: (nodes, argument) =>
      options.checkPort(typeof argument === 'string' ? argument : portOf(nodes)),
    checkAuthentication: (nodes) => options.authChecks.check(nodes),
    showCheck: (nodes) => options.authChecks.show(nodes),
    rescan: (nodes) => withSession(options, nodes, ({ data }) => rescan(options, data, false)),
    rescanOpen: (nodes) => withSession(options, nodes, ({ data }) => rescan(options, data, true)),
    cancelScan: (nodes) =>
      withSession(options, nodes, ({ id }) => {
        sessions.cancel(id);
      }),
    compareScan: (nodes) => withSession(options, nodes, (entry) => compare(options, entry)),
    removeScan: (nodes) => {
      for (const { subject } of nodes) if (subject.kind === 'session') sessions.remove(subject.sessionId);
    },
    copyScan: (nodes) => copy(options, nodes),
    exportScan: (nodes) => withSession(options, nodes, ({ data }) => exportScan(data, options)),
    importScan: (_nodes, argument) =>
      importScans(options, argument instanceof vscode.Uri ? argument : undefined),
    filterScanStates: () => filterStates(choices, t),
    sortScanHosts: () => sortHosts(choices, t),
  };
}

function hostOf(nodes: readonly ScanNode[]): string | undefined {
  const subject = nodes[0]?.subject;
  return subject !== undefined && 'address' in subject ? subject.address : undefined;
}

function portOf(nodes: readonly ScanNode[]): string | undefined {
  const subject = nodes[0]?.subject;
  return subject?.kind === 'port' ? formatHostPort(subject.address, subject.row.port) : undefined;
}

/** The session of the element; from the palette the only one, or one that is chosen. */
async function withSession(
  { sessions, t }: ScanCommandOptions,
  nodes: readonly ScanNode[],
  action: (entry: SessionEntry) => Promise<void> | void,
): Promise<void> {
  const id = nodes[0]?.subject.sessionId;
  const all = sessions.all;
  const entry =
    id === undefined
      ? all.length === 1
        ? all[0]
        : await chooseSession(all, t('Which scan?'), t)
      : sessions.get(id);
  if (entry !== undefined) await action(entry);
}

async function chooseSession(
  entries: readonly SessionEntry[],
  title: string,
  t: Translate,
): Promise<SessionEntry | undefined> {
  const items = entries.map((entry) => ({
    label: entry.data.targets,
    description: formatTime(entry.data.startedAt),
    detail: summaryWords(entry.data, t),
    entry,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.entry;
}

async function rescan(
  { runner, interaction, t }: ScanCommandOptions,
  data: SessionData,
  onlyOpen: boolean,
): Promise<void> {
  const parts = onlyOpen ? openParts(data) : data.parts;
  const open = data.hosts.filter((host) => host.groups.some(({ state }) => state === 'open'));
  if (parts.length === 0) {
    interaction.tell({ kind: 'information', message: t('That scan found no open port.') });
    return;
  }
  const targets = onlyOpen ? open.map(({ address }) => address).join(' ') : data.targets;
  await runner.run({ ...data, targets, parts, discovery: onlyOpen ? 'skip' : data.discovery });
}

/** Each part with the ports that were open somewhere. */
function openParts(data: SessionData): SessionData['parts'] {
  return data.parts.flatMap(({ technique, ports }) => {
    const { protocol } = TECHNIQUES[technique];
    const open = data.hosts
      .flatMap(({ groups }) => groups)
      .filter((group) => group.state === 'open' && group.protocol === protocol)
      .flatMap((group) => group.ports);
    const again = intersectPorts(ports, normalizeRanges(open));
    return again.length === 0 ? [] : [{ technique, ports: again }];
  });
}

async function compare({ sessions, interaction, t }: ScanCommandOptions, entry: SessionEntry): Promise<void> {
  const others = sessions.all.filter(({ id }) => id !== entry.id);
  const same = others.filter(({ data }) => data.targets === entry.data.targets);
  const candidates = same.length > 0 ? same : others;
  if (candidates.length === 0) {
    interaction.tell({ kind: 'information', message: t('There is no other scan to compare with.') });
    return;
  }
  const other =
    candidates.length === 1
      ? candidates[0]
      : await chooseSession(candidates, t('Compare with which scan?'), t);
  if (other === undefined) return;
  // What is shown is the change from the earlier to the later one, whichever was asked from.
  const [earlier, later] = other.data.startedAt <= entry.data.startedAt ? [other, entry] : [entry, other];
  sessions.compare(later.id, earlier.id);
}

async function copy(options: ScanCommandOptions, nodes: readonly ScanNode[]): Promise<void> {
  const texts = nodes.map((node) => textOf(options, node)).filter((text) => text !== '');
  if (texts.length > 0) await vscode.env.clipboard.writeText(texts.join('\n'));
}

/** A session or host as nmap would print it; a port as `address:port`; anything else as it stands. */
function textOf({ sessions, version }: ScanCommandOptions, { subject, look }: ScanNode): string {
  const entry = sessions.get(subject.sessionId);
  const context = { version, service: serviceGuess };
  switch (subject.kind) {
    case 'session':
      return entry === undefined ? '' : toText(entry.data, context);
    case 'host': {
      const hosts = entry?.data.hosts.filter(({ address }) => address === subject.address) ?? [];
      return entry === undefined ? subject.address : toText({ ...entry.data, hosts, down: [] }, context);
    }
    case 'port':
      return formatHostPort(subject.address, subject.row.port);
    case 'fact':
      return subject.text ?? look.label;
  }
}

async function filterStates(choices: ScanChoicesStore, t: Translate): Promise<void> {
  const items = PORT_STATES.map((state) => ({
    label: stateName(state, t),
    detail: stateMeaning(state, t),
    picked: choices.current.states.has(state),
    state,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Show Ports in Which States?'),
    canPickMany: true,
  });
  if (chosen !== undefined) await choices.setStates(chosen.map(({ state }) => state));
}

async function sortHosts(choices: ScanChoicesStore, t: Translate): Promise<void> {
  const items = HOST_SORTS.map((sort) => ({
    label: sortName(sort, t),
    ...(sort === choices.current.sort && { description: t('current') }),
    sort,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Sort Hosts By') });
  if (chosen !== undefined) await choices.setSort(chosen.sort);
}

function sortName(sort: HostSort, t: Translate): string {
  switch (sort) {
    case 'address':
      return t('Address');
    case 'name':
      return t('Name');
    case 'open':
      return t('Most open ports first');
    case 'latency':
      return t('Nearest first (latency)');
  }
}
