import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable';

/** One line that a step offers. Without `value` it only tells something; Enter on it does nothing. */
export interface StepItem<T> extends vscode.QuickPickItem {
  readonly value?: T;
  /** Runs in place of taking the value: a remedy for what keeps the item from being chosen. */
  readonly remedy?: { readonly label: string; readonly run: () => Promise<void> | void };
}

export interface Step<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly number: number;
  readonly total: number;
  readonly value?: string;
  /** What to offer for the text typed so far; the first one that can be chosen is active. */
  readonly items: (typed: string) => readonly StepItem<T>[];
  /** What `items` says may be another when this has settled. */
  readonly learned?: Promise<unknown>;
  /** Lets VS Code filter the items by what is typed; else `items` does all. */
  readonly filters?: boolean;
}

export type StepAnswer<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'back' | 'cancelled' };

/** Asks one step of several, with a way back. */
export async function askStep<T>(step: Step<T>): Promise<StepAnswer<T>> {
  const store = new DisposableStore();
  const pick = store.add(vscode.window.createQuickPick<StepItem<T>>());
  pick.title = step.title;
  pick.placeholder = step.placeholder;
  pick.step = step.number;
  pick.totalSteps = step.total;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.value = step.value ?? '';
  if (step.number > 1) pick.buttons = [vscode.QuickInputButtons.Back];
  const offer = (): void => {
    const items = step.items(pick.value);
    pick.items = items.map((item) => ({
      ...item,
      alwaysShow: step.filters !== true,
      ...(item.remedy && {
        buttons: [{ iconPath: new vscode.ThemeIcon('key'), tooltip: item.remedy.label }],
      }),
    }));
    const first = pick.items.find((item) => item.value !== undefined);
    if (first !== undefined) pick.activeItems = [first];
  };
  offer();
  const offerAgain = (): void => {
    if (!store.isDisposed) offer();
  };
  // Why it failed is told by who needs it.
  step.learned?.then(offerAgain, () => undefined);
  try {
    return await new Promise<StepAnswer<T>>((resolve, reject) => {
      const remedy = (item: StepItem<T>): void => {
        resolve({ kind: 'cancelled' });
        Promise.resolve(item.remedy?.run()).catch(reject);
      };
      store.add(pick.onDidChangeValue(offer));
      store.add(
        pick.onDidAccept(() => {
          const [item] = pick.activeItems;
          if (item?.value !== undefined) resolve({ kind: 'value', value: item.value });
          else if (item?.remedy !== undefined) remedy(item);
        }),
      );
      store.add(
        pick.onDidTriggerItemButton(({ item }) => {
          remedy(item);
        }),
      );
      store.add(
        pick.onDidTriggerButton(() => {
          resolve({ kind: 'back' });
        }),
      );
      store.add(
        pick.onDidHide(() => {
          resolve({ kind: 'cancelled' });
        }),
      );
      pick.show();
    });
  } finally {
    store.dispose();
  }
}
