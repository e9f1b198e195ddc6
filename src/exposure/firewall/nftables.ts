import type { Protocol } from '../../ports/endpoint';
import { record } from '../http';
import { portRule, type PortFilter } from './rule';

/**
 * `table inet filter, chain input: tcp dport 6379 drop`.
 * @param json the output of `nft -j list ruleset` (libnftables-json(5))
 * @param others tables that iptables tells of in more detail, as `ip filter`: they are left out
 * @returns undefined where the text is not what nft writes
 */
export function nftRules(
  json: string,
  { protocol, port }: PortFilter,
  others: ReadonlySet<string> = new Set(),
): string[] | undefined {
  const objects = objectsOf(json);
  if (!objects) return undefined;
  const sets = new Map(
    objects.flatMap((object) => {
      const set = record(object['set']);
      return set ? [[placeOf(set, 'name'), set['elem']] as const] : [];
    }),
  );
  const inputs = new Set<string>();
  return objects.flatMap((object) => {
    const chain = record(object['chain']);
    if (chain?.['hook'] === 'input' && !others.has(tableOf(chain))) {
      inputs.add(chainWords(chain, 'name'));
      return chain['policy'] === 'drop' ? [`${chainWords(chain, 'name')}: policy drop`] : [];
    }
    const rule = record(object['rule']);
    if (!rule || others.has(tableOf(rule))) return [];
    const place = chainWords(rule, 'chain');
    const words = ruleWords(rule, protocol, port, sets) ?? (inputs.has(place) ? restWords(rule) : undefined);
    return words === undefined ? [] : [`${place}: ${words}`];
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

const tableOf = (fields: Fields): string => `${word(fields['family'])} ${word(fields['table'])}`;

function placeOf(fields: Fields, name: 'name' | 'set'): string {
  return `${tableOf(fields)} ${word(fields[name])}`;
}

function chainWords(fields: Fields, name: 'name' | 'chain'): string {
  return `table ${tableOf(fields)}, chain ${word(fields[name])}`;
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
  return portRule(protocol, port, verdicts, {
    excluded: named['op'] === '!=',
    conditions: others.length > 0,
  });
}

/** A rule without any condition, at the end of many a chain, holds for every port. */
function restWords(rule: Fields): string | undefined {
  const expressions = records(rule['expr']);
  if (!expressions.every((each) => 'counter' in each || 'log' in each || 'drop' in each || 'reject' in each))
    return undefined;
  const verdict = ['drop', 'reject'].find((each) => expressions.some((expression) => each in expression));
  return verdict && `everything else ${verdict}`;
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
