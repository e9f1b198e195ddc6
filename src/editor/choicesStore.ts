import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/event';
import type { Settings } from './settings';
import { readHideRules, sameRule, type HideRule } from './views/hideRules';
import type { Choices } from './views/listenersModel';
import type { GroupingId } from './views/placing';

/** Where a choice is kept. Structurally a vscode.Memento. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

/** The part of the settings that is a choice of what to see. */
export interface ChoiceSettings {
  readonly current: Pick<Settings, 'groupBy' | 'hiddenGroups'>;
  readonly onDidChange: Event<unknown>;
  write(
    key: 'listeners.groupBy' | 'listeners.hiddenGroups',
    value: string | readonly string[],
  ): Promise<void>;
}

const FILTER = 'listeners.filter';
const HIDE_RULES = 'listeners.hideRules';

/**
 * What the user has chosen to see. Grouping and hidden groups are settings; the filter belongs to the workspace,
 * hidden rows to the user.
 */
export class ChoicesStore implements Disposable {
  private readonly store = new DisposableStore();
  private readonly emitter = this.store.add(new Emitter<Choices>());
  readonly onDidChange = this.emitter.event;
  private choices: Choices;

  constructor(
    private readonly settings: ChoiceSettings,
    private readonly workspace: Memory,
    private readonly user: Memory,
  ) {
    const filter = workspace.get(FILTER);
    this.choices = {
      groupBy: settings.current.groupBy,
      hiddenGroups: settings.current.hiddenGroups,
      hideRules: readHideRules(user.get(HIDE_RULES)),
      filter: typeof filter === 'string' ? filter : '',
    };
    this.store.add(
      settings.onDidChange(() => {
        const { groupBy, hiddenGroups } = settings.current;
        this.change({ groupBy, hiddenGroups });
      }),
    );
  }

  get current(): Choices {
    return this.choices;
  }

  async setGroupBy(groupBy: GroupingId): Promise<void> {
    await this.settings.write('listeners.groupBy', groupBy);
  }

  /** Shows at once; `keep: false` while the user still types. */
  async setFilter(text: string, keep = true): Promise<void> {
    this.change({ filter: text.trim() });
    if (keep) await this.workspace.update(FILTER, this.choices.filter);
  }

  async hideGroup(group: string): Promise<void> {
    const { hiddenGroups } = this.choices;
    if (hiddenGroups.includes(group)) return;
    await this.settings.write('listeners.hiddenGroups', [...hiddenGroups, group]);
  }

  async hideRows(rule: HideRule): Promise<void> {
    if (this.choices.hideRules.some((known) => sameRule(known, rule))) return;
    await this.keepRules([...this.choices.hideRules, rule]);
  }

  async showAgain(groups: readonly string[], rules: readonly HideRule[]): Promise<void> {
    const { hiddenGroups, hideRules } = this.choices;
    if (rules.length > 0) {
      await this.keepRules(hideRules.filter((rule) => !rules.some((shown) => sameRule(shown, rule))));
    }
    if (groups.length > 0) {
      const left = hiddenGroups.filter((group) => !groups.includes(group));
      await this.settings.write('listeners.hiddenGroups', left);
    }
  }

  dispose(): void {
    this.store.dispose();
  }

  private async keepRules(hideRules: readonly HideRule[]): Promise<void> {
    this.change({ hideRules });
    await this.user.update(HIDE_RULES, hideRules);
  }

  private change(part: Partial<Choices>): void {
    const next = { ...this.choices, ...part };
    if (JSON.stringify(next) === JSON.stringify(this.choices)) return;
    this.choices = next;
    this.emitter.fire(next);
  }
}
