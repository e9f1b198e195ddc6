import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Translate } from '../../base/text';
import type { Interaction } from '../interaction';
import type { Command, CommandTable } from './command';

export interface RegisterOptions<N> {
  readonly selection: () => readonly N[];
  readonly isNode: (value: unknown) => value is N;
  readonly interaction: Interaction;
  readonly onError: (error: unknown) => void;
  readonly t: Translate;
}

/** Registers commands; what one throws is logged with its stack and told in one sentence. */
export function registerCommands<N>(commands: CommandTable<N>, options: RegisterOptions<N>): Disposable {
  const store = new DisposableStore();
  for (const [name, command] of Object.entries(commands)) {
    const run = async (...given: readonly unknown[]): Promise<void> => {
      const [first] = given;
      try {
        // A menu gives two values; without an element where its row went while the menu stood open.
        if (given.length >= 2 && (first ?? undefined) === undefined) {
          const message = options.t(
            'That row was gone or just being redrawn: where it still is, choose again.',
          );
          options.interaction.tell({ kind: 'information', message });
          return;
        }
        await command(chosen(given, options), options.isNode(first) ? undefined : first);
      } catch (error) {
        options.onError(error);
        const reason = error instanceof Error ? error.message : String(error);
        options.interaction.tell({ kind: 'error', message: options.t('That did not work: {0}', reason) });
      }
    };
    store.add(vscode.commands.registerCommand(`portlight.${name}`, run));
  }
  return store;
}

/** Commands by these names; their table is loaded when one of them is first called. */
export function lazyCommands<N, K extends string>(
  names: readonly K[],
  load: () => Promise<Readonly<Record<K, Command<N>>>>,
): CommandTable<N> {
  let table: Promise<Readonly<Record<K, Command<N>>>> | undefined;
  return Object.fromEntries(
    names.map((name): [string, Command<N>] => [
      name,
      async (nodes, argument) => {
        table ??= load();
        await (await table)[name](nodes, argument);
      },
    ]),
  );
}

/** A menu gives the element and, where several are selected, all of them; a key gives nothing: the selection counts. */
function chosen<N>([first, rest]: readonly unknown[], options: RegisterOptions<N>): readonly N[] {
  if (!options.isNode(first)) return first === undefined ? options.selection() : [];
  const all = Array.isArray(rest) ? rest.filter((value) => options.isNode(value)) : [];
  return all.includes(first) ? all : [first];
}
