import type { Family } from '../ports/endpoint';
import { BITS, type Address } from './address';

/** Consecutive addresses of one family (and zone), both ends included. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  readonly zone?: string;
}

export function rangeSize(range: AddressRange): bigint {
  return range.last - range.first + 1n;
}

export function sizeOf(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, range) => sum + rangeSize(range), 0n);
}

export function singleton(address: Address): AddressRange {
  const { family, value, zone } = address;
  const range = { family, first: value, last: value };
  return zone === undefined ? range : { ...range, zone };
}

function compare(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family < b.family ? -1 : 1;
  const zones = [a.zone ?? '', b.zone ?? ''] as const;
  if (zones[0] !== zones[1]) return zones[0] < zones[1] ? -1 : 1;
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0;
}

function sameSpace(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.zone === b.zone;
}

/** Sorted, disjoint, joined where they touch. */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: AddressRange[] = [];
  for (const range of [...ranges].sort(compare)) {
    const previous = merged.at(-1);
    if (previous !== undefined && sameSpace(previous, range) && range.first <= previous.last + 1n)
      merged[merged.length - 1] = {
        ...previous,
        last: range.last > previous.last ? range.last : previous.last,
      };
    else merged.push(range);
  }
  return merged;
}

/** What is in `ranges` and in none of `holes`. Both in any order. An exclusion without a zone hits every zone. */
export function subtractRanges(
  ranges: readonly AddressRange[],
  holes: readonly AddressRange[],
): AddressRange[] {
  const left: AddressRange[] = [];
  const anyZone = mergeRanges(holes.filter((hole) => hole.zone === undefined));
  const zoned = mergeRanges(holes.filter((hole) => hole.zone !== undefined));
  for (const range of mergeRanges(ranges)) {
    const applying = mergeRanges(
      [...anyZone, ...zoned.filter((hole) => hole.zone === range.zone)]
        .filter(
          (hole) => hole.family === range.family && hole.first <= range.last && range.first <= hole.last,
        )
        .map(({ family, first, last }) => ({ family, first, last })),
    );
    let next = range.first;
    for (const hole of applying) {
      if (hole.first > next) left.push({ ...range, first: next, last: hole.first - 1n });
      next = hole.last + 1n;
    }
    if (next <= range.last) left.push({ ...range, first: next });
  }
  return left;
}

/** What is in `ranges` and also in one of `pattern`, whose zones do not count. */
export function intersectRanges(
  ranges: readonly AddressRange[],
  pattern: readonly AddressRange[],
): AddressRange[] {
  return mergeRanges(
    ranges.flatMap((range) =>
      pattern
        .filter(
          ({ family, first, last }) => family === range.family && first <= range.last && range.first <= last,
        )
        .map(({ first, last }) => ({
          ...range,
          first: first > range.first ? first : range.first,
          last: last < range.last ? last : range.last,
        })),
    ),
  );
}

export function coversAddress(ranges: readonly AddressRange[], { family, value, zone }: Address): boolean {
  return ranges.some(
    (range) => range.family === family && range.zone === zone && range.first <= value && value <= range.last,
  );
}

/** Every address of a prefix; bits beyond it are ignored. */
export function prefixOf(family: Family, value: bigint, bits: number): AddressRange {
  const host = (1n << BigInt(BITS[family] - bits)) - 1n;
  const first = value & ~host;
  return { family, first, last: first | host };
}
