import { plainText, type Translate } from '../base/text';
import type { Protocol } from '../ports/endpoint';
import { record } from './http';

/** What could be read of this machine's packet filter. */
export type FirewallReading =
  /** The output of `nft -j list ruleset` (libnftables-json(5)). */
  | { readonly kind: 'nftables'; readonly json: string }
  | { readonly kind: 'absent' }
  /** Only an administrator may, or it failed. */
  | { readonly kind: 'unreadable' };

/** Reads, and never elevates itself. Implemented in machine/. */
export type FirewallReader = () => Promise<FirewallReading>;

/** A firewall's own words about one port: facts beside a verdict, which they never change. */
export function firewallWords(
  reading: FirewallReading,
  protocol: Protocol,
  port: number,
  t: Translate,
): string[] {
  if (reading.kind === 'absent') return [t('nftables is not installed; other firewalls were not read.')];
  const rules = reading.kind === 'nftables' ? nftRules(reading.json, protocol, port) : undefined;
  if (!rules) return [t('Its rules could not be read as this user, so that nothing is known of them.')];
  if (rules.length === 0) return [t('No rule of nftables names this port, and no policy drops by default.')];
  return rules.map((rule) => t('nftables, {0}', plainText(rule, 300)));
}

/** `table inet filter, chain input: tcp dport 6379 drop`; undefined where the text is not what nft writes. */
export function nftRules(json: string, protocol: Protocol, port: number): string[] | undefined {
  const objects = objectsOf(json);
  if (!objects) return undefined;
  const sets = new Map(
    objects.flatMap((object) => {
      const set = record(object['set']);
      return set ? [[placeOf(set, 'name'), set['elem']] as const] : [];
    }),
  );
  return objects.flatMap((object) => {
    const chain = record(object['chain']);
    if (chain?.['hook'] === 'input' && chain['policy'] === 'drop')
      return [`${chainWords(chain, 'name')}: policy drop`];
    const rule = record(object['rule']);
    const words = rule && ruleWords(rule, protocol, port, sets);
    return rule && words !== undefined ? [`${chainWords(rule, 'chain')}: ${words}`] : [];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function objectsOf(json: string): Fields[] | undefined {
  try {
    const list = record(JSON.parse(json))?.['nftables'];
    return Array.isArray(list) ? records(list) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The objects of a list; whatever else is in it does not count. */
function records(list: unknown): Fields[] {
  const all: readonly unknown[] = Array.isArray(list) ? list : [];
  return all.map((each) => record(each)).filter((each) => each !== undefined);
}

const word = (value: unknown): string => (typeof value === 'string' ? value : '');

function placeOf(fields: Fields, name: 'name' | 'set'): string {
  return `${word(fields['family'])} ${word(fields['table'])} ${word(fields[name])}`;
}

function chainWords(fields: Fields, name: 'name' | 'chain'): string {
  return `table ${word(fields['family'])} ${word(fields['table'])}, chain ${word(fields[name])}`;
}

function ruleWords(
  rule: Fields,
  protocol: Protocol,
  port: number,
  sets: ReadonlyMap<string, unknown>,
): string | undefined {
  const expressions = records(rule['expr']);
  const matches = records(expressions.map((each) => each['match']));
  const named = matches.find((match) => isDestinationPort(match, protocol));
  if (!named) return undefined;
  const right =
    typeof named['right'] === 'string' && named['right'].startsWith('@')
      ? { set: sets.get(placeOf({ ...rule, set: named['right'].slice(1) }, 'set')) }
      : named['right'];
  if (holds(right, port) === (named['op'] === '!=')) return undefined;
  const verdicts = expressions.flatMap((each) => VERDICTS.filter((verdict) => verdict in each));
  // That it is TCP may stand as a match of its own.
  const others = matches.filter((match) => match !== named && !isProtocol(match));
  const conditions = others.length > 0 ? ' (under further conditions)' : '';
  return (
    [`${protocol} dport ${named['op'] === '!=' ? 'not excluded: ' : ''}${port}`, ...verdicts].join(' ') +
    conditions
  );
}

const VERDICTS = [
  'accept',
  'drop',
  'reject',
  'return',
  'jump',
  'goto',
  'queue',
  'dnat',
  'redirect',
  'tproxy',
];

function isDestinationPort({ left }: Fields, protocol: Protocol): boolean {
  const payload = record(record(left)?.['payload']);
  return payload?.['field'] === 'dport' && (payload['protocol'] === protocol || payload['protocol'] === 'th');
}

function isProtocol({ left }: Fields): boolean {
  const fields = record(left);
  return (
    record(fields?.['meta'])?.['key'] === 'l4proto' ||
    ['protocol', 'nexthdr'].includes(word(record(fields?.['payload'])?.['field']))
  );
}

/** A number, `{ range: [a, b] }`, or `{ set: [...] }` of those. */
function holds(right: unknown, port: number): boolean {
  if (typeof right === 'number') return right === port;
  const fields = record(right);
  const { range, set } = fields ?? {};
  if (Array.isArray(range)) {
    const [first, last] = range as unknown[];
    return typeof first === 'number' && typeof last === 'number' && first <= port && port <= last;
  }
  // A set of one element may stand without its brackets.
  if (Array.isArray(set)) return set.some((each: unknown) => holds(each, port));
  return set === port;
}
