import ipaddr from 'ipaddr.js';
import type { Family } from '../ports/endpoint';

/** An address as a number, for arithmetic. `zone` names the link of a link-local address (RFC 4007). */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
  readonly zone?: string;
}

export const BITS: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

const DOTTED = /^(?:\d{1,3}\.){3}\d{1,3}$/u;

/**
 * Reads a dotted quad (four decimal parts, nothing shorter, no octal) or IPv6 with an optional zone.
 * An IPv4-mapped IPv6 address is its IPv4 address. @returns undefined for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  if (DOTTED.test(text)) {
    const parts = text.split('.');
    if (parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith('0'))))
      return undefined;
    return { family: 'ipv4', value: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
  }
  const [body = '', ...zones] = text.split('%');
  const zone = zones[0];
  if (zones.length > 1 || (zone !== undefined && !/^[\w.-]{1,64}$/u.test(zone))) return undefined;
  if (!body.includes(':') || !ipaddr.IPv6.isValid(body)) return undefined;
  const bytes = ipaddr.IPv6.parse(body).toByteArray();
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (value >> 32n === 0xffffn && zone === undefined) return { family: 'ipv4', value: value & 0xffffffffn };
  return zone === undefined ? { family: 'ipv6', value } : { family: 'ipv6', value, zone };
}

/** Canonical text: dotted quad, or RFC 5952 with `%zone`. */
export function formatAddress({ family, value, zone }: Address): string {
  const bytes = Array.from({ length: BITS[family] / 8 }, (_, index) =>
    Number((value >> BigInt(BITS[family] - 8 * (index + 1))) & 0xffn),
  );
  if (family === 'ipv4') return bytes.join('.');
  const text = new ipaddr.IPv6(bytes).toRFC5952String();
  return zone === undefined ? text : `${text}%${zone}`;
}
