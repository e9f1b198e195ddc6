import * as vscode from 'vscode';
import type { Answer, Interaction, Notice, Question } from './interaction';

/** Modal dialogs, notifications and progress of the editor's window. */
export class WindowInteraction implements Interaction {
  /** @param onError hears what the action of a notice throws */
  constructor(private readonly onError: (error: unknown) => void) {}

  async ask<T>(question: Question, answers: readonly Answer<T>[]): Promise<T | undefined> {
    const show =
      question.severity === 'warning'
        ? vscode.window.showWarningMessage
        : vscode.window.showInformationMessage;
    const items = answers.map(({ label, value }) => ({ title: label, value }));
    const chosen = await show(question.message, { modal: true, detail: question.detail }, ...items);
    return chosen?.value;
  }

  async choose<T>(title: string, answers: readonly Answer<T>[], moot: AbortSignal): Promise<T | undefined> {
    const pick = vscode.window.createQuickPick<vscode.QuickPickItem & Answer<T>>();
    pick.title = title;
    pick.ignoreFocusOut = true;
    pick.items = [...answers];
    const withdraw = (): void => {
      pick.hide();
    };
    try {
      return await new Promise<T | undefined>((resolve) => {
        pick.onDidAccept(() => {
          resolve(pick.selectedItems[0]?.value);
        });
        pick.onDidHide(() => {
          resolve(undefined);
        });
        moot.addEventListener('abort', withdraw);
        if (moot.aborted) resolve(undefined);
        else pick.show();
      });
    } finally {
      moot.removeEventListener('abort', withdraw);
      pick.dispose();
    }
  }

  tell(notice: Notice): void {
    const show = {
      information: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[notice.kind];
    const items = (notice.actions ?? []).map(({ label, run }) => ({ title: label, run }));
    // Not awaited by whoever tells: a notification stays for as long as the user likes.
    Promise.resolve(show(notice.message, ...items))
      .then((chosen) => chosen?.run())
      .catch(this.onError);
  }

  async progress<T>(
    title: string,
    task: (report: (text: string) => void, cancel: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const cancel = new AbortController();
      const subscription = token.onCancellationRequested(() => {
        cancel.abort();
      });
      try {
        const report = (message: string): void => {
          progress.report({ message });
        };
        return await task(report, cancel.signal);
      } finally {
        subscription.dispose();
      }
    });
  }
}
