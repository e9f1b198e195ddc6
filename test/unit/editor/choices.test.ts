import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { ChoicesStore, type ChoiceSettings, type Memory } from '../../../src/editor/choicesStore';
import { readSettings } from '../../../src/editor/settings';
import { isHidden, readHideRules, rulesFor, ruleWords } from '../../../src/editor/views/hideRules';
import { HIDEABLE } from '../../../src/editor/views/placing';
import { GROUPINGS } from '../../../src/ownership/groupings';
import { Emitter } from '../../../src/base/event';
import manifest from '../../../package.json';
import { aListener, anOwner } from './views/sample';

class FakeMemory implements Memory {
  readonly values = new Map<string, unknown>();
  get(key: string): unknown {
    return this.values.get(key);
  }
  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
    return Promise.resolve();
  }
}

class FakeSettings implements ChoiceSettings {
  private readonly emitter = new Emitter<undefined>();
  readonly onDidChange = this.emitter.event;
  current: ChoiceSettings['current'] = { groupBy: 'owner', hiddenGroups: [] };
  write(key: string, value: string | readonly string[]): Promise<void> {
    this.current = { ...this.current, [key.replace('listeners.', '')]: value };
    this.emitter.fire(undefined);
    return Promise.resolve();
  }
}

function aStore(workspace = new FakeMemory(), user = new FakeMemory()): ChoicesStore {
  return new ChoicesStore(new FakeSettings(), workspace, user);
}

describe('settings', () => {
  const properties = manifest.contributes.configuration.properties;

  it('are the declared defaults where a file says nothing or nonsense', () => {
    for (const nonsense of [undefined, null, 'x', {}, [], Number.NaN]) {
      assert.deepEqual(
        readSettings(() => nonsense),
        {
          refreshMs: properties['portlight.refresh.intervalSeconds'].default * 1000,
          groupBy: properties['portlight.listeners.groupBy'].default,
          hiddenGroups: properties['portlight.listeners.hiddenGroups'].default,
          graceMs: properties['portlight.stop.graceMs'].default,
          afterGrace: properties['portlight.stop.afterGrace'].default,
          statusBar: properties['portlight.statusBar.enabled'].default,
          exposure: {
            // A mistyped word must not send packets that somebody wanted to turn off.
            checks:
              nonsense === undefined || nonsense === null
                ? properties['portlight.exposure.checks'].default
                : 'ask',
            exceptPorts: properties['portlight.exposure.exceptPorts'].default,
            exceptExecutables: properties['portlight.exposure.exceptExecutables'].default,
            notify: properties['portlight.exposure.notify'].default,
          },
          scanScope: properties['portlight.scan.scope'].default,
        },
      );
    }
  });

  it('stay within the declared bounds, whatever a file says', () => {
    const { minimum, maximum } = properties['portlight.refresh.intervalSeconds'];
    fc.assert(
      fc.property(fc.double(), (value) => {
        const { refreshMs, graceMs } = readSettings(() => value);
        assert.ok(refreshMs >= minimum * 1000 && refreshMs <= maximum * 1000);
        assert.ok(graceMs >= 0 && graceMs <= properties['portlight.stop.graceMs'].maximum);
      }),
    );
  });

  it('offer exactly the groupings and groups that there are', () => {
    assert.deepEqual(
      properties['portlight.listeners.groupBy'].enum,
      GROUPINGS.map(({ id }) => id),
    );
    assert.deepEqual(properties['portlight.listeners.hiddenGroups'].items.enum, HIDEABLE);
  });
});

describe('ChoicesStore', () => {
  it('keeps the filter for the workspace and hidden rows for the user', async () => {
    const [workspace, user] = [new FakeMemory(), new FakeMemory()];
    const first = aStore(workspace, user);
    await first.setFilter(' vite ');
    await first.hideRows({ port: 53 });
    const second = aStore(workspace, user);
    assert.equal(second.current.filter, 'vite');
    assert.deepEqual(second.current.hideRules, [{ port: 53 }]);
  });

  it('does not keep a filter that is still being typed', async () => {
    const workspace = new FakeMemory();
    const store = aStore(workspace);
    await store.setFilter('vi', false);
    assert.equal(store.current.filter, 'vi');
    assert.equal(aStore(workspace).current.filter, '');
  });

  it('hides groups and rows once, and shows them again', async () => {
    const store = aStore();
    await store.hideGroup('system');
    await store.hideGroup('system');
    await store.hideRows({ process: 'node' });
    await store.hideRows({ process: 'node' });
    assert.deepEqual(store.current.hiddenGroups, ['system']);
    assert.equal(store.current.hideRules.length, 1);
    await store.showAgain(['system'], [{ process: 'node' }]);
    assert.deepEqual(store.current.hiddenGroups, []);
    assert.deepEqual(store.current.hideRules, []);
  });

  it('tells of a change, and only of a change', async () => {
    const store = aStore();
    let told = 0;
    store.onDidChange(() => told++);
    await store.setFilter('x');
    await store.setFilter('x');
    await store.setGroupBy('port');
    await store.setGroupBy('port');
    assert.equal(told, 2);
  });
});

describe('hide rules', () => {
  const node = aListener();
  const java = aListener({ id: 'x', owner: anOwner({ name: 'java' }) });
  const hidden = aListener({ id: 'y', owner: { kind: 'hidden', uid: 0 } });

  it('offer only rules that match the row itself, narrowest first', () => {
    for (const listener of [node, hidden]) {
      for (const rule of rulesFor(listener)) {
        assert.ok(isHidden(listener, [rule]));
        assert.notEqual(ruleWords(rule, english), '');
      }
    }
    assert.ok(!isHidden(java, [rulesFor(node)[0]!]));
  });

  it('that were stored are read, and what is not a rule is left out', () => {
    assert.deepEqual(readHideRules([{ port: 1 }, {}, { protocol: 'tcp' }, 7, null, { process: 'x', y: 1 }]), [
      { port: 1 },
      { process: 'x' },
    ]);
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        for (const rule of readHideRules(stored)) {
          assert.ok(rule.port !== undefined || rule.process !== undefined);
        }
      }),
    );
  });
});
