import type { ConnectionSummary } from './connections';
import type { SnapshotDelta } from './snapshot';

/**
 * How hard to look:
 * - `tick`: a cheap gate first; nothing changed means nothing is read;
 * - `tables`: always read the socket tables, look for owners of new sockets only (after an action, on focus);
 * - `full`: also look for every owner again.
 * A first answer to anything but `full` names one owner of each socket; the next one names all.
 */
export type RefreshDepth = 'tick' | 'tables' | 'full';

/** Where snapshots come from. Implemented in machine/. */
export interface ListenerSource {
  /**
   * @returns what changed, or undefined where nothing did.
   * @throws SourceError where this machine cannot be read.
   */
  refresh(depth: RefreshDepth): Promise<SnapshotDelta | undefined>;
  /** Connections of a listener's port, read when somebody looks. Undefined: the listener is gone. */
  connections(listenerId: string): Promise<ConnectionSummary | undefined>;
}

/** A failure of the source as a whole, with what the user can do about it. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  constructor(
    readonly code: 'unsupported-platform' | 'no-proc' | 'worker-died' | 'timeout' | 'internal',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
