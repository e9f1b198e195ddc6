import * as vscode from 'vscode';

/** How long a shell that the editor integrates may take to its prompt: some users' start-up files take seconds. */
const INTEGRATED_PROMPT_MS = 15_000;

/** The same for any other shell, which does not say when it is there. */
const PROMPT_MS = 1500;

/** From where a shell tells its folder until its prompt is drawn. */
const DRAWN_MS = 200;

/**
 * Opens a terminal with the command typed in, and not run: that is for the user to do. It is typed when the shell is at
 * its prompt: what comes before stands there twice, once as the terminal's echo, or is read by what the start-up files run.
 */
export function openTerminalWith(command: string): void {
  const terminal = vscode.window.createTerminal('Portlight');
  const prompt = new Promise<vscode.Disposable>((resolve) => {
    const subscription = vscode.window.onDidChangeTerminalShellIntegration((event) => {
      // It tells its folder right before the prompt, other things already while it starts.
      if (event.terminal === terminal && event.shellIntegration.cwd !== undefined)
        setTimeout(resolve, DRAWN_MS, subscription);
    });
    // The first terminal of a window may, on a busy machine, take longer to start than its shell to its prompt.
    void terminal.processId.then(() => setTimeout(resolve, promptMs(), subscription));
  });
  terminal.show();
  void prompt.then((subscription) => {
    subscription.dispose();
    if (terminal.exitStatus === undefined) terminal.sendText(command, false);
  });
}

function promptMs(): number {
  const enabled = vscode.workspace.getConfiguration('terminal.integrated').get('shellIntegration.enabled');
  const integrates = /(?:^|[/\\])(?:bash|zsh|fish|pwsh)(?:\.exe)?$/u.test(vscode.env.shell);
  return enabled !== false && integrates ? INTEGRATED_PROMPT_MS : PROMPT_MS;
}
