import { uint } from './bytes';

/** BER header: tag and length; only the definite forms that a server of messages this short uses. */
export function ber(
  bytes: Uint8Array,
  at: number,
): { readonly tag: number; readonly start: number; readonly length: number } | undefined {
  const tag = uint(bytes, at, 1);
  const first = uint(bytes, at + 1, 1);
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return { tag, start: at + 2, length: first };
  const width = first & 0x7f;
  if (width < 1 || width > 4) return undefined;
  let length = 0;
  for (let index = 0; index < width; index += 1) {
    const byte = uint(bytes, at + 2 + index, 1);
    if (byte === undefined) return undefined;
    length = length * 256 + byte;
  }
  return { tag, start: at + 2 + width, length };
}
