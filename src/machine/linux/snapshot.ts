import type { Snapshot } from '../../ports/snapshot';
import { LinuxReader } from './reader';

/**
 * Everything that listens now, read once in this very thread: for programs without an editor.
 * @throws SourceError where this machine cannot be read
 */
export function takeSnapshot(): Snapshot {
  if (process.platform !== 'linux')
    throw new Error(`Listeners can be read on Linux only, not on ${process.platform}`);
  const reader = new LinuxReader();
  try {
    const everything = reader.refresh('full');
    if (everything?.machine === undefined) throw new Error('The reader gave no first answer');
    const { takenAt, machine, changed, limits } = everything;
    return {
      takenAt,
      machine,
      limits,
      listeners: new Map(changed.map((listener) => [listener.id, listener])),
    };
  } finally {
    reader.close();
  }
}
