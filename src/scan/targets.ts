import type { Translate } from '../base/text';
import { formatAddress, parseAddress, type Address } from './address';
import { coversAddress, singleton, sizeOf, subtractRanges, type AddressRange } from './addressRanges';
import { errorAt, type GrammarError, type Parsed, type Token } from './grammar';
import type { ScanTarget } from './report';
import { parseTarget, targetTokens, type OctetPattern, type Target } from './targetGrammar';

/** More hosts than this are refused: a /16. */
export const MAX_HOSTS = 65_536;

export interface TargetList {
  readonly include: readonly Target[];
  readonly exclude: readonly Target[];
  /** Hosts that this means, each name counted as one. */
  readonly count: bigint;
}

/** What a host name resolved to, in the resolver's order; empty where it has no address. */
export interface Resolution {
  readonly name: string;
  /** Canonical text. */
  readonly addresses: readonly string[];
  /** Why there is none, for example `ENOTFOUND`. */
  readonly error?: string;
}

/** Hosts to scan, compact. */
export interface HostSet {
  /** Sorted and disjoint. */
  readonly ranges: readonly AddressRange[];
  /** The names under which some were asked for, by canonical address. */
  readonly names: ReadonlyMap<string, string>;
  readonly count: bigint;
}

/**
 * Reads what the user typed: host names, IPv4, IPv6 (with zone), CIDR, octet ranges, lists and wildcards, several
 * separated by spaces or commas; `!` before what is left out. Errors carry the place of the wrong part.
 */
export function parseTargets(text: string, t: Translate): Parsed<TargetList> {
  const include: Target[] = [];
  const exclude: Target[] = [];
  const errors: GrammarError[] = [];
  for (const token of targetTokens(text)) {
    const excluded = token.text.startsWith('!');
    const body = excluded ? { text: token.text.slice(1), offset: token.offset + 1 } : token;
    if (body.text === '') {
      errors.push(errorAt(token, t('A target is missing after the “!”.')));
      continue;
    }
    const target = parseTarget(body, t);
    if ('message' in target) errors.push(target);
    else if (!excluded && lacksZone(target))
      errors.push(
        errorAt(target, t('A link-local address is reached through a link: {0}.', `${body.text}%eth0`)),
      );
    else (excluded ? exclude : include).push(target);
  }
  if (errors.length > 0) return { ok: false, errors };
  const whole = { text, offset: 0 };
  if (include.length === 0) return failed(whole, t('Type a host name, an address or a range.'));
  const names = new Set(include.flatMap((target) => (target.kind === 'name' ? [target.name] : [])));
  const ranges = combined(include, exclude, noNames);
  const count = BigInt(names.size) + (typeof ranges === 'bigint' ? ranges : sizeOf(ranges));
  const tooMany = checkCount(count, include.length === 1 ? (include[0] ?? whole) : whole, t);
  if (tooMany !== undefined) return tooMany;
  if (count === 0n) return failed(whole, t('The exclusions leave no host.'));
  return { ok: true, value: { include, exclude, count } };
}

/** Every link may have the address, and means another host by it (RFC 4007). */
function lacksZone(target: Target): boolean {
  if (target.kind !== 'range' || target.range.family !== 'ipv6') return false;
  return target.range.zone === undefined && target.range.first >> 118n === 0x3fan;
}

/** The names that have to be resolved, exclusions too. */
export function namesOf(list: TargetList): string[] {
  return [
    ...new Set(
      [...list.include, ...list.exclude].flatMap((target) => (target.kind === 'name' ? [target.name] : [])),
    ),
  ];
}

/**
 * Puts the addresses in the place of the names. Of a name with several addresses one is scanned, IPv4 first, as
 * nmap does; an excluded name leaves out all of its addresses. A name that did not resolve is an error at its place.
 */
export function resolveTargets(
  list: TargetList,
  resolutions: readonly Resolution[],
  t: Translate,
): Parsed<HostSet> {
  const found = new Map(resolutions.map((each) => [each.name, each]));
  const errors: GrammarError[] = [];
  for (const target of [...list.include, ...list.exclude]) {
    if (target.kind !== 'name' || addressesOf(found.get(target.name)).length > 0) continue;
    const cause = found.get(target.name)?.error;
    errors.push(
      errorAt(
        target,
        cause === undefined
          ? t('“{0}” has no address.', target.name)
          : t('“{0}” could not be resolved ({1}).', target.name, cause),
      ),
    );
  }
  if (errors.length > 0) return { ok: false, errors };
  const names = new Map<string, string>();
  const ranges = combined(list.include, list.exclude, (name, excluded) => {
    const addresses = addressesOf(found.get(name));
    if (excluded) return addresses;
    const chosen = addresses.find((address) => address.family === 'ipv4') ?? addresses[0];
    if (chosen === undefined) return [];
    const text = formatAddress(chosen);
    if (!names.has(text)) names.set(text, name);
    return [chosen];
  });
  const count = typeof ranges === 'bigint' ? ranges : sizeOf(ranges);
  const whole = { text: list.include.map((target) => target.text).join(' '), offset: 0 };
  const tooMany = checkCount(count, whole, t);
  if (tooMany !== undefined || typeof ranges === 'bigint')
    return tooMany ?? failed(whole, t('The exclusions leave no host.'));
  if (count === 0n) return failed(whole, t('The exclusions leave no host.'));
  // An exclusion may have taken a named host out again.
  for (const text of names.keys()) {
    const address = parseAddress(text);
    if (address === undefined || !coversAddress(ranges, address)) names.delete(text);
  }
  return { ok: true, value: { ranges, names, count } };
}

function addressesOf(resolution: Resolution | undefined): Address[] {
  return (resolution?.addresses ?? []).flatMap((text) => parseAddress(text) ?? []);
}

function failed(token: Token, message: string): { ok: false; errors: readonly GrammarError[] } {
  return { ok: false, errors: [errorAt(token, message)] };
}

function checkCount(count: bigint, token: Token, t: Translate): ReturnType<typeof failed> | undefined {
  if (count <= MAX_HOSTS) return undefined;
  return failed(
    token,
    t('These are {0} hosts; at most {1} are scanned at once.', grouped(count), grouped(BigInt(MAX_HOSTS))),
  );
}

/** 65536 as `65,536`. */
function grouped(count: bigint): string {
  return count.toString().replace(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** The addresses that a target means by itself, less what the list leaves out; none of a name. */
export function literalRanges(target: Target, { exclude }: TargetList): readonly AddressRange[] {
  const ranges = combined([target], exclude, noNames);
  return typeof ranges === 'bigint' ? [] : ranges;
}

type NameAddresses = (name: string, excluded: boolean) => readonly Address[];
const noNames: NameAddresses = () => [];

/** @returns the ranges, or only their number where a pattern is too scattered to be written as ranges. */
function combined(
  include: readonly Target[],
  exclude: readonly Target[],
  addresses: NameAddresses,
): AddressRange[] | bigint {
  const scattered = [...include, ...exclude].find(
    (target) => target.kind === 'octets' && patternPieces(target.octets) > MAX_HOSTS,
  );
  // Exclusions are not counted off here: the pattern alone is beyond any limit.
  if (scattered?.kind === 'octets') return patternSize(scattered.octets);
  const expand = (excluded: boolean) => (target: Target) => {
    if (target.kind === 'range') return [target.range];
    if (target.kind === 'octets') return [...patternRanges(target.octets)];
    return addresses(target.name, excluded).map(singleton);
  };
  return subtractRanges(include.flatMap(expand(false)), exclude.flatMap(expand(true)));
}

function size(ranges: OctetPattern[number]): number {
  return new Set(
    ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)),
  ).size;
}

function patternSize(octets: OctetPattern): bigint {
  return octets.reduce((product, ranges) => product * BigInt(size(ranges)), 1n);
}

/** How many separate ranges a pattern makes: octets at the end that take every value make none of their own. */
function patternPieces(octets: OctetPattern): number {
  let full = octets.length;
  while (full > 0 && size(octets[full - 1] ?? []) === 256) full--;
  return octets
    .slice(0, full)
    .reduce((product, ranges, index) => product * (index === full - 1 ? ranges.length : size(ranges)), 1);
}

/** Lazily, from the first octet down. */
function* patternRanges(octets: OctetPattern): Generator<AddressRange> {
  const [ranges = [], ...rest] = octets;
  const below = 256n ** BigInt(rest.length);
  if (rest.every((each) => size(each) === 256)) {
    for (const [first, last] of ranges)
      yield { family: 'ipv4', first: BigInt(first) * below, last: BigInt(last + 1) * below - 1n };
    return;
  }
  for (const [first, last] of ranges)
    for (let value = first; value <= last; value++)
      for (const range of patternRanges(rest))
        yield {
          ...range,
          first: range.first + BigInt(value) * below,
          last: range.last + BigInt(value) * below,
        };
}

/** The set as it goes to the engine: named hosts alone, the rest as ranges. */
export function scanTargets(hosts: HostSet): ScanTarget[] {
  const named = [...hosts.names.keys()].flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [singleton(address)];
  });
  const plain = subtractRanges(hosts.ranges, named).map((range): ScanTarget => {
    const ends = {
      first: formatAddress({ family: range.family, value: range.first }),
      last: formatAddress({ family: range.family, value: range.last }),
    };
    return range.zone === undefined ? ends : { ...ends, zone: range.zone };
  });
  const alone = [...hosts.names].map(([text, name]): ScanTarget => {
    const [address = text, zone] = text.split('%');
    const target = { first: address, last: address, name };
    return zone === undefined ? target : { ...target, zone };
  });
  return [...alone, ...plain];
}

export interface ScanHost {
  /** Canonical text, with `%zone`. */
  readonly address: string;
  readonly name?: string;
}

/** The hosts of a request by number, without a list of them: 0 ≤ index < count. */
export class HostIndex {
  readonly count: number;
  private readonly starts: number[] = [];
  private readonly blocks: { readonly range: AddressRange; readonly name?: string }[] = [];

  /** @throws RangeError where a target is no range of addresses, or there are more than MAX_HOSTS. */
  constructor(targets: readonly ScanTarget[]) {
    let count = 0n;
    for (const target of targets) {
      const first = parseAddress(target.first);
      const last = parseAddress(target.last);
      if (first === undefined || last?.family !== first.family || last.value < first.value)
        throw new RangeError(`No range of addresses: ${target.first} to ${target.last}`);
      const range = {
        ...singleton(first),
        last: last.value,
        ...(target.zone === undefined ? {} : { zone: target.zone }),
      };
      this.starts.push(Number(count));
      this.blocks.push(target.name === undefined ? { range } : { range, name: target.name });
      count += last.value - first.value + 1n;
      if (count > MAX_HOSTS) throw new RangeError(`More than ${MAX_HOSTS} hosts`);
    }
    this.count = Number(count);
  }

  at(index: number): ScanHost {
    if (!Number.isInteger(index) || index < 0 || index >= this.count)
      throw new RangeError(`No host at ${index}`);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const block = this.blocks[low];
    if (block === undefined) throw new RangeError(`No host at ${index}`);
    const { family, zone, first } = block.range;
    const value = first + BigInt(index - (this.starts[low] ?? 0));
    const address = formatAddress(zone === undefined ? { family, value } : { family, value, zone });
    return block.name === undefined ? { address } : { address, name: block.name };
  }
}
