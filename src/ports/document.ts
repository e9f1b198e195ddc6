import { plainText, type Translate } from '../base/text';
import type { Endpoint } from './endpoint';
import type { Listener } from './listener';
import type { Owner, Process } from './owner';
import type { Limit, MachineFacts, Snapshot } from './snapshot';
import { addressText, scopeLabel } from './words';

/** The version of `ListenersJson`; raised by a change that an older reader would misread. */
const SCHEMA_VERSION = 1;

/** The snapshot as data for other programs. Described in docs/listeners-json.md; a test holds the two together. */
export interface ListenersJson {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  readonly machine: MachineFacts;
  readonly limits: readonly Limit[];
  readonly listeners: readonly ListenerJson[];
}

type ListenerJson = Omit<Listener, 'owner'> & { readonly owner: OwnerJson };

type OwnerJson =
  | {
      readonly kind: 'exact' | 'activated';
      readonly howKnown: string;
      readonly process: ProcessJson;
      readonly parents: readonly ProcessJson[];
      readonly coOwners: readonly ProcessJson[];
    }
  | (Extract<Owner, { kind: 'hidden' | 'kernel' }> & { readonly howKnown: string });

/** `startTime` is ISO 8601 in UTC. */
type ProcessJson = Omit<Process, 'startedAt'> & { readonly startTime: string };

/** How an owner is known, in one sentence. Part of the documented schema, hence English. */
const HOW_KNOWN: Readonly<Record<Owner['kind'], string>> = {
  exact: 'an open file of the process is this very socket',
  activated:
    'an open file of the process is this very socket; it listens for a service that it starts on demand',
  hidden: "the socket's uid; the processes of this user may not be looked into",
  kernel: 'no process that can be seen holds it: the kernel itself, or a hidden process',
};

/** In the order of protocol, port and id. */
export function listenersJson(snapshot: Snapshot): ListenersJson {
  return {
    schemaVersion: SCHEMA_VERSION,
    takenAt: new Date(snapshot.takenAt).toISOString(),
    machine: snapshot.machine,
    limits: snapshot.limits,
    listeners: inOrder(snapshot).map((listener) => ({ ...listener, owner: ownerJson(listener.owner) })),
  };
}

/**
 * JSON text that is safe in a terminal: control and format characters inside strings become `\u` escapes, so that
 * the data stays what it was.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function ownerJson(owner: Owner): OwnerJson {
  const howKnown = HOW_KNOWN[owner.kind];
  if (!('process' in owner)) return { ...owner, howKnown };
  return {
    kind: owner.kind,
    howKnown,
    process: processJson(owner.process),
    parents: owner.parents.map(processJson),
    coOwners: owner.coOwners.map(processJson),
  };
}

function processJson({ startedAt, ...facts }: Process): ProcessJson {
  return { ...facts, startTime: new Date(startedAt).toISOString() };
}

/**
 * A table like that of `ss -tulnp`: one line an endpoint, with the owner's user, start time and command line.
 * Every line is safe to print.
 */
export function listenersTable(snapshot: Snapshot, t: Translate): string {
  const title = [
    t('Protocol'),
    t('Address'),
    t('Reach'),
    t('PID'),
    t('User'),
    t('Process'),
    t('Started'),
    t('Command'),
  ];
  const lines = inOrder(snapshot).flatMap((listener) =>
    listener.endpoints.map((endpoint) => [
      listener.protocol,
      addressText(endpoint),
      reach(endpoint, t),
      ...ownerCells(listener, t),
    ]),
  );
  const { machine } = snapshot;
  return [
    t(
      '{0} listeners on {1}, read by {2} at {3}',
      snapshot.listeners.size,
      machine.hostname,
      machine.user,
      isoSeconds(snapshot.takenAt),
    ),
    ...snapshot.limits.map((limit) => t('Note: {0}', limitWords(limit, t))),
    '',
    ...columns([title, ...lines]),
    '',
  ]
    .map((line) => plainText(line, LONGEST_LINE))
    .join('\n');
}

const LONGEST_LINE = 16_384;

function inOrder({ listeners }: Snapshot): Listener[] {
  return [...listeners.values()].sort(
    (a, b) => a.protocol.localeCompare(b.protocol) || a.port - b.port || (a.id < b.id ? -1 : 1),
  );
}

function reach({ scope, dualStack }: Endpoint, t: Translate): string {
  const reached = scopeLabel(scope, t);
  if (dualStack === undefined) return reached;
  switch (dualStack) {
    case 'yes':
      return t('{0}, IPv4 too', reached);
    case 'no':
      return t('{0}, IPv6 only', reached);
    case 'probable':
      return t('{0}, probably IPv4 too', reached);
    case 'unlikely':
      return t('{0}, probably IPv6 only', reached);
  }
}

function ownerCells({ owner }: Listener, t: Translate): string[] {
  switch (owner.kind) {
    case 'exact':
    case 'activated': {
      const { process, coOwners } = owner;
      const notes = [
        ...(owner.kind === 'activated' ? [t('starts a service on demand')] : []),
        ...(process.executableDeleted ? [t('executable deleted')] : []),
        ...(coOwners.length > 0 ? [t('shared with pid {0}', coOwners.map(({ pid }) => pid).join(', '))] : []),
      ];
      const command = plainText(process.commandLine.join(' '), 2048) || `[${process.name}]`;
      return [
        String(process.pid),
        process.user ?? String(process.uid),
        process.name,
        isoSeconds(process.startedAt),
        notes.length > 0 ? `${command}  (${notes.join('; ')})` : command,
      ];
    }
    case 'hidden':
      return ['-', owner.user ?? String(owner.uid), '-', '-', t('(hidden: another user’s process)')];
    case 'kernel':
      return ['-', '-', '-', '-', t('(the kernel, or a hidden process)')];
  }
}

function limitWords(limit: Limit, t: Translate): string {
  switch (limit.code) {
    case 'owners-hidden':
      return t(
        '{0} listeners belong to other users, whose processes this user may not look into.',
        limit.listeners,
      );
    case 'hidepid':
      return t('/proc is mounted with hidepid, so other users’ processes are invisible.');
    case 'table-unreadable':
      return t('The table {0} could not be read: {1}', limit.table, limit.cause);
  }
}

/** `2026-01-31 08:05:09Z` */
function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Aligned with blanks; the last column is not padded. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map((cell) => plainText(cell)));
  const widths: number[] = [];
  for (const row of clean) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return clean.map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  '),
  );
}
