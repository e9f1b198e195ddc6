import { plainText } from '../../base/text';
import { downTotal, type HostRecord, type SessionData } from '../../scan/sessionData';
import { filterGroups, openCount, sortHosts, splitPorts } from '../../scan/summary';
import type { Icon, Look } from '../views/look';
import { dotted } from '../views/words';
import { checkable } from './checkTargets';
import { comparisonDraft } from './compareDrafts';
import { fact, look, type DraftContext, type ScanDraft } from './draftParts';
import { foldedDraft, foldsInView, portDraft } from './portDrafts';
import type { SessionEntry } from './sessionList';
import {
  hostCount,
  latencyText,
  openWords,
  partsWords,
  progressWords,
  statusWords,
  summaryWords,
} from './scanWords';

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
