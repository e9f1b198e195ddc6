import type { ListenerWatcher } from '../ports/watcher';
import type { PortState } from './control';

/** Looks through the watcher that feeds the tree, so that the tree shows at once what a stop has seen. */
export function portStateOf(watcher: ListenerWatcher): PortState {
  return {
    look: async (depth) => {
      await watcher.refreshNow(depth);
      const { state } = watcher;
      if (state.kind === 'failed') throw state.error;
      if (state.kind !== 'ready') throw new Error('The watcher has ended.');
      return [...state.snapshot.listeners.values()];
    },
  };
}
