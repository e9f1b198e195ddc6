import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import type { Translate } from '../../base/text';
import { jsonText, listenersJson, listenersTable } from '../../ports/document';
import type { Listener } from '../../ports/listener';
import type { PortBinder, SchemeProbe } from '../../ports/reach';
import type { ListenerWatcher } from '../../ports/watcher';
import { ownerNotes } from '../../ports/words';
import type { ProcessControl } from '../../stop/control';
import type { ChoicesStore } from '../choicesStore';
import type { Documents } from '../documents';
import type { ExposureRow } from '../exposure/exposureRow';
import type { Current } from '../exposure/exposures';
import type { Interaction } from '../interaction';
import type { Settings } from '../settings';
import { asText } from '../views/asText';
import { formatTime } from '../views/listenersData';
import type { ListenersModel } from '../views/listenersModel';
import { detailDrafts } from '../views/rowDetails';
import { rowTooltip } from '../views/rowTooltip';
import type { WindowSurroundings } from '../windowSurroundings';
import type { OpenTerminalWith } from '../terminal';
import type { Command, ListenerCommandName } from './command';
import { portCommands, type ListenerAction } from './portCommands';
import { RowCommands } from './rowCommands';
import { StopCommands } from './stopCommands';
import { viewCommands } from './viewCommands';

export interface ListenerCommandOptions {
  readonly machine: {
    readonly control: ProcessControl;
    readonly probe: SchemeProbe;
    readonly binder: PortBinder;
  };
  readonly watcher: ListenerWatcher;
  readonly choices: ChoicesStore;
  readonly documents: Documents;
  readonly surroundings: WindowSurroundings;
  readonly interaction: Interaction;
  readonly clock: Clock;
  readonly settings: () => Settings;
  readonly openTerminalWith: OpenTerminalWith;
  readonly model: ListenersModel;
  readonly exposures: Current<ReadonlyMap<string, ExposureRow>>;
  readonly reveal: (listenerId: string) => Promise<void>;
  readonly scanHost: (target: string | undefined) => Promise<void>;
  readonly showLog: () => void;
  readonly t: Translate;
}

/** What can be done with listeners, and with the view of them; loaded when something first is. */
export function listenerCommands(
  options: ListenerCommandOptions,
): Readonly<Record<ListenerCommandName, Command>> {
  const { machine, watcher, choices, documents, surroundings, interaction, model, scanHost, t } = options;
  const rows = new RowCommands({
    listener: (id) => model.listener(id),
    details: (listener) => details(listener, options),
    probe: machine.probe,
    choices,
    surroundings,
    documents,
    interaction,
    openTerminalWith: options.openTerminalWith,
    t,
  });
  const stops = new StopCommands({
    watcher,
    control: machine.control,
    clock: options.clock,
    settings: options.settings,
    editorFacts: () =>
      Promise.resolve({
        ownPid: process.pid,
        appRoot: vscode.env.appRoot,
        terminalShellPids: [...surroundings.origins.terminalPids.keys()],
      }),
    interaction,
    openTerminalWith: options.openTerminalWith,
    t,
  });
  return {
    scanPeer: ([node]) => (node?.subject.kind === 'fact' ? scanHost(node.subject.text) : undefined),
    ...rows.table,
    ...stops.table,
    ...viewCommands({ watcher, choices, summary: () => model.summary, showLog: options.showLog, t }),
    ...portCommands({
      watcher,
      binder: machine.binder,
      documents,
      interaction,
      renderText: (snapshot) => listenersTable(snapshot, t),
      renderJson: (snapshot) => jsonText(listenersJson(snapshot)),
      actionsFor: (listener) => actionsFor(listener, options, rows, stops),
      t,
    }),
  };
}

/** What can be done with a listener that was found by its number. */
function actionsFor(
  listener: Listener,
  { reveal, openTerminalWith, t }: ListenerCommandOptions,
  rows: RowCommands,
  stops: StopCommands,
): readonly ListenerAction[] {
  const actions: ListenerAction[] = [
    {
      label: t('Show in the List'),
      icon: 'list-tree',
      run: async () => {
        await vscode.commands.executeCommand('portlight.focusListeners');
        await reveal(listener.id);
      },
    },
  ];
  if ('process' in listener.owner) {
    actions.push({
      label: t('Stop…'),
      icon: 'debug-stop',
      run: async () => {
        await stops.stop('stop', [listener]);
      },
    });
  }
  const { command } = ownerNotes(listener, t).find((note) => note.command !== undefined) ?? {};
  if (command !== undefined) {
    actions.push({
      label: t('Open Terminal with Command'),
      detail: command,
      icon: 'terminal',
      run: () => {
        openTerminalWith(command);
      },
    });
  }
  if (listener.protocol === 'tcp') {
    actions.push({
      label: t('Open in Browser'),
      icon: 'link-external',
      run: () => rows.openListener(listener),
    });
  }
  actions.push({
    label: t('Show Details as Document'),
    icon: 'file-text',
    run: () => rows.showListener(listener),
  });
  return actions;
}

/** Everything that is known of a listener, as text. */
async function details(
  listener: Listener,
  { watcher, surroundings: { origins }, exposures, clock, t }: ListenerCommandOptions,
): Promise<string> {
  const { machine, takenAt } = watcher.snapshot ?? {};
  const connections = await watcher.connections(listener.id);
  const drafts = detailDrafts(listener, {
    t,
    now: takenAt ?? clock.now(),
    formatTime,
    origins,
    ...(connections && { connections }),
  });
  const about = machine ? rowTooltip(listener, machine, origins, t) : [];
  const exposure = exposures.current.get(listener.id)?.branches() ?? [];
  return [...about, '', ...asText([...exposure, ...drafts]), ''].join('\n');
}
