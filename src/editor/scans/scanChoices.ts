import { Emitter } from '../../base/event';
import type { Disposable } from '../../base/disposable';
import { isPortState, PORT_STATES, type PortState } from '../../scan/states';
import { HOST_SORTS, type HostSort } from '../../scan/summary';
import type { Memory } from '../choicesStore';

export interface ScanChoices {
  readonly states: ReadonlySet<PortState>;
  readonly sort: HostSort;
}

const STATES = 'scans.states';
const SORT = 'scans.sort';

/** Which states the view shows and how hosts are sorted; kept for the workspace. */
export class ScanChoicesStore implements Disposable {
  private readonly emitter = new Emitter<ScanChoices>();
  readonly onDidChange = this.emitter.event;
  private choices: ScanChoices;

  constructor(private readonly memory: Memory) {
    const states = memory.get(STATES);
    const kept = Array.isArray(states)
      ? states.filter((state): state is PortState => typeof state === 'string' && isPortState(state))
      : [];
    this.choices = {
      states: new Set(kept.length > 0 ? kept : PORT_STATES),
      sort: HOST_SORTS.find((sort) => sort === memory.get(SORT)) ?? 'address',
    };
  }

  get current(): ScanChoices {
    return this.choices;
  }

  /** No state at all means every one. */
  async setStates(states: readonly PortState[]): Promise<void> {
    this.change({ ...this.choices, states: new Set(states.length > 0 ? states : PORT_STATES) });
    await this.memory.update(STATES, [...this.choices.states]);
  }

  async setSort(sort: HostSort): Promise<void> {
    this.change({ ...this.choices, sort });
    await this.memory.update(SORT, sort);
  }

  private change(choices: ScanChoices): void {
    this.choices = choices;
    this.emitter.fire(choices);
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
