import type { Translate } from '../../base/text';
import type { WatcherState } from '../../ports/watcher';
import type { Choices, TreeSummary } from './listenersModel';

/** What the view shows instead of rows, or `ready`. The context key `portlight.state` has the same words. */
export type ViewState =
  'loading' | 'ready' | 'empty' | 'limited' | 'filteredOut' | 'hiddenAll' | 'failed' | 'unsupported';

export function viewState(state: WatcherState, summary: TreeSummary): ViewState {
  switch (state.kind) {
    case 'idle':
    case 'loading':
      return 'loading';
    case 'failed':
      if (state.error.code === 'unsupported-platform') return 'unsupported';
      return summary.shown > 0 ? 'ready' : 'failed';
    case 'ready':
      if (summary.shown > 0) return 'ready';
      if (summary.filteredOut > 0) return 'filteredOut';
      if (summary.hidden > 0) return 'hiddenAll';
      return state.snapshot.limits.length > 0 ? 'limited' : 'empty';
  }
}

/**
 * The line above the rows. None without rows: the editor shows a welcome text only where there is no message.
 * @param formatTime a time of day in the user's way of writing it
 */
export function viewMessage(
  state: WatcherState,
  summary: TreeSummary,
  choices: Choices,
  formatTime: (ms: number) => string,
  t: Translate,
): string | undefined {
  if (summary.shown === 0) return undefined;
  const parts: string[] = [];
  if (state.kind === 'failed' && state.snapshot) {
    const time = formatTime(state.snapshot.takenAt);
    parts.push(t('Could not look again: {0} Shown as of {1}.', state.error.message, time));
  }
  if (choices.filter !== '') {
    const all = summary.shown + summary.filteredOut;
    parts.push(t('Filter: {0} ({1} of {2})', choices.filter, summary.shown, all));
  }
  if (choices.hideRules.length > 0 && summary.hidden > 0) parts.push(t('{0} hidden', summary.hidden));
  return parts.length > 0 ? parts.join(' · ') : undefined;
}
