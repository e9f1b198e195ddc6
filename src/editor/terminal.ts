import * as vscode from 'vscode';
import { DisposableStore } from '../base/disposable';
import type { Translate } from '../base/text';
import type { Interaction, Notice } from './interaction';

export type OpenTerminalWith = (command: string) => void;

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
export function terminalOpener(interaction: Interaction, t: Translate): OpenTerminalWith {
  return (command) => {
    void prompted().then((terminal) => {
      if (terminal.exitStatus === undefined) terminal.sendText(command, false);
      else if (terminal.exitStatus.reason !== vscode.TerminalExitReason.User)
        interaction.tell(endedEarly(command, t));
    });
  };
}

/** @returns a new terminal, once its shell is at its prompt or it has ended. */
async function prompted(): Promise<vscode.Terminal> {
  const terminal = vscode.window.createTerminal('Portlight');
  const store = new DisposableStore();
  const prompt = new Promise<void>((resolve) => {
    store.add(
      vscode.window.onDidChangeTerminalShellIntegration((event) => {
        // It tells its folder right before the prompt, other things already while it starts.
        if (event.terminal === terminal && event.shellIntegration.cwd !== undefined)
          setTimeout(resolve, DRAWN_MS);
      }),
    );
    store.add(
      vscode.window.onDidCloseTerminal((closed) => {
        if (closed === terminal) resolve();
      }),
    );
    // The first terminal of a window may, on a busy machine, take longer to start than its shell to its prompt.
    void terminal.processId.then(() => setTimeout(resolve, promptMs()));
  });
  terminal.show();
  await prompt;
  store.dispose();
  return terminal;
}

/** A shell that lets nobody in, or start-up files that fail: the command is not lost with it. */
function endedEarly(command: string, t: Translate): Notice {
  const copy = (): Thenable<void> => vscode.env.clipboard.writeText(command);
  return {
    kind: 'warning',
    message: t('The terminal ended before this could be typed into it: {0}', command),
    actions: [{ label: t('Copy Command'), run: copy }],
  };
}

function promptMs(): number {
  const enabled = vscode.workspace.getConfiguration('terminal.integrated').get('shellIntegration.enabled');
  const integrates = /(?:^|[/\\])(?:bash|zsh|fish|pwsh)(?:\.exe)?$/u.test(vscode.env.shell);
  return enabled !== false && integrates ? INTEGRATED_PROMPT_MS : PROMPT_MS;
}
