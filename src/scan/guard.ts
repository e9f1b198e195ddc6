import type { Translate } from '../base/text';
import { formatAddress, parseAddress, type Address } from './address';
import { intersectRanges, mergeRanges, singleton, subtractRanges, type AddressRange } from './addressRanges';
import { errorAt, type Parsed } from './grammar';
import type { ScopeLimit } from './scopeLimit';
import { specialRanges, type Scope } from './specialRanges';
import { literalRanges, resolveTargets, type HostSet, type Resolution, type TargetList } from './targets';

/** Hosts of one scope. `source` names the document that gives the addresses their meaning. */
export interface ScopePart {
  readonly scope: Scope;
  readonly source: string;
  readonly ranges: readonly AddressRange[];
}

/**
 * - `run`: every host is this machine, or on private addresses.
 * - `ask`: the user must say each time that the owner agrees.
 * - `refuse`: parts that are never scanned, or that the setting forbids.
 */
export type Permission =
  | { readonly kind: 'run' }
  | { readonly kind: 'ask'; readonly parts: readonly ScopePart[] }
  | { readonly kind: 'refuse'; readonly parts: readonly ScopePart[]; readonly bySetting: boolean };

const NEVER: ReadonlySet<Scope> = new Set<Scope>(['multicast', 'broadcast', 'reserved']);
const OWN: ReadonlySet<Scope> = new Set<Scope>(['loopback', 'own']);
const ASKED: ReadonlySet<Scope> = new Set<Scope>(['public', 'shared']);

/**
 * Sorts addresses by what they are. Own addresses come first: a machine may scan itself whatever it is called.
 * @param own canonical texts of this machine's addresses.
 */
export function scopesOf(ranges: readonly AddressRange[], own: readonly string[]): ScopePart[] {
  const parts: ScopePart[] = [];
  let left = mergeRanges(ranges);
  const take = (scope: Scope, source: string, pattern: readonly AddressRange[]): void => {
    const taken = intersectRanges(left, pattern);
    if (taken.length === 0) return;
    parts.push({ scope, source, ranges: taken });
    left = subtractRanges(left, pattern);
  };
  take(
    'own',
    '',
    own
      .flatMap((text) => parseAddress(text) ?? [])
      .map(withoutZone)
      .map(singleton),
  );
  for (const { scope, source, range } of specialRanges()) {
    if (left.length === 0) break;
    take(scope, source, [range]);
  }
  if (left.length > 0) parts.push({ scope: 'public', source: 'RFC 4632', ranges: left });
  return parts;
}

function withoutZone({ family, value }: Address): Address {
  return { family, value };
}

export function permit(parts: readonly ScopePart[], limit: ScopeLimit): Permission {
  const never = parts.filter(({ scope }) => NEVER.has(scope));
  if (never.length > 0) return { kind: 'refuse', parts: never, bySetting: false };
  const forbidden = parts.filter(
    ({ scope }) => (limit === 'private' && ASKED.has(scope)) || (limit === 'own' && !OWN.has(scope)),
  );
  if (forbidden.length > 0) return { kind: 'refuse', parts: forbidden, bySetting: true };
  const asked = parts.filter(({ scope }) => ASKED.has(scope));
  return asked.length > 0 ? { kind: 'ask', parts: asked } : { kind: 'run' };
}

/** What the guard has to know of the machine and its user. `ownAddresses`: canonical texts. */
export interface GuardFacts {
  readonly ownAddresses: readonly string[];
  readonly limit: ScopeLimit;
}

/** Judges what is written as addresses, before the names are resolved. An error points at the target. */
export function judgeLiterals(list: TargetList, facts: GuardFacts, t: Translate): Parsed<Permission> {
  let worst: Permission = { kind: 'run' };
  for (const target of list.include) {
    const permission = permit(scopesOf(literalRanges(target, list), facts.ownAddresses), facts.limit);
    if (permission.kind === 'refuse') return { ok: false, errors: [errorAt(target, refusal(permission, t))] };
    if (permission.kind === 'ask') worst = permission;
  }
  return { ok: true, value: worst };
}

/**
 * Resolves and judges in one step, so that what is judged is what is scanned. A name is judged by all of its
 * addresses, also those that are not scanned.
 */
export function admit(
  list: TargetList,
  resolutions: readonly Resolution[],
  machine: GuardFacts,
  t: Translate,
): Parsed<{ readonly hosts: HostSet; readonly permission: Permission }> {
  const resolved = resolveTargets(list, resolutions, t);
  if (!resolved.ok) return resolved;
  const hosts = resolved.value;
  const scanned = new Set(list.include.flatMap((target) => (target.kind === 'name' ? [target.name] : [])));
  const others = resolutions
    .filter((each) => scanned.has(each.name))
    .flatMap((each) => each.addresses.flatMap((text) => parseAddress(text) ?? []))
    .map(singleton);
  const permission = permit(scopesOf([...hosts.ranges, ...others], machine.ownAddresses), machine.limit);
  if (permission.kind !== 'refuse') return { ok: true, value: { hosts, permission } };
  const literal = judgeLiterals(list, machine, t);
  if (!literal.ok) return literal;
  const whole = { text: list.include.map(({ text }) => text).join(' '), offset: 0 };
  const culprit = list.include.length === 1 ? (list.include[0] ?? whole) : whole;
  return { ok: false, errors: [errorAt(culprit, refusal(permission, t))] };
}

/** Why a scan is refused, in one sentence. */
export function refusal(permission: Extract<Permission, { kind: 'refuse' }>, t: Translate): string {
  const part = permission.parts[0];
  const range = part?.ranges[0];
  if (part === undefined || range === undefined) return t('These targets are not scanned.');
  const text = rangeText(range);
  if (permission.bySetting)
    return t('{0} is {1}, which the setting “portlight.scan.scope” forbids.', text, scopeName(part.scope, t));
  return t('{0} is {1} ({2}) and never scanned.', text, scopeName(part.scope, t), part.source);
}

export function scopeName(scope: Scope, t: Translate): string {
  switch (scope) {
    case 'loopback':
      return t('loopback');
    case 'own':
      return t('this machine');
    case 'private':
      return t('a private address');
    case 'link-local':
      return t('a link-local address');
    case 'shared':
      return t('carrier-grade NAT space, which a provider or a VPN shares out');
    case 'public':
      return t('a public address');
    case 'multicast':
      return t('a multicast address');
    case 'broadcast':
      return t('a broadcast address');
    case 'reserved':
      return t('a reserved address');
  }
}

/** `10.0.0.1` or `10.0.0.1–10.0.0.9` */
export function rangeText({ family, first, last, zone }: AddressRange): string {
  const text = (value: bigint): string =>
    formatAddress(zone === undefined ? { family, value } : { family, value, zone });
  return first === last ? text(first) : `${text(first)}–${text(last)}`;
}
