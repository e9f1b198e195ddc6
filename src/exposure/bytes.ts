/** Bytes of the wire, without node's Buffer: the checks are pure. */

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

/** @param digits hexadecimal, blanks ignored */
export function hex(digits: string): Uint8Array {
  const clean = digits.replace(/\s+/gu, '');
  return Uint8Array.from({ length: clean.length / 2 }, (_, index) =>
    Number.parseInt(clean.slice(index * 2, index * 2 + 2), 16),
  );
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One character a byte (ISO 8859-1), so that an index in the text is an index in the bytes. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Reads numbers of a message; undefined past its end, so that a short reply is never taken for zero. */
export function uint(
  bytes: Uint8Array,
  offset: number,
  width: 1 | 2 | 4,
  order: 'big' | 'little' = 'big',
): number | undefined {
  if (offset < 0 || offset + width > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = order === 'little';
  if (width === 1) return view.getUint8(offset);
  return width === 2 ? view.getUint16(offset, little) : view.getUint32(offset, little);
}
