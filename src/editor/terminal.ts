import * as vscode from 'vscode';

/** How long a shell without the editor's integration may take to its prompt. */
const PROMPT_MS = 1500;

/**
 * Opens a terminal with the command typed in, and not run: that is for the user to do. It is typed when the shell is at
 * its prompt: what comes before stands there twice, once as the terminal's echo.
 */
export function openTerminalWith(command: string): void {
  const terminal = vscode.window.createTerminal('Portlight');
  const type = (): void => {
    clearTimeout(timer);
    subscription.dispose();
    if (terminal.exitStatus === undefined) terminal.sendText(command, false);
  };
  const timer = setTimeout(type, PROMPT_MS);
  const subscription = vscode.window.onDidChangeTerminalShellIntegration((event) => {
    if (event.terminal === terminal) type();
  });
  terminal.show();
}
