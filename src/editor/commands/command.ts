import type { ListenerNode } from '../views/listenersData';

/**
 * What a command does.
 * @param nodes the elements that it is for: those that the user selected or opened the menu on; none from the palette
 * @param argument what another command or a link gave it in place of an element
 */
export type Command<N = ListenerNode> = (nodes: readonly N[], argument?: unknown) => Promise<void> | void;

/** What can be asked of listeners and their view: registered at activation, before what does it is loaded. */
export const LISTENER_COMMANDS = [
  'refresh',
  'groupBy',
  'filter',
  'clearFilter',
  'showHidden',
  'focusListeners',
  'openSettings',
  'showLog',
  'findPort',
  'findFreePort',
  'listAsDocument',
  'stop',
  'killNow',
  'stopTree',
  'openInBrowser',
  'copyAddress',
  'copyUrl',
  'copyPid',
  'copyCommand',
  'revealInTerminal',
  'openWorkingDirectory',
  'showDetails',
  'hideLike',
  'hideGroup',
  'runLimitCommand',
  'scanPeer',
] as const;
export type ListenerCommandName = (typeof LISTENER_COMMANDS)[number];

/** The same for who can get in. */
export const EXPOSURE_COMMANDS = [
  'checkNow',
  'tryAccount',
  'showExposure',
  'copyExposure',
  'audit',
  'copyFix',
  'openRestart',
  'openFix',
  'acceptExposure',
] as const;
export type ExposureCommandName = (typeof EXPOSURE_COMMANDS)[number];

/** Commands by what follows `portlight.` in their id. package.json declares each of them. */
export type CommandTable<N = ListenerNode> = Readonly<Record<string, Command<N>>>;
