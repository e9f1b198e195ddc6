import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { plainText, type Translate } from '../../base/text';
import type { Conversation } from '../../scan/client';
import { Transcript, type TranscriptLine } from './transcript';

const ARROWS: Readonly<Record<TranscriptLine['from'], string>> = {
  server: '$(arrow-left)',
  us: '$(arrow-right)',
  note: '$(info)',
};

/** A line box over an open connection: what is typed is sent, what comes is shown above the older lines. */
export async function converse(conversation: Conversation, title: string, t: Translate): Promise<void> {
  const store = new DisposableStore();
  store.add(conversation);
  const transcript = new Transcript();
  const pick = store.add(vscode.window.createQuickPick());
  pick.title = title;
  pick.placeholder = t(
    'Type a line and press Enter to send it (ends with CR LF); Escape closes the connection',
  );
  pick.ignoreFocusOut = true;
  const copy = { iconPath: new vscode.ThemeIcon('copy'), tooltip: t('Copy All') };
  pick.buttons = [copy];
  const show = (): void => {
    // The newest first: right below the box.
    pick.items = transcript.lines
      .map(({ from, text }) => ({ label: `${ARROWS[from]} ${plainText(text, 1000)}`, alwaysShow: true }))
      .reverse();
    pick.activeItems = [];
  };
  const note = (text: string): void => {
    transcript.add('note', text);
    show();
  };
  note(t('Connected.'));
  store.add(
    conversation.onData((bytes) => {
      transcript.receive(bytes);
      show();
    }),
  );
  store.add(
    conversation.onClose(({ error }) => {
      note(
        error === undefined ? t('The server closed the connection.') : t('The connection broke: {0}', error),
      );
      pick.enabled = true;
    }),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      store.add(
        pick.onDidAccept(() => {
          const line = pick.value;
          pick.value = '';
          transcript.add('us', line);
          show();
          conversation.send(new TextEncoder().encode(`${line}\r\n`)).catch((error: unknown) => {
            note(t('Not sent: {0}', error instanceof Error ? error.message : String(error)));
          });
        }),
      );
      store.add(
        pick.onDidTriggerButton(() => {
          vscode.env.clipboard.writeText(transcript.asText()).then(undefined, reject);
        }),
      );
      store.add(
        pick.onDidHide(() => {
          resolve();
        }),
      );
      pick.show();
    });
  } finally {
    store.dispose();
  }
}
