import { plainText, type Translate } from '../../base/text';
import { isLeakingPeer, leaksOf, leakWords, type Leak } from '../../ports/leaks';
import type { ConnectionState, ConnectionSummary, Peer } from '../../ports/connections';
import type { Endpoint } from '../../ports/endpoint';
import type { Listener } from '../../ports/listener';
import type { Process } from '../../ports/owner';
import {
  npmScriptOf,
  originsOf,
  originWords,
  roleLabel,
  roleOf,
  type OriginContext,
} from '../../ownership/origin';
import type { Role } from '../../ownership/tables/roles';
import { shortCommand } from '../../ownership/shortCommand';
import { bindWords, ownerNotes, userWords } from '../../ports/words';
import { SCOPE_ICONS } from './icons';
import type { Icon, Look } from './look';
import type { Draft } from './stableTree';
import type { Subject } from './subject';
import { calmAge, commandText, dotted } from './words';

/** What the details are told in. */
export interface DetailWords {
  readonly t: Translate;
  /** A point in time in the user's way of writing it. */
  readonly formatTime: (ms: number) => string;
}

export interface DetailsContext extends DetailWords {
  readonly now: number;
  /** What is known of this editor, to say what started a process. */
  readonly origins: OriginContext;
  /** Undefined while they are being read. */
  readonly connections?: ConnectionSummary;
}

type DraftOf = Draft<Subject>;

/** What is below a row: endpoints, owner, what started it, who shares the socket, connections. */
export function detailDrafts(listener: Listener, context: DetailsContext): readonly DraftOf[] {
  const { owner } = listener;
  const drafts: DraftOf[] = listener.endpoints.map((endpoint) =>
    endpointDraft(listener, endpoint, context.t),
  );
  drafts.push(...noteDrafts(listener, context.t));
  if ('process' in owner) {
    drafts.push(ownerDraft(listener, owner.process, owner.parents, context));
    drafts.push(parentsDraft(listener, owner.process, owner.parents, context));
    if (owner.coOwners.length > 0) drafts.push(coOwnersDraft(listener, owner.coOwners, context));
  }
  if (listener.protocol === 'tcp') drafts.push(connectionsDraft(listener, context));
  return drafts;
}

function endpointDraft(listener: Listener, endpoint: Endpoint, t: Translate): DraftOf {
  const label = bindWords(endpoint, t);
  const description = dotted([endpoint.protocol.toUpperCase(), endpoint.family === 'ipv4' ? 'IPv4' : 'IPv6']);
  return {
    id: `${listener.id}/endpoint/${endpoint.family}/${endpoint.address}`,
    look: leaf(label, description, SCOPE_ICONS[endpoint.scope], 'endpoint'),
    subject: { kind: 'endpoint', listenerId: listener.id, endpoint },
    children: [],
  };
}

function noteDrafts(listener: Listener, t: Translate): DraftOf[] {
  return ownerNotes(listener, t).map((note, index) => ({
    id: `${listener.id}/note/${index}`,
    look: leaf(
      note.sentence,
      undefined,
      { id: note.command === undefined ? 'info' : 'lock' },
      note.command === undefined ? 'fact' : 'limit',
    ),
    subject:
      note.command === undefined
        ? { kind: 'fact', listenerId: listener.id, text: note.sentence }
        : { kind: 'limit', command: note.command },
    children: [],
  }));
}

function ownerDraft(
  listener: Listener,
  process: Process,
  parents: readonly Process[],
  context: DetailsContext,
): DraftOf {
  const { t } = context;
  const label = t('Owner: {0}', plainText(process.name, 64));
  const description = dotted([t('pid {0}', String(process.pid)), process.user ?? userWords(process)]);
  return {
    id: `${listener.id}/owner`,
    look: {
      label,
      description,
      icon: { id: 'person' },
      spoken: `${label}, ${description}`,
      traits: processTraits(process, 'owner'),
      expand: 'expanded',
    },
    subject: { kind: 'process', listenerId: listener.id, process },
    children: processFacts(process, parents, context).map(([key, name, value, icon]) => ({
      id: `${listener.id}/owner/${key}`,
      look: leaf(name, value, { id: icon }, 'fact'),
      subject: { kind: 'fact', listenerId: listener.id, text: value },
      children: [],
    })),
  };
}

type Fact = readonly [key: string, name: string, value: string, icon: string];

function processFacts(process: Process, parents: readonly Process[], context: DetailsContext): Fact[] {
  const { t, now, formatTime } = context;
  const age = calmAge(process.startedAt, now, t);
  const facts: (readonly [string, string, string | undefined, string])[] = [
    ['command', t('Command line'), commandText(process.commandLine), 'terminal'],
    ['cwd', t('Working directory'), process.cwd, 'folder'],
    ['executable', t('Executable'), process.executable, 'file-binary'],
    ['started', t('Started'), dotted([formatTime(process.startedAt), age]), 'clock'],
    [
      'project',
      t('Project'),
      process.project && `${process.project.name} · ${process.project.folder}`,
      'repo',
    ],
    ['npm', t('npm script'), npmText(npmScriptOf(process, parents, context.origins)), 'package'],
    ['unit', t('Service unit'), process.unit, 'server-process'],
    [
      'container',
      t('Container'),
      process.container && `${process.container.engine} ${process.container.id}`,
      'package',
    ],
    ['tty', t('Terminal'), process.tty, 'terminal'],
  ];
  return facts.flatMap(([key, name, value, icon]) =>
    value === undefined || value === '' ? [] : [[key, name, plainText(value), icon] as const],
  );
}

function npmText(npm: Process['npm']): string | undefined {
  return npm && dotted([npm.script, npm.packageName, npm.packageJson]);
}

/** What started it, in sentences, and the chain of parents that they are read from. */
function parentsDraft(
  listener: Listener,
  process: Process,
  parents: readonly Process[],
  context: DetailsContext,
): DraftOf {
  const { t } = context;
  const sentences = originsOf(process, parents, context.origins).map((origin) => originWords(origin, t));
  const [first = '', ...more] = sentences;
  const id = `${listener.id}/parents`;
  const facts = more.map((sentence, index) => ({
    id: `${id}/origin/${index}`,
    look: leaf(sentence, undefined, { id: 'info' }, 'fact'),
    subject: { kind: 'fact', listenerId: listener.id } as const,
    children: [],
  }));
  const chain = parents.map((parent) => processDraft(listener, parent, 'parent', context));
  const expand = facts.length + chain.length > 0 ? 'expanded' : 'leaf';
  return branch(id, listener, first, '', 'type-hierarchy-super', expand, [...facts, ...chain]);
}

function coOwnersDraft(listener: Listener, coOwners: readonly Process[], context: DetailsContext): DraftOf {
  const label = context.t('Shares the socket with');
  const description =
    coOwners.length === 1 ? context.t('1 process') : context.t('{0} processes', coOwners.length);
  return branch(`${listener.id}/coOwners`, listener, label, description, 'references', 'collapsed', [
    ...coOwners.map((process) => processDraft(listener, process, 'co-owner', context)),
  ]);
}

function processDraft(
  listener: Listener,
  process: Process,
  role: 'parent' | 'co-owner',
  { t, origins }: DetailsContext,
): DraftOf {
  const kind = role === 'parent' ? roleOf(process, origins) : 'process';
  const description = dotted([
    kind === 'process' ? undefined : roleLabel(kind, t),
    t('pid {0}', String(process.pid)),
    process.user,
  ]);
  return {
    id: `${listener.id}/${role}/${process.pid}@${process.startTicks}`,
    look: leaf(
      shortCommand(process),
      description,
      { id: ROLE_ICONS[kind] ?? 'server-process' },
      processTraits(process, role),
    ),
    subject: { kind: 'process', listenerId: listener.id, process },
    children: [],
  };
}

/** Roles without an icon of their own look like a process. */
const ROLE_ICONS: Readonly<Partial<Record<Role, string>>> = {
  terminal: 'terminal',
  shell: 'terminal',
  'package-manager': 'package',
  editor: 'window',
  'extension-host': 'extensions',
  supervisor: 'eye',
  'container-runtime': 'package',
  ssh: 'remote',
  process: 'server-process',
};

function processTraits(process: Process, role: string): string {
  const traits = ['process', role, 'pid'];
  if (process.commandLine.length > 0) traits.push('command');
  if (process.cwd !== undefined) traits.push('cwd');
  return traits.join(';');
}

/** Most telling first: what works, what is on its way, what lingers. */
const STATE_ORDER: readonly ConnectionState[] = [
  'ESTABLISHED',
  'CLOSE_WAIT',
  'SYN_RECV',
  'NEW_SYN_RECV',
  'SYN_SENT',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
];

function connectionsDraft(listener: Listener, context: DetailsContext): DraftOf {
  const { t, connections } = context;
  const leaks = connections ? leaksOf(connections) : [];
  const counted = STATE_ORDER.flatMap((state) => {
    const count = connections?.byState[state] ?? 0;
    return count > 0 ? [{ state, count }] : [];
  });
  const summary = connections
    ? counted.map(({ state, count }) => `${state} ${count}`).join(' · ') || t('none')
    : t('reading…');
  const children = [
    ...leaks.map((leak, index) => leakDraft(listener, leak, index, t)),
    ...counted.map(({ state, count }) => stateDraft(listener, state, count, leaks, context)),
  ];
  const draft = branch(
    `${listener.id}/connections`,
    listener,
    t('Connections'),
    leaks.length > 0 ? dotted([t('leak'), summary]) : summary,
    leaks.length > 0 ? 'warning' : 'arrow-both',
    children.length > 0 ? 'collapsed' : 'leaf',
    children,
  );
  return { ...draft, subject: { kind: 'connections', listenerId: listener.id } };
}

function leakDraft(listener: Listener, leak: Leak, index: number, t: Translate): DraftOf {
  const text = leakWords(leak, t);
  return {
    id: `${listener.id}/connections/leak/${index}`,
    look: leaf(t('Leak'), text, WARNING, 'fact'),
    subject: { kind: 'fact', listenerId: listener.id, text },
    children: [],
  };
}

function stateDraft(
  listener: Listener,
  state: ConnectionState,
  count: number,
  leaks: readonly Leak[],
  { t, connections }: DetailsContext,
): DraftOf {
  const peers = (connections?.peers ?? []).filter((peer) => peer.state === state);
  const listed = peers.reduce((sum, peer) => sum + peer.count, 0);
  const id = `${listener.id}/connections/${state}`;
  const children = peers.map((peer) => peerDraft(id, listener, peer, isLeakingPeer(peer, leaks), t));
  if (listed < count) {
    const more = t('{0} more are not listed', count - listed);
    children.push({
      id: `${id}/more`,
      look: leaf(more, undefined, { id: 'ellipsis' }, 'fact'),
      subject: { kind: 'fact', listenerId: listener.id },
      children: [],
    });
  }
  return branch(id, listener, state, String(count), 'plug', 'collapsed', children);
}

function peerDraft(parent: string, listener: Listener, peer: Peer, leaking: boolean, t: Translate): DraftOf {
  const description = dotted([
    `× ${peer.count}`,
    peer.process && `${plainText(peer.process.name, 64)} (${t('pid {0}', String(peer.process.pid))})`,
    peer.exited === true ? t('the process has exited') : undefined,
    leaking ? t('leak') : undefined,
  ]);
  return {
    id: `${parent}/${peer.address}`,
    look: leaf(
      peer.address,
      description,
      leaking ? WARNING : { id: 'arrow-small-right' },
      isRemote(peer) ? 'fact;remote' : 'fact',
    ),
    subject: { kind: 'fact', listenerId: listener.id, text: peer.address },
    children: [],
  };
}

/** The other end is not a process of this machine: it may be scanned. */
function isRemote({ address, process, exited }: Peer): boolean {
  return process === undefined && exited !== true && !/^(?:127\.|::1$|::ffff:127\.)/u.test(address);
}

const WARNING: Icon = { id: 'warning', color: 'list.warningForeground' };

export function leaf(label: string, description: string | undefined, icon: Icon, traits: string): Look {
  return {
    label,
    ...(description !== undefined && { description }),
    icon,
    spoken: description === undefined ? label : `${label}, ${description}`,
    traits,
    expand: 'leaf',
  };
}

export function branch(
  id: string,
  listener: Listener,
  label: string,
  description: string,
  icon: string,
  expand: Look['expand'],
  children: readonly DraftOf[],
): DraftOf {
  const drawn = icon === 'warning' ? WARNING : { id: icon };
  const look: Look = { ...leaf(label, description === '' ? undefined : description, drawn, 'fact'), expand };
  return { id, look, subject: { kind: 'fact', listenerId: listener.id }, children };
}
