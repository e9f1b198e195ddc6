import { plainText, type Translate } from '../../base/text';
import { evidenceLines } from '../../exposure/evidence';
import type { Assessment } from '../../exposure/judge';
import { assessRemote, isLoopback, remoteChoice } from '../../exposure/remote';
import { remediesOf, remedyWords } from '../../exposure/remedies';
import type { HostChange, PortChange } from '../../scan/compare';
import { serviceOf } from '../../scan/formats/service';
import { countPorts, formatRanges } from '../../scan/ports';
import { serviceGuess } from '../../scan/portSets';
import {
  checkOfPort,
  downTotal,
  type HostCheck,
  type HostRecord,
  type SessionData,
} from '../../scan/sessionData';
import { stateName, type PortState } from '../../scan/states';
import {
  filterGroups,
  FOLD_ABOVE,
  openCount,
  sortHosts,
  splitPorts,
  type HostSort,
  type PortRow,
  type StateSummary,
} from '../../scan/summary';
import { exposureIcon, exposureWords } from '../exposure/exposureLook';
import type { Icon, Look } from '../views/look';
import type { Draft } from '../views/stableTree';
import { dotted } from '../views/words';
import { checkable } from './checkTargets';
import type { ScanSubject } from './scanSubject';
import type { SessionEntry } from './sessionList';
import {
  hostCount,
  openWords,
  partsWords,
  portCount,
  progressWords,
  reasonsWords,
  statusWords,
  summaryWords,
} from './scanWords';

type ScanDraft = Draft<ScanSubject>;

export interface DraftContext {
  readonly states: ReadonlySet<PortState>;
  readonly sort: HostSort;
  readonly formatTime: (ms: number) => string;
  readonly t: Translate;
}

/** A port that was checked: what came out, with the words and the icon of our own listeners. */
interface Checked {
  readonly assessment: Assessment;
  readonly check: HostCheck;
}

/** What each state looks like; the words beside it say the same. */
const STATE_ICONS: Readonly<Record<PortState, Icon>> = {
  open: { id: 'pass-filled', color: 'charts.green' },
  'open|filtered': { id: 'question', color: 'charts.yellow' },
  unfiltered: { id: 'circle-outline', color: 'charts.blue' },
  'closed|filtered': { id: 'question' },
  filtered: { id: 'shield', color: 'charts.orange' },
  closed: { id: 'circle-slash' },
};

const SESSION_ICONS: Readonly<Record<SessionData['status']['kind'], Icon>> = {
  running: { id: 'loading~spin' },
  completed: { id: 'radio-tower' },
  cancelled: { id: 'circle-slash' },
  interrupted: { id: 'debug-disconnect' },
  failed: { id: 'error', color: 'list.errorForeground' },
};

/** Above this number of hosts those without an open port go under one element. */
const FOLD_HOSTS_ABOVE = 8;

export function sessionDraft(entry: SessionEntry, context: DraftContext): ScanDraft {
  const { id, data, progress, comparison } = entry;
  const { t } = context;
  const label = plainText(data.targets, 120) || t('Scan');
  const description = dotted([
    data.status.kind === 'completed' ? undefined : statusWords(data.status, t),
    data.status.kind === 'running' && progress !== undefined
      ? progressWords(progress, t)
      : summaryWords(data, t),
    data.origin === 'import' ? t('imported') : undefined,
    partsWords(data, t),
    context.formatTime(data.startedAt),
  ]);
  const running = data.status.kind === 'running';
  const traits = ['session', running ? 'running' : 'ended', data.origin];
  if (data.origin === 'scan' && data.parts.length > 0) traits.push('repeatable');
  const children = [
    ...(comparison === undefined ? [] : [comparisonDraft(id, comparison, context)]),
    ...hostDrafts(id, data, context),
  ];
  return {
    id: `scan:${id}`,
    look: {
      label,
      description,
      icon:
        data.origin === 'import' && data.status.kind === 'completed'
          ? { id: 'cloud-download' }
          : SESSION_ICONS[data.status.kind],
      spoken: t('Scan of {0}, {1}', label, description),
      traits: traits.join(';'),
      expand: 'expanded',
    },
    subject: { kind: 'session', sessionId: id },
    children,
  };
}

function hostDrafts(id: string, data: SessionData, context: DraftContext): ScanDraft[] {
  const { t } = context;
  const hosts = sortHosts(data.hosts, context.sort);
  const fold = hosts.length > FOLD_HOSTS_ABOVE;
  const [shown, folded] = fold
    ? [hosts.filter((host) => openCount(host) > 0), hosts.filter((host) => openCount(host) === 0)]
    : [hosts, []];
  const expand = shown.length <= 3 ? 'expanded' : 'collapsed';
  // A row that begins as a leaf stays folded when it gets children.
  const bare = data.status.kind === 'running' ? expand : 'leaf';
  const drafts = shown.map((host) => hostDraft(id, host, { expand, bare }, context));
  if (folded.length > 0)
    drafts.push({
      id: `scan:${id}/quiet`,
      look: look(
        t('{0} without an open port', hostCount(folded.length, t)),
        undefined,
        { id: 'ellipsis' },
        'fact',
        'collapsed',
      ),
      subject: { kind: 'fact', sessionId: id },
      children: () => folded.slice(0, MOST_ROWS).map((host) => hostDraft(id, host, FOLDED, context)),
    });
  const omitted = data.omittedHosts ?? 0;
  if (omitted > 0)
    drafts.push(
      fact(
        id,
        'omitted',
        t('{0} more without an open port were not kept', hostCount(omitted, t)),
        undefined,
        'archive',
      ),
    );
  const down = downTotal(data);
  if (down > 0) {
    const why = data.down.map(({ reason, hosts: count }) => `${count} ${reason}`).join(', ');
    drafts.push(fact(id, 'down', t('{0} down', hostCount(down, t)), why, 'circle-slash'));
  }
  return drafts;
}

/** More rows than this make no sense to a reader; the exports hold them all. */
const MOST_ROWS = 2000;

interface HostFold {
  readonly expand: 'expanded' | 'collapsed';
  /** The same while nothing is known of its ports. */
  readonly bare: Look['expand'];
}

const FOLDED: HostFold = { expand: 'collapsed', bare: 'leaf' };

function hostDraft(
  id: string,
  host: HostRecord,
  { expand, bare }: HostFold,
  context: DraftContext,
): ScanDraft {
  const { t } = context;
  const label = host.name === undefined ? host.address : plainText(host.name, 120);
  const description = dotted([
    host.name === undefined ? undefined : host.address,
    openWords(openCount(host), t),
    t('up ({0})', host.reason),
    host.latencyMs === undefined ? undefined : t('{0} ms', latencyText(host.latencyMs)),
    host.mac,
  ]);
  const prefix = `scan:${id}/${host.address}`;
  const groups = filterGroups(host.groups, context.states);
  const { rows, folded } = splitPorts(groups, foldsInView);
  return {
    id: prefix,
    look: look(
      label,
      description,
      { id: 'server' },
      [
        'host',
        ...(checkable(id, host).length > 0 ? ['checkable'] : []),
        ...(host.checks ? ['checked'] : []),
      ].join(';'),
      rows.length + folded.length === 0 ? bare : expand,
    ),
    subject: { kind: 'host', sessionId: id, address: host.address },
    children: () => [
      ...rows.slice(0, MOST_ROWS).map((row) => portDraft(id, host, row, prefix, context)),
      ...(rows.length > MOST_ROWS
        ? [
            fact(
              id,
              `${host.address}/more`,
              t('{0} more ports', rows.length - MOST_ROWS),
              undefined,
              'ellipsis',
            ),
          ]
        : []),
      ...folded.map((summary) => foldedDraft(id, summary, prefix, t)),
    ],
  };
}

/** Closed and filtered ports are always summed up, others where they are many. */
function foldsInView({ state, count }: StateSummary): boolean {
  return state === 'closed' || state === 'filtered' || (state !== 'open' && count > FOLD_ABOVE);
}

export function latencyText(ms: number): string {
  return ms >= 10 ? ms.toFixed(0) : ms.toPrecision(2);
}

function portDraft(
  id: string,
  host: HostRecord,
  row: PortRow,
  prefix: string,
  context: DraftContext,
): ScanDraft {
  const { t } = context;
  const service = serviceOf(host, row.protocol, row.port, serviceGuess);
  const name = service === undefined ? undefined : plainText(service.name, 80);
  // The question mark of nmap: a guess by the number.
  const shown = name === undefined || service?.method !== 'table' ? name : `${name}?`;
  const key = `${prefix}/${row.protocol}/${row.port}`;
  const checked = checkedPort(host, row, context);
  const verdict = checked && exposureWords(checked.assessment, t);
  return {
    id: key,
    look: {
      ...look(
        `${row.port}/${row.protocol}`,
        dotted([
          verdict,
          stateName(row.state, t),
          shown,
          service?.product === undefined ? undefined : plainText(service.product, 200),
          row.reason,
        ]),
        checked ? checkedIcon(checked) : STATE_ICONS[row.state],
        portTraits(host, row, checked).join(';'),
        checked ? 'collapsed' : 'leaf',
      ),
      spoken: dotted([
        t(
          '{0} port {1} of {2} is {3}',
          row.protocol.toUpperCase(),
          String(row.port),
          host.name ?? host.address,
          stateName(row.state, t),
        ),
        verdict,
        row.reason,
        name === undefined
          ? undefined
          : service?.method === 'table'
            ? t('by its number perhaps {0}', name)
            : name,
      ]),
    },
    subject: { kind: 'port', sessionId: id, address: host.address, row },
    children: checked ? () => checkDrafts(id, key, checked, context) : [],
  };
}

/** A port that was asked and is none of these keeps no green: unknown is never shown as safe. */
function checkedIcon({ assessment }: Checked): Icon {
  return exposureIcon(assessment) ?? { id: 'question' };
}

/** The menus of package.json match these words. */
function portTraits({ address }: HostRecord, row: PortRow, checked: Checked | undefined): string[] {
  const { protocol, port, state } = row;
  const traits = ['port', protocol];
  if (state === 'open') traits.push('open');
  if (checked) traits.push('checked');
  if (state !== 'open' || protocol === 'ip' || isLoopback(address)) return traits;
  const choice = remoteChoice({ address, port, protocol });
  return choice.kind === 'never' ? traits : [...traits, 'checkable'];
}

function checkedPort(
  { address, checks }: HostRecord,
  { protocol, port }: PortRow,
  { t }: DraftContext,
): Checked | undefined {
  const check = checkOfPort({ ...(checks && { checks }) }, protocol, port);
  if (check === undefined || protocol === 'ip') return undefined;
  const options = { now: check.checkedAt, t };
  return { check, assessment: assessRemote({ address, port, protocol }, check.result, options) };
}

/** What was found, what its owner can do, and the evidence; each a line. */
function checkDrafts(
  id: string,
  key: string,
  { assessment, check }: Checked,
  { t, formatTime }: DraftContext,
): ScanDraft[] {
  const remedies = remediesOf(assessment, t).map((remedy) => remedyWords(remedy, t).join(' '));
  const lines: (readonly [icon: string, text: string])[] = [
    ...assessment.findings.flatMap(({ sentence, details }) => [
      ['law', sentence] as const,
      ...details.map((detail) => ['info', detail] as const),
    ]),
    ...(assessment.findings.length === 0 ? [['law', assessment.sentence] as const] : []),
    ...remedies.map((remedy) => ['wrench', t('What its owner can do: {0}', remedy)] as const),
    ...assessment.reach.map((sentence) => ['globe', sentence] as const),
    ...evidenceLines(check.result, t).map((line) => ['output', line] as const),
    ['clock', t('Checked at {0}', formatTime(check.checkedAt))],
  ];
  return lines.map(([icon, line], index) => {
    const text = plainText(line);
    return {
      id: `${key}/check/${index}`,
      look: look(text, undefined, { id: icon }, 'fact', 'leaf'),
      subject: { kind: 'fact', sessionId: id, text },
      children: [],
    };
  });
}

function foldedDraft(id: string, summary: StateSummary, prefix: string, t: Translate): ScanDraft {
  const { protocol, state, count, reasons } = summary;
  const key = `${prefix}/${protocol}/${state}`;
  return {
    id: key,
    look: look(
      t('{0}: {1}', portCount(count, protocol, t), stateName(state, t)),
      reasonsWords(summary),
      STATE_ICONS[state],
      'fact',
      'collapsed',
    ),
    subject: {
      kind: 'fact',
      sessionId: id,
      text: reasons.map(({ reason, ports }) => `${reason}: ${formatRanges(ports)}`).join('\n'),
    },
    children: reasons.map(({ reason, count: each, ports }) => {
      const ranges = formatRanges(ports);
      return {
        id: `${key}/${reason}`,
        look: look(`${each} ${reason}`, plainText(ranges, 400), { id: 'list-flat' }, 'fact', 'leaf'),
        subject: { kind: 'fact', sessionId: id, text: ranges },
        children: [],
      } satisfies ScanDraft;
    }),
  };
}

function comparisonDraft(
  id: string,
  comparison: NonNullable<SessionEntry['comparison']>,
  context: DraftContext,
): ScanDraft {
  const { t, formatTime } = context;
  const { hosts, notCompared } = comparison.result;
  const key = `scan:${id}/compare`;
  const children = hosts.map((host) => hostChangeDraft(id, key, host, t));
  if (notCompared > 0)
    children.push(
      fact(
        id,
        'compare/rest',
        t('{0} ports were scanned only once and are not compared', notCompared),
        undefined,
        'info',
      ),
    );
  const label =
    hosts.length === 0 ? t('Nothing has changed') : t('Changes on {0}', hostCount(hosts.length, t));
  return {
    id: key,
    look: look(
      label,
      t('since {0}', formatTime(comparison.with.startedAt)),
      { id: 'diff' },
      'fact',
      children.length > 0 ? 'expanded' : 'leaf',
    ),
    subject: { kind: 'fact', sessionId: id },
    children,
  };
}

function hostChangeDraft(id: string, key: string, host: HostChange, t: Translate): ScanDraft {
  const prefix = `${key}/${host.address}`;
  const kinds = { new: t('new host'), gone: t('host gone'), both: undefined };
  return {
    id: prefix,
    look: look(
      host.name === undefined ? host.address : plainText(host.name, 120),
      kinds[host.kind],
      { id: 'server' },
      'fact',
      host.ports.length > 0 ? 'expanded' : 'leaf',
    ),
    subject: { kind: 'fact', sessionId: id, text: host.address },
    children: host.ports.map((change, index) => changeDraft(id, `${prefix}/${index}`, change, t)),
  };
}

const CHANGE_ICONS: Readonly<Record<PortChange['kind'], Icon>> = {
  new: { id: 'diff-added', color: 'charts.green' },
  gone: { id: 'diff-removed', color: 'charts.red' },
  changed: { id: 'diff-modified', color: 'charts.yellow' },
};

function changeDraft(
  id: string,
  key: string,
  { kind, protocol, ports, before, after }: PortChange,
  t: Translate,
): ScanDraft {
  const ranges = formatRanges(ports);
  const label = countPorts(ports) === 1 ? `${ranges}/${protocol}` : portCount(countPorts(ports), protocol, t);
  const kinds = { new: t('new'), gone: t('gone'), changed: t('changed') };
  const states =
    before === undefined || after === undefined
      ? stateName(before ?? after ?? 'open', t)
      : t('{0} → {1}', stateName(before, t), stateName(after, t));
  const list = label.startsWith(ranges) ? undefined : plainText(ranges, 400);
  return {
    id: key,
    look: look(label, dotted([kinds[kind], states, list]), CHANGE_ICONS[kind], 'fact', 'leaf'),
    subject: { kind: 'fact', sessionId: id, text: ranges },
    children: [],
  };
}

function fact(
  id: string,
  key: string,
  label: string,
  description: string | undefined,
  icon: string,
): ScanDraft {
  return {
    id: `scan:${id}/${key}`,
    look: look(label, description, { id: icon }, 'fact', 'leaf'),
    subject: { kind: 'fact', sessionId: id },
    children: [],
  };
}

function look(
  label: string,
  description: string | undefined,
  icon: Icon,
  traits: string,
  expand: Look['expand'],
): Look {
  return {
    label,
    ...(description !== undefined && description !== '' && { description }),
    icon,
    spoken: description === undefined || description === '' ? label : `${label}, ${description}`,
    traits,
    expand,
  };
}
