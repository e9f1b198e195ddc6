import type { Listener } from '../../../src/ports/listener';
import type { SnapshotDelta } from '../../../src/ports/snapshot';

/** Brings a map of listeners up to date. */
export function applyDelta(listeners: Map<string, Listener>, delta: SnapshotDelta | undefined): void {
  for (const id of delta?.removed ?? []) listeners.delete(id);
  for (const listener of delta?.changed ?? []) listeners.set(listener.id, listener);
}
