import type { Event } from '../base/event';
import type { Disposable } from '../base/disposable';
import type { EngineKind, ScanEnd, ScanEvent, ScanRequest } from './report';
import type { Reason } from './states';
import type { Resolution } from './targets';
import type { TechniqueId } from './techniques';

/** Why a technique cannot be used here. */
export type Missing =
  /** Raw sockets of this system do not carry TCP (macOS, Windows), or the helper has no raw engine. */
  | 'platform'
  /** CAP_NET_RAW is missing: `grantable` of the capabilities says whether a grant to the helper can help. */
  | 'permission'
  /** The raw engine is there and did not load; see `detail`. */
  | 'unavailable';

export interface TechniqueAvailability {
  readonly id: TechniqueId;
  readonly missing?: Missing;
  /** One English sentence of the cause, for the log and the tooltip. */
  readonly detail?: string;
}

/** What the helper says of itself when it has started. */
export interface Capabilities {
  readonly version: string;
  readonly engine: EngineKind;
  readonly techniques: readonly TechniqueAvailability[];
  /** The helper's own file, where it is an executable that can be granted a capability. */
  readonly executable?: string;
  /** Own addresses of this machine, loopback too, canonical text. */
  readonly ownAddresses: readonly string[];
}

/** What one connection to one port said. `ms`: time from the attempt to its answer. */
export type PortCheck =
  | { readonly kind: 'connected'; readonly ms: number; readonly conversation: Conversation }
  | { readonly kind: 'refused'; readonly ms: number }
  | { readonly kind: 'timed-out'; readonly ms: number }
  | { readonly kind: 'unreachable'; readonly ms: number; readonly reason: Reason; readonly detail: string };

/** An open TCP connection, as of telnet or nc. Disposing closes it. */
export interface Conversation extends Disposable {
  /** What the server sends. Nothing that came before the first subscription is lost. */
  readonly onData: Event<Uint8Array>;
  /** The other side closed, or the connection broke (`error` says how). */
  readonly onClose: Event<{ readonly error?: string }>;
  send(bytes: Uint8Array): Promise<void>;
}

/** The helper as the editor sees it. Implemented in probe/client.ts. Every method throws `ScanError`. */
export interface ScanClient extends Disposable {
  /** Starts the helper where it does not run. */
  capabilities(signal?: AbortSignal): Promise<Capabilities>;
  /** Addresses of host names; a name that does not resolve is an answer, not an error. */
  resolve(names: readonly string[], signal?: AbortSignal): Promise<readonly Resolution[]>;
  /**
   * Runs a scan. `onEvent` is called in order. Aborting ends the sending at once, and the promise then fulfils with
   * outcome `cancelled`.
   */
  scan(request: ScanRequest, onEvent: (event: ScanEvent) => void, signal?: AbortSignal): Promise<ScanEnd>;
  /**
   * Ends the helper where nothing runs in it, so that the next call starts a new one: a right that was granted to
   * its file counts only for a new process.
   */
  restart(): Promise<void>;
  /** Connects once to a literal address. */
  connect(
    target: { readonly address: string; readonly port: number; readonly timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<PortCheck>;
}

/** The helper (not the network) failed. Its message is English and for the log; the editor words it by `code`. */
export class ScanError extends Error {
  override readonly name = 'ScanError';
  constructor(
    readonly code:
      /** No helper for this platform, or its file is missing. */
      | 'not-available'
      /** It ended while something was under way; `cause` tells how. */
      | 'helper-died'
      /** It speaks another protocol version, or garbage. */
      | 'protocol'
      | 'timeout'
      /** The technique needs a right that is missing. */
      | 'permission'
      /** The request is not one that this helper runs. */
      | 'invalid'
      | 'internal',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
