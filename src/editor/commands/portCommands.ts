import * as vscode from 'vscode';
import type { Translate } from '../../base/text';
import { shortCommand } from '../../ownership/shortCommand';
import { freePortNear, parsePort, skipWords, usersOfPort } from '../../ports/find';
import type { Listener } from '../../ports/listener';
import type { PortBinder } from '../../ports/reach';
import type { Snapshot } from '../../ports/snapshot';
import type { ListenerWatcher } from '../../ports/watcher';
import { ownerLabel, scopeWords, userWords } from '../../ports/words';
import type { Documents } from '../documents';
import type { Interaction } from '../interaction';
import { dotted } from '../views/words';
import type { CommandTable } from './command';

export interface PortCommandOptions {
  readonly watcher: ListenerWatcher;
  readonly binder: PortBinder;
  readonly documents: Documents;
  readonly interaction: Interaction;
  /** The snapshot as a table, and as JSON. */
  readonly renderText: (snapshot: Snapshot) => string;
  readonly renderJson: (snapshot: Snapshot) => string;
  /** What can be done with a listener that was found; the first is the default. */
  readonly actionsFor: (listener: Listener) => readonly ListenerAction[];
  readonly t: Translate;
}

export interface ListenerAction {
  readonly label: string;
  /** What it does it with, such as a command. */
  readonly detail?: string;
  readonly icon: string;
  readonly run: () => Promise<void> | void;
}

/** Commands that start from a port number, and the listing as a document. */
export function portCommands(options: PortCommandOptions) {
  return {
    findPort: (_nodes, argument) => findPort(options, argument),
    findFreePort: (_nodes, argument) => findFreePort(options, argument),
    listAsDocument: (_nodes, argument) => listAsDocument(options, argument),
  } satisfies CommandTable;
}

async function findPort(options: PortCommandOptions, argument: unknown): Promise<void> {
  const { watcher, t } = options;
  void watcher.refreshNow('tables');
  const port =
    typeof argument === 'number'
      ? argument
      : await askPort(options, t('Find What Uses a Port'), '', (typed) => usersInfo(options, typed));
  if (port === undefined) return;
  await watcher.refreshNow('tables');
  const snapshot = requireSnapshot(options);
  const users = usersOfPort(snapshot, port);
  if (users.length === 0) await tellFree(options, port);
  else await chooseAction(options, port, users);
}

/** Who uses the port, while the user types it. */
function usersInfo({ watcher, t }: PortCommandOptions, port: number): string {
  const users = watcher.snapshot ? usersOfPort(watcher.snapshot, port) : [];
  if (users.length === 0) return t('Nobody listens on port {0}.', String(port));
  return t(
    'In use: {0}. Press Enter to see what can be done.',
    users.map((user) => nameOf(user, t)).join(', '),
  );
}

/** Bound sockets that do not listen are in no table: only a bind tells. */
async function tellFree({ binder, interaction, t }: PortCommandOptions, port: number): Promise<void> {
  if (await binder.canBind(port, 'tcp')) {
    interaction.tell({ kind: 'information', message: t('Port {0} is free.', String(port)) });
    return;
  }
  const message = t(
    'Nobody listens on port {0}, but it cannot be bound: it is reserved, needs administrator rights, or a socket holds it without listening.',
    String(port),
  );
  interaction.tell({ kind: 'warning', message });
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run?: () => Promise<void> | void;
}

async function chooseAction(
  { actionsFor, t }: PortCommandOptions,
  port: number,
  users: readonly Listener[],
): Promise<void> {
  const items = users.flatMap((user): ActionItem[] => {
    const label = dotted([nameOf(user, t), user.protocol.toUpperCase(), scopeWords(user, t)]);
    const actions = actionsFor(user).map((action) => ({
      ...action,
      // Not in the label: a screen reader would read the icon's name.
      iconPath: new vscode.ThemeIcon(action.icon),
    }));
    return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...actions];
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Port {0} Is in Use', String(port)),
    placeHolder: t('Used by {0}', users.map((user) => nameOf(user, t)).join(', ')),
  });
  await chosen?.run?.();
}

function nameOf({ owner }: Listener, t: Translate): string {
  if (owner.kind === 'hidden') return t('a process of {0}, hidden from this user', userWords(owner));
  if (!('process' in owner)) return ownerLabel(owner, t);
  return t('{0} (pid {1})', shortCommand(owner.process), String(owner.process.pid));
}

async function findFreePort(options: PortCommandOptions, argument: unknown): Promise<void> {
  const { watcher, binder, interaction, t } = options;
  const wished =
    typeof argument === 'number'
      ? argument
      : await askPort(options, t('Find a Free Port'), '3000', (port) =>
          t('Finds {0}, or the nearest free port.', String(port)),
        );
  if (wished === undefined) return;
  await watcher.refreshNow('tables');
  const found = await freePortNear(requireSnapshot(options), wished, (port) => binder.canBind(port, 'tcp'));
  if (!found) {
    interaction.tell({ kind: 'warning', message: t('No free port was found near {0}.', String(wished)) });
    return;
  }
  await vscode.env.clipboard.writeText(String(found.port));
  const [first] = found.skipped;
  const message = first
    ? t(
        'Copied {0}: the nearest free port. {1}: {2}.',
        String(found.port),
        String(first.port),
        skipWords(first.reason, t),
      )
    : t('Copied {0}: it is free.', String(found.port));
  interaction.tell({ kind: 'information', message });
}

/** @param info what to say below the box about a number that is a port */
async function askPort(
  { t }: PortCommandOptions,
  title: string,
  value: string,
  info: (port: number) => string,
): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox({
    title,
    value,
    placeHolder: t('Port number, 1 to 65535'),
    validateInput: (text) => {
      // Nothing typed yet is no mistake.
      if (text.trim() === '') return undefined;
      const read = parsePort(text, t);
      return 'port' in read
        ? { message: info(read.port), severity: vscode.InputBoxValidationSeverity.Info }
        : { message: read.error, severity: vscode.InputBoxValidationSeverity.Error };
    },
  });
  const read = typed === undefined ? undefined : parsePort(typed, t);
  return read && 'port' in read ? read.port : undefined;
}

async function listAsDocument(options: PortCommandOptions, argument: unknown): Promise<void> {
  const { watcher, documents, renderText, renderJson, t } = options;
  const formats = [
    { label: t('Text'), description: t('a table, like that of ss'), id: 'text' },
    { label: 'JSON', description: t('everything that is known'), id: 'json' },
  ];
  const format =
    argument === 'text' || argument === 'json'
      ? argument
      : (await vscode.window.showQuickPick(formats, { title: t('Show Listeners as Document') }))?.id;
  if (format === undefined) return;
  await watcher.refreshNow('full');
  const snapshot = requireSnapshot(options);
  const [text, extension] =
    format === 'json' ? [renderJson(snapshot), 'json'] : [renderText(snapshot), 'txt'];
  await documents.show(`${t('Listeners')}.${extension}`, text);
}

function requireSnapshot({ watcher }: PortCommandOptions): Snapshot {
  const { state, snapshot } = watcher;
  if (!snapshot) throw state.kind === 'failed' ? state.error : new Error('There is no snapshot yet');
  return snapshot;
}
