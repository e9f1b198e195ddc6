import type { Translate } from '../base/text';
import { parseAddress } from './address';
import { prefixOf, type AddressRange } from './addressRanges';
import { errorAt, tokens, type GrammarError, type Token } from './grammar';

export type OctetRange = readonly [first: number, last: number];

/** Allowed values of each of the four octets: `10.0.0.0-50,60` gives [[10,10]], [[0,0]], [[0,0]], [[0,50],[60,60]]. */
export type OctetPattern = readonly (readonly OctetRange[])[];

/** One target of the text, with its place, so that a later error (DNS, guard) can point at it. */
export type Target =
  | ({ readonly kind: 'name'; readonly name: string } & Token)
  | ({ readonly kind: 'octets'; readonly octets: OctetPattern } & Token)
  | ({ readonly kind: 'range'; readonly range: AddressRange } & Token);

/** RFC 1123 section 2.1 (and the underscore that real names have); the last label is never all digits. */
const HOST_NAME =
  /^(?=.{1,253}\.?$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?!\d+\.?$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?$/iu;
const OCTETS_ONLY = /^[\d.*-]+$/u;

/**
 * Cuts a text into targets. A comma separates targets, and also the values of one octet (`10.0.0.1,5-9`):
 * pieces of digits belong together as long as they make no more than four octets.
 */
export function targetTokens(text: string): Token[] {
  return tokens(text, /\s+/gu).flatMap((word) => {
    const joined: Token[] = [];
    for (const piece of tokens(word.text, /,/gu, word.offset)) {
      const previous = joined.at(-1);
      if (previous !== undefined && continues(previous.text, piece.text))
        joined[joined.length - 1] = { text: `${previous.text},${piece.text}`, offset: previous.offset };
      else if (piece.text !== '') joined.push(piece);
    }
    return joined;
  });
}

function continues(before: string, piece: string): boolean {
  const octets = before.replace(/^!/u, '').replaceAll(',', '');
  return OCTETS_ONLY.test(octets) && OCTETS_ONLY.test(piece) && dots(before) + dots(piece) <= 3;
}

function dots(text: string): number {
  return text.split('.').length - 1;
}

/** Reads one target, without its `!`. */
export function parseTarget(token: Token, t: Translate): Target | GrammarError {
  const text = token.text;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//iu.exec(text);
  if (scheme !== null)
    return errorAt(
      { text: scheme[0], offset: token.offset },
      t('Type a host name or an address, not a URL.'),
    );
  const slash = text.indexOf('/');
  const host = { text: slash < 0 ? text : text.slice(0, slash), offset: token.offset };
  if (/^[\d.*,-]+$/u.test(host.text)) return parseOctets(token, host, slash, t);
  if (host.text.startsWith('[') || host.text.split(':').length > 2) return parseIpv6(token, host, slash, t);
  return parseName(token, host, slash, t);
}

function parseOctets(token: Token, host: Token, slash: number, t: Translate): Target | GrammarError {
  const parts = tokens(host.text, /\./gu, host.offset);
  if (parts.length !== 4)
    return errorAt(host, t('An IPv4 address has four parts; this has {0}.', parts.length));
  const octets: OctetRange[][] = [];
  for (const part of parts) {
    const read = parseOctet(part, t);
    if (!Array.isArray(read)) return read;
    octets.push(read);
  }
  if (slash < 0) return { kind: 'octets', octets, ...token };
  const patterned = parts.find((part) => !/^\d+$/u.test(part.text));
  if (patterned !== undefined)
    return errorAt(patterned, t('A prefix length goes with a single address, not with ranges.'));
  const value = octets.reduce((sum, part) => (sum << 8n) | BigInt(part[0]?.[0] ?? 0), 0n);
  const bits = parsePrefix(token, slash, 32, t);
  if (typeof bits !== 'number') return bits;
  return { kind: 'range', range: prefixOf('ipv4', value, bits), ...token };
}

function parseOctet(part: Token, t: Translate): OctetRange[] | GrammarError {
  const ranges: OctetRange[] = [];
  for (const item of tokens(part.text, /,/gu, part.offset)) {
    if (item.text === '') return errorAt(part, t('A number from 0 to 255 is missing here.'));
    const match = /^(\d*)(-?)(\d*)$/u.exec(item.text);
    if (item.text === '*') ranges.push([0, 255]);
    else if (match === null) return errorAt(item, t('“{0}” is no octet: use 7, 1-9, or *.', item.text));
    else {
      const [, from = '', dash = '', to = ''] = match;
      const first = from === '' ? 0 : Number(from);
      const last = dash === '' ? first : to === '' ? 255 : Number(to);
      if (first > 255 || last > 255) return errorAt(item, t('An octet is at most 255.'));
      if (first > last) return errorAt(item, t('The range runs backwards: {0} is above {1}.', first, last));
      ranges.push([first, last]);
    }
  }
  return ranges;
}

function parseIpv6(token: Token, host: Token, slash: number, t: Translate): Target | GrammarError {
  const bracketed = /^\[(.*)\]$/u.exec(host.text);
  const address = parseAddress(bracketed?.[1] ?? host.text);
  if (address === undefined) return errorAt(host, t('“{0}” is not an IPv6 address.', host.text));
  // `::ffff:10.0.0.0/104` is the IPv4 network 10.0.0.0/8.
  const mappedBits = address.family === 'ipv4' ? 96 : 0;
  let bits = 128;
  if (slash >= 0) {
    const read = parsePrefix(token, slash, 128, t);
    if (typeof read !== 'number') return read;
    if (read < mappedBits)
      return errorAt(
        { text: token.text.slice(slash), offset: token.offset + slash },
        t('The prefix of an IPv4-mapped address is at least {0}.', mappedBits),
      );
    bits = read;
  }
  const range = prefixOf(address.family, address.value, bits - mappedBits);
  const zoned = address.zone === undefined ? range : { ...range, zone: address.zone };
  return { kind: 'range', range: zoned, ...token };
}

function parseName(token: Token, host: Token, slash: number, t: Translate): Target | GrammarError {
  const colon = host.text.indexOf(':');
  if (colon >= 0)
    return errorAt(
      { text: token.text.slice(colon), offset: token.offset + colon },
      t('Ports are asked for in the next step; type only the host here.'),
    );
  if (slash >= 0)
    return errorAt(
      { text: token.text.slice(slash), offset: token.offset + slash },
      t('A prefix length goes with an address, not with a name.'),
    );
  if (HOST_NAME.test(host.text))
    return { kind: 'name', name: host.text.toLowerCase().replace(/\.$/u, ''), ...token };
  const wrong = /[^a-z0-9_.-]/iu.exec(host.text);
  if (wrong !== null)
    return errorAt(
      { text: wrong[0], offset: token.offset + wrong.index },
      t('“{0}” cannot be part of a host name.', wrong[0]),
    );
  return errorAt(host, t('“{0}” is neither an address nor a host name.', host.text));
}

function parsePrefix(token: Token, slash: number, most: number, t: Translate): number | GrammarError {
  const digits = token.text.slice(slash + 1);
  if (/^\d{1,3}$/u.test(digits) && Number(digits) <= most) return Number(digits);
  return errorAt(
    { text: token.text.slice(slash), offset: token.offset + slash },
    t('The prefix length is a number from 0 to {0}.', most),
  );
}
