import type { Listener } from './listener';
import type { SnapshotDelta } from './snapshot';

/** Ids of rows that differ from before. No id is in two of the sets. */
export interface RowChanges {
  readonly added: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** Equality of plain data (what structured clone carries): objects, arrays and primitive values; absent = undefined. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameData(item, b[index]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) if (!sameData(left[key], right[key])) return false;
  return true;
}

/**
 * Applies a delta to rows. A row that arrives as it already was keeps its old object, and is no change: whoever draws
 * may compare by identity.
 */
export function applyDelta(
  rows: ReadonlyMap<string, Listener>,
  delta: Pick<SnapshotDelta, 'changed' | 'removed' | 'complete'>,
): { readonly rows: ReadonlyMap<string, Listener>; readonly changes: RowChanges } {
  const arriving = new Map(delta.changed.map((listener) => [listener.id, listener]));
  const leaving = delta.complete === true ? rows.keys() : delta.removed;
  const removed = new Set([...leaving].filter((id) => rows.has(id) && !arriving.has(id)));
  const added = new Set<string>();
  const changed = new Set<string>();
  const next = new Map(rows);
  for (const id of removed) next.delete(id);
  for (const [id, listener] of arriving) {
    const before = rows.get(id);
    if (before && sameData(before, listener)) continue;
    (before ? changed : added).add(id);
    next.set(id, listener);
  }
  return { rows: next, changes: { added, changed, removed } };
}
