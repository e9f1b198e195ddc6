/**
 * A sum against damage: FNV-1a of 32 bits (RFC 9923). Against malice no sum helps that lies in the same file, and
 * loading Node's cryptography would be a fifteenth of a short scan.
 */
export function damageSum(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}
