/** Sum of 16-bit words for the Internet checksum (RFC 1071), not yet folded. `end` may be odd. */
export function sumWords(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at + 1 < end; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if ((end - start) % 2 === 1) sum += (bytes[end - 1] ?? 0) << 8;
  return sum;
}

export function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** The part of a transport checksum that a pair of hosts shares: the pseudo header without protocol and length. */
export function pseudoHeaderSum(source: Uint8Array, target: Uint8Array): number {
  return sumWords(source, 0, source.length) + sumWords(target, 0, target.length);
}
