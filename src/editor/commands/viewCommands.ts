import * as vscode from 'vscode';
import type { Translate } from '../../base/text';
import { GROUPINGS } from '../../ownership/groupings';
import type { ListenerWatcher } from '../../ports/watcher';
import type { ChoicesStore } from '../choicesStore';
import { ruleWords, type HideRule } from '../views/hideRules';
import type { TreeSummary } from '../views/listenersModel';
import { belongsToLabel, HIDEABLE } from '../views/placing';
import type { CommandTable } from './command';

export interface ViewCommandOptions {
  readonly watcher: ListenerWatcher;
  readonly choices: ChoicesStore;
  readonly summary: () => TreeSummary;
  readonly showLog: () => void;
  readonly t: Translate;
}

/** Commands that change what the view shows. */
export function viewCommands(options: ViewCommandOptions) {
  const { watcher, choices, showLog } = options;
  return {
    refresh: () => watcher.refreshNow('full'),
    groupBy: () => chooseGrouping(options),
    filter: (_nodes, argument) =>
      typeof argument === 'string' ? choices.setFilter(argument) : typeFilter(options),
    clearFilter: () => choices.setFilter(''),
    showHidden: () => showHidden(options),
    focusListeners: async () => {
      await vscode.commands.executeCommand('portlight.listeners.focus');
    },
    openSettings: async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:portlight.portlight');
    },
    showLog: () => {
      showLog();
    },
  } satisfies CommandTable;
}

async function chooseGrouping({ choices, t }: ViewCommandOptions): Promise<void> {
  const items = GROUPINGS.map((grouping) => ({
    label: grouping.label(t),
    ...(grouping.id === choices.current.groupBy && { description: t('current') }),
    id: grouping.id,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Group Listeners By') });
  if (chosen) await choices.setGroupBy(chosen.id);
}

/** The rows follow while the user types; Escape brings the former filter back. */
async function typeFilter({ choices, summary, t }: ViewCommandOptions): Promise<void> {
  const before = choices.current.filter;
  const input = vscode.window.createInputBox();
  input.title = t('Filter Listeners');
  input.placeholder = t('Port, process, command, user or path; for example: vite -user:root port:3000-3999');
  input.value = before;
  input.valueSelection = [0, before.length];
  const count = (): void => {
    const { shown, filteredOut } = summary();
    input.prompt = t('{0} of {1} match', shown, shown + filteredOut);
  };
  count();
  const accepted = new Promise<boolean>((resolve) => {
    input.onDidChangeValue((text) => {
      // Shown at once, kept only once it is accepted: nothing to wait for.
      void choices.setFilter(text, false);
      count();
    });
    input.onDidAccept(() => {
      resolve(true);
    });
    input.onDidHide(() => {
      resolve(false);
    });
  });
  input.show();
  try {
    const kept = await accepted;
    await choices.setFilter(kept ? input.value : before);
  } finally {
    input.dispose();
  }
}

interface HiddenItem extends vscode.QuickPickItem {
  readonly group?: string;
  readonly rule?: HideRule;
}

async function showHidden({ choices, t }: ViewCommandOptions): Promise<void> {
  const { hiddenGroups, hideRules } = choices.current;
  const items: HiddenItem[] = [
    ...hiddenGroups.map((group) => {
      const known = HIDEABLE.find((name) => name === group);
      return { label: known ? belongsToLabel(known, t) : group, description: t('group'), group };
    }),
    ...hideRules.map((rule) => ({ label: ruleWords(rule, t), description: t('rows'), rule })),
  ];
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('Nothing is hidden.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Show Hidden Rows and Groups'),
    placeHolder: t('Choose what to show again'),
    canPickMany: true,
  });
  if (!chosen || chosen.length === 0) return;
  await choices.showAgain(
    chosen.map(({ group }) => group).filter((group) => group !== undefined),
    chosen.map(({ rule }) => rule).filter((rule) => rule !== undefined),
  );
}
