import { english, plainText, type Translate } from '../base/text';
import { latin1 } from './bytes';
import type { CheckResult, Exchange } from './result';

/** How much of a message is shown; its whole length stands before it. */
const SHOWN_BYTES = 512;

/** Bytes as a reader of C would write them: `+PONG\r\n`, `\x00`. Nothing in it can act on a terminal or an editor. */
export function escapedBytes(bytes: Uint8Array, limit = SHOWN_BYTES): string {
  const shown = latin1(bytes.subarray(0, limit));
  const text = shown.replace(/[^\x20-\x5b\x5d-\x7e]/gu, (character) => {
    const named = NAMED[character];
    return named ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return bytes.length > limit ? `${text}…` : text;
}

const NAMED: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\\': '\\\\' };

export function bytesOf({ base64 }: Exchange): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** `→ 14 bytes: PING\r\n` for what went out, `←` for what came in. */
export function exchangeWords(exchange: Exchange, t: Translate = english): string {
  const text = escapedBytes(bytesOf(exchange));
  return exchange.direction === 'out'
    ? t('→ sent {0} bytes: {1}', exchange.bytes, text)
    : t('← received {0} bytes: {1}', exchange.bytes, text);
}

/** What a check did: where, how much, byte for byte, and what it left out. One line of plain text each. */
export function evidenceLines(result: CheckResult, t: Translate): string[] {
  const { address, port, transport, tls, packetsOut, connections, ms, notTried } = result;
  const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const how = tls ? t('{0} through TLS', transport.toUpperCase()) : transport.toUpperCase();
  return [
    t(
      'Checked {0} ({1}): connections: {2}, packets out: {3}, {4} ms',
      where,
      how,
      connections,
      packetsOut,
      ms,
    ),
    ...result.transcript.map((exchange) => exchangeWords(exchange, t)),
    t('Not tried: {0}', plainText(notTried)),
  ];
}
