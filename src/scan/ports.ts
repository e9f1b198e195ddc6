import type { Translate } from '../base/text';
import { errorAt, tokens, type GrammarError, type Parsed, type Token } from './grammar';
import type { ScanProtocol } from './techniques';

/** First and last port, both included. */
export type PortRange = readonly [first: number, last: number];

/** Sorted, disjoint, never adjacent: the compact form of a set of ports. */
export type PortRanges = readonly PortRange[];

/** What to scan of each protocol. A protocol that is not named is absent. */
export type PortList = Readonly<Partial<Record<ScanProtocol, PortRanges>>>;

/** The ports of a lower-case name, of a service or a set; none where the name is unknown. */
export type PortNames = (name: string, protocol: ScanProtocol) => PortRanges;

export const MAX_PORT = 65_535;
export const MAX_IP_PROTOCOL = 255;

/** Reads numbers and ranges between commas, as written by `formatRanges`; what is none of these is left out. */
export function parseRanges(text: string): PortRanges {
  const ranges: PortRange[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(part.trim());
    if (match === null) continue;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first <= last && last <= MAX_PORT) ranges.push([first, last]);
  }
  return normalizeRanges(ranges);
}

/** Sorts and joins what overlaps or touches. */
export function normalizeRanges(ranges: Iterable<PortRange>): PortRanges {
  const joined: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const previous = joined.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

export function rangesOf(ports: Iterable<number>): PortRanges {
  const ranges: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const port of ports) {
    if (port - 1 === last?.[1]) last[1] = port;
    else ranges.push((last = [port, port]));
  }
  return normalizeRanges(ranges);
}

export function countPorts(ranges: PortRanges): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

export function* eachPort(ranges: PortRanges): Generator<number> {
  for (const [first, last] of ranges) for (let port = first; port <= last; port++) yield port;
}

export function intersectPorts(a: PortRanges, b: PortRanges): PortRanges {
  const both: PortRange[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) return normalizeRanges(both);
    const first = Math.max(left[0], right[0]);
    const last = Math.min(left[1], right[1]);
    if (first <= last) both.push([first, last]);
    if (left[1] < right[1]) i++;
    else j++;
  }
}

/** What is in the first and not in the second. */
export function subtractPorts(ranges: PortRanges, holes: PortRanges): PortRanges {
  const left: PortRange[] = [];
  for (const [first, last] of ranges) {
    let next = first;
    for (const [from, to] of holes) {
      if (to < next || from > last) continue;
      if (from > next) left.push([next, from - 1]);
      next = to + 1;
    }
    if (next <= last) left.push([next, last]);
  }
  return left;
}

/** `1-3,80` */
export function formatRanges(ranges: PortRanges): string {
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** `T:80,443,U:53`; without letters where only `main` is in it. What it gives, `parsePorts` reads. */
export function formatPortList(list: PortList, main: ScanProtocol): string {
  const parts: string[] = [];
  for (const { letter, protocol } of PROTOCOL_LETTERS) {
    const ranges = list[protocol];
    if (ranges === undefined || ranges.length === 0) continue;
    parts.push(
      protocol === main && Object.keys(list).length === 1
        ? formatRanges(ranges)
        : `${letter}:${formatRanges(ranges)}`,
    );
  }
  return parts.join(',');
}

const PROTOCOL_LETTERS: readonly { letter: string; protocol: ScanProtocol }[] = [
  { letter: 'T', protocol: 'tcp' },
  { letter: 'U', protocol: 'udp' },
  { letter: 'P', protocol: 'ip' },
];

/**
 * Reads `80`, `21,23`, `1-1024`, `1024-`, `-1024`, `-`, `T:80,U:53` (a letter holds until the next one), and names.
 * @param main the protocol of everything before the first letter.
 */
export function parsePorts(
  text: string,
  main: ScanProtocol,
  names: PortNames,
  t: Translate,
): Parsed<PortList> {
  const errors: GrammarError[] = [];
  const found: Partial<Record<ScanProtocol, PortRange[]>> = {};
  let protocol = main;
  if (text.trim() === '') {
    return {
      ok: false,
      errors: [{ offset: 0, length: text.length, message: t('Type a port, a range or a name.') }],
    };
  }
  for (const raw of tokens(text, /,/gu)) {
    let item = trimmed(raw);
    const letter = /^([a-z]):/iu.exec(item.text)?.[1];
    if (letter !== undefined) {
      const entry = PROTOCOL_LETTERS.find((each) => each.letter === letter.toUpperCase());
      if (entry === undefined) {
        errors.push({
          offset: item.offset,
          length: 2,
          message: t('{0}: is no protocol; use T: (TCP), U: (UDP) or P: (IP protocol).', letter),
        });
        continue;
      }
      protocol = entry.protocol;
      item = trimmed({ text: item.text.slice(2), offset: item.offset + 2 });
    }
    const read = parseItem(item, protocol, names, t);
    if (Array.isArray(read)) (found[protocol] ??= []).push(...read);
    else errors.push(read);
  }
  if (errors.length > 0) return { ok: false, errors };
  const list: Partial<Record<ScanProtocol, PortRanges>> = {};
  for (const { protocol: each } of PROTOCOL_LETTERS) {
    const ranges = found[each];
    if (ranges !== undefined) list[each] = normalizeRanges(ranges);
  }
  return { ok: true, value: list };
}

function trimmed(token: Token): Token {
  const lead = token.text.length - token.text.trimStart().length;
  return { text: token.text.trim(), offset: token.offset + lead };
}

function parseItem(
  item: Token,
  protocol: ScanProtocol,
  names: PortNames,
  t: Translate,
): PortRange[] | GrammarError {
  if (item.text === '') return errorAt(item, t('A port is missing here.'));
  const range = /^(\d*)(?:(\s*-\s*)(\d*))?$/u.exec(item.text);
  if (range === null) return parseName(item, protocol, names, t);
  const [, from = '', dash = '', to = ''] = range;
  const lowest = protocol === 'ip' ? 0 : 1;
  const highest = protocol === 'ip' ? MAX_IP_PROTOCOL : MAX_PORT;
  const first = from === '' ? lowest : Number(from);
  const last = dash === '' ? first : to === '' ? highest : Number(to);
  for (const [digits, offset] of [
    [from, 0],
    [to, item.text.length - to.length],
  ] as const) {
    // 0 may be typed, since TCP and UDP have it; it is only not in the open-ended ranges.
    if (digits !== '' && Number(digits) > highest)
      return errorAt(
        { text: digits, offset: item.offset + offset },
        t('{0} is above {1}, the highest there is.', digits, highest),
      );
  }
  if (first > last) return errorAt(item, t('The range runs backwards: {0} is above {1}.', first, last));
  return [[first, last]];
}

function parseName(
  item: Token,
  protocol: ScanProtocol,
  names: PortNames,
  t: Translate,
): PortRange[] | GrammarError {
  const ports = /^[a-z][\w.+/-]*$/iu.test(item.text) ? names(item.text.toLowerCase(), protocol) : [];
  if (ports.length > 0) return [...ports];
  return errorAt(item, t('“{0}” is neither a port, a range, nor the name of a service.', item.text));
}
