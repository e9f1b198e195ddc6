import type { Capabilities } from '../scan/client';
import type { ScanEvent } from '../scan/report';

/** Raised whenever a message changes its meaning. Both sides come in one package, so they never differ by design. */
export const PROTOCOL_VERSION = 1;

/** JSON-RPC 2.0 over stdin and stdout, framed as in the language server protocol. */
export const REQUEST = {
  initialize: 'initialize',
  resolve: 'resolve',
  scan: 'scan/start',
  connect: 'connection/open',
  send: 'connection/send',
  close: 'connection/close',
  check: 'service/check',
} as const;

/** A check ends by itself after its budget; this ends one that does not. */
export const CHECK_DEADLINE_MS = 8_000;

export const NOTIFICATION = {
  scanEvents: 'scan/events',
  data: 'connection/data',
  closed: 'connection/closed',
} as const;

export interface InitializeResult extends Capabilities {
  readonly protocolVersion: number;
}

/** Events of one scan, in order; several at once where they come fast. */
export interface ScanEventsParams {
  readonly scan: number;
  readonly events: readonly ScanEvent[];
}

export type ConnectResult =
  | { readonly kind: 'connected'; readonly ms: number; readonly connection: number }
  | { readonly kind: 'refused' | 'timed-out'; readonly ms: number }
  | { readonly kind: 'unreachable'; readonly ms: number; readonly code: string };

export interface DataParams {
  readonly connection: number;
  readonly base64: string;
}

export interface ClosedParams {
  readonly connection: number;
  readonly error?: string;
}
