import { shortCommand } from '../ownership/shortCommand';
import { baseName } from '../base/path';
import type { Listener } from './listener';
import type { Process } from './owner';

/** One word of a filter. All words must match. */
interface Term {
  readonly field: Field | undefined;
  readonly text: string;
  readonly negated: boolean;
}

export interface Filter {
  readonly terms: readonly Term[];
}

const FIELDS = {
  port: 'port',
  user: 'user',
  uid: 'user',
  pid: 'pid',
  process: 'process',
  name: 'process',
  command: 'command',
  cmd: 'command',
  path: 'path',
  cwd: 'path',
  project: 'project',
  address: 'address',
  scope: 'scope',
  protocol: 'protocol',
  proto: 'protocol',
} as const;
type Field = (typeof FIELDS)[keyof typeof FIELDS];

/**
 * Reads what a user typed: words that must all match, `"quoted words"`, `-word` for those that must not,
 * `:3000`, `port:3000`, `port:3000-3010`, `user:root`, `pid:812`, `process:`, `command:`, `path:`, `project:`,
 * `address:`, `scope:`, `proto:`. A word before a colon that is none of these is ordinary text. Never fails.
 */
export function parseFilter(text: string): Filter {
  const words = text.toLowerCase().match(/(?:[^\s"]|"[^"]*"?)+/gu) ?? [];
  return { terms: words.map(parseTerm).filter((term) => term.text !== '') };
}

function parseTerm(word: string): Term {
  // `--host` is a flag that somebody looks for.
  const negated = /^-[^-]/u.test(word);
  const rest = negated ? word.slice(1) : word;
  const named = /^([a-z]*):(.*)$/su.exec(rest);
  const key = named?.[1] ?? '';
  const value = unquote(named?.[2] ?? '');
  if (named && key === '' && /^\d/u.test(value)) return { field: 'port', text: value, negated };
  if (named && Object.hasOwn(FIELDS, key))
    return { field: FIELDS[key as keyof typeof FIELDS], text: value, negated };
  return { field: undefined, text: unquote(rest), negated };
}

function unquote(text: string): string {
  return text.replaceAll('"', '');
}

/** @param groupNames further text of the row that the user sees, for example its project's or service's name */
export function matchesFilter(
  filter: Filter,
  listener: Listener,
  groupNames: readonly string[] = [],
): boolean {
  return filter.terms.every((term) => matchesTerm(term, listener, groupNames) !== term.negated);
}

function matchesTerm(term: Term, listener: Listener, shown: readonly string[]): boolean {
  if (term.field === 'port') return matchesPort(listener.port, term.text);
  if (term.field === 'pid') return processesOf(listener).some((process) => String(process.pid) === term.text);
  if (term.field) return textsOf(term.field, listener).some((text) => contains(text, term.text));
  // A number alone means the port; it is looked for at the start, so that 30 finds 3000 and not 8030.
  if (/^\d+$/u.test(term.text) && String(listener.port).startsWith(term.text)) return true;
  const texts = [...shown, ...WORD_FIELDS.flatMap((field) => textsOf(field, listener))];
  return texts.some((text) => contains(text, term.text));
}

const WORD_FIELDS = ['process', 'command', 'user', 'path', 'project', 'address', 'protocol'] as const;

function matchesPort(port: number, wanted: string): boolean {
  const range = /^(\d+)-(\d+)$/u.exec(wanted);
  if (range) return port >= Number(range[1]) && port <= Number(range[2]);
  return String(port) === wanted;
}

function contains(text: string, lowerCase: string): boolean {
  return text.toLowerCase().includes(lowerCase);
}

function processesOf({ owner }: Listener): readonly Process[] {
  return 'process' in owner ? [owner.process, ...owner.coOwners] : [];
}

function textsOf(field: Exclude<Field, 'port' | 'pid'>, listener: Listener): string[] {
  const { owner } = listener;
  const first = 'process' in owner ? owner.process : undefined;
  switch (field) {
    case 'process':
      return processesOf(listener).flatMap((process) => [process.name, baseName(process.executable ?? '')]);
    case 'command':
      return first ? [first.commandLine.join(' '), shortCommand(first)] : [];
    case 'user':
      return first ? userTexts(first) : userTexts(owner as { uid: number; user?: string });
    case 'path':
      return first ? [first.cwd ?? '', first.executable ?? ''] : [];
    case 'project':
      return first?.project ? [first.project.name, first.project.folder] : [];
    case 'address':
      return listener.endpoints.map((endpoint) => endpoint.address);
    case 'scope':
      return [listener.scope];
    case 'protocol':
      return [listener.protocol];
  }
}

function userTexts(who: { readonly uid: number; readonly user?: string }): string[] {
  return [who.user ?? '', `uid ${who.uid}`];
}
