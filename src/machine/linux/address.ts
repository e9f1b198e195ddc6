const V4 = 8;
const V6 = 32;
const MAPPED_PREFIX = '0000000000000000FFFF0000';

/**
 * The address of a table's row as canonical text: dotted quad, or RFC 5952. The kernel prints each 32-bit word of it
 * as one number in the machine's own byte order, which is little-endian wherever VS Code runs.
 * @param hex 8 digits (IPv4) or 32 (IPv6), checked by the parser.
 */
export function addressFromHex(hex: string): string {
  if (hex.length === V4) return dottedQuad(hex);
  if (hex.length !== V6) return '';
  if (hex.startsWith(MAPPED_PREFIX)) return `::ffff:${dottedQuad(hex.slice(24))}`;
  const groups: number[] = [];
  for (let word = 0; word < V6; word += 8) {
    groups.push(parseInt(hex.slice(word + 6, word + 8) + hex.slice(word + 4, word + 6), 16));
    groups.push(parseInt(hex.slice(word + 2, word + 4) + hex.slice(word, word + 2), 16));
  }
  return compress(groups);
}

/** Whether the row's address is an IPv4 one inside IPv6 (`::ffff:a.b.c.d`). */
export function isMapped(hex: string): boolean {
  return hex.length === V6 && hex.startsWith(MAPPED_PREFIX);
}

/** Without the IPv6 around a mapped address, so that both ends of one connection compare equal. */
export function unmapped(hex: string): string {
  return isMapped(hex) ? hex.slice(24) : hex;
}

function dottedQuad(hex: string): string {
  const byte = (at: number): number => parseInt(hex.slice(at, at + 2), 16);
  return `${byte(6)}.${byte(4)}.${byte(2)}.${byte(0)}`;
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function compress(groups: readonly number[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < groups.length;) {
    let length = 0;
    while (groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
    at += length + 1;
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.at < 0) return text(groups);
  return `${text(groups.slice(0, best.at))}::${text(groups.slice(best.at + best.length))}`;
}
