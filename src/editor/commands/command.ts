import type { ListenerNode } from '../views/listenersData';

/**
 * What a command does.
 * @param nodes the elements that it is for: those that the user selected or opened the menu on; none from the palette
 * @param argument what another command or a link gave it in place of an element
 */
export type Command<N = ListenerNode> = (nodes: readonly N[], argument?: unknown) => Promise<void> | void;

/** Commands by what follows `portlight.` in their id. package.json declares each of them. */
export type CommandTable<N = ListenerNode> = Readonly<Record<string, Command<N>>>;
