import assert from 'node:assert/strict';
import { english } from '../../../../src/base/text';
import type { TreeSummary } from '../../../../src/editor/views/listenersModel';
import { viewMessage, viewState } from '../../../../src/editor/views/viewState';
import { SourceError } from '../../../../src/ports/source';
import { aListener, aSnapshot } from './sample';
import manifest from '../../../../package.json';

const NONE: TreeSummary = {
  listeners: 0,
  inWorkspace: 0,
  onEveryInterface: 0,
  shown: 0,
  filteredOut: 0,
  hidden: 0,
  critical: 0,
  high: 0,
};
const ready = { kind: 'ready', snapshot: aSnapshot([aListener()]) } as const;
const choices = { groupBy: 'owner', hiddenGroups: [], hideRules: [], filter: '' } as const;

describe('viewState', () => {
  it('has a reason for every empty view', () => {
    const limited = { kind: 'ready', snapshot: aSnapshot([], [{ code: 'hidepid' }]) } as const;
    assert.equal(viewState({ kind: 'idle' }, NONE), 'loading');
    assert.equal(viewState({ kind: 'loading' }, NONE), 'loading');
    assert.equal(viewState(ready, NONE), 'empty');
    assert.equal(viewState(limited, NONE), 'limited');
    assert.equal(viewState(ready, { ...NONE, filteredOut: 1, hidden: 1 }), 'filteredOut');
    assert.equal(viewState(ready, { ...NONE, hidden: 1 }), 'hiddenAll');
    assert.equal(viewState(ready, { ...NONE, shown: 1 }), 'ready');
    const failed = { kind: 'failed', error: new SourceError('timeout', 'too late') } as const;
    assert.equal(viewState(failed, NONE), 'failed');
    assert.equal(viewState(failed, { ...NONE, shown: 1 }), 'ready');
    const unsupported = { kind: 'failed', error: new SourceError('unsupported-platform', 'x') } as const;
    assert.equal(viewState(unsupported, NONE), 'unsupported');
  });

  it('has a welcome text with a button for each state but ready', () => {
    const states = manifest.contributes.viewsWelcome
      .filter(({ view }) => view === 'portlight.listeners')
      .map(({ when }) => when.replace('portlight.state == ', ''));
    assert.deepEqual(states.sort(), [
      'empty',
      'failed',
      'filteredOut',
      'hiddenAll',
      'limited',
      'loading',
      'unsupported',
    ]);
  });
});

describe('viewMessage', () => {
  const say = (
    ...[state, summary, chosen]: [
      Parameters<typeof viewMessage>[0],
      TreeSummary,
      Parameters<typeof viewMessage>[2],
    ]
  ) => viewMessage(state, summary, chosen, () => '12:00', english);

  it('says how many rows the filter lets through', () => {
    const summary = { ...NONE, shown: 3, filteredOut: 38 };
    assert.equal(say(ready, summary, { ...choices, filter: 'vite' }), 'Filter: vite (3 of 41)');
  });

  it('is silent where there is nothing to say, and where a welcome text is', () => {
    assert.equal(say(ready, { ...NONE, shown: 1 }, choices), undefined);
    assert.equal(say(ready, NONE, { ...choices, filter: 'x' }), undefined);
  });

  it('says that what it shows is old', () => {
    const error = new SourceError('worker-died', 'The worker died.');
    const state = { kind: 'failed', error, snapshot: ready.snapshot } as const;
    const words = say(state, { ...NONE, shown: 1 }, choices);
    assert.equal(words, 'Could not look again: The worker died. Shown as of 12:00.');
  });
});
