import type { Process } from '../ports/owner';
import type { ProcessControl } from './control';
import { baseName, isInteractiveShell } from './programs';

/** Facts of the editor, to recognise what must never be stopped. */
export interface EditorFacts {
  /** Pid of the extension host. */
  readonly ownPid: number;
  /** Pids from the extension host's parent up to pid 1. */
  readonly ancestors: readonly number[];
  /** The editor's program folder (`vscode.env.appRoot`). */
  readonly appRoot: string;
  /** Pids of the shells in the editor's terminals. */
  readonly terminalShellPids: readonly number[];
}

export type ProcessRefusal =
  'init' | 'kernel-thread' | 'extension-host' | 'extension-host-ancestor' | 'editor' | 'terminal-shell';

/** Why a chosen row is not stopped. */
export type Refusal =
  | {
      readonly listenerId: string;
      readonly code: ProcessRefusal;
      readonly process: Process;
      /** Shows what can be stopped instead. */
      readonly command?: string;
    }
  /** Another user's socket, whose process this user may not see. `command` shows it, as root. */
  | {
      readonly listenerId: string;
      readonly code: 'hidden-owner';
      readonly uid: number;
      readonly user?: string;
      readonly command: string;
    }
  /** The kernel's own socket, or one whose process is hidden even from this user: there is nothing to signal. */
  | { readonly listenerId: string; readonly code: 'kernel-socket' };

/** A chain longer than this is a loop in what was read, not a real family. */
const MAX_ANCESTORS = 64;

/** Completes the editor's facts with the extension host's ancestors, read from the machine. */
export async function readEditorFacts(
  control: Pick<ProcessControl, 'inspect'>,
  known: Omit<EditorFacts, 'ancestors'>,
): Promise<EditorFacts> {
  const ancestors: number[] = [];
  let pid = (await control.inspect(known.ownPid))?.parentPid ?? 0;
  while (pid > 0 && ancestors.length < MAX_ANCESTORS && !ancestors.includes(pid)) {
    ancestors.push(pid);
    pid = (await control.inspect(pid))?.parentPid ?? 0;
  }
  return { ...known, ancestors };
}

/** Why this process is never signalled; undefined where it may be. */
export function refuseProcess(process: Process, facts: EditorFacts): ProcessRefusal | undefined {
  if (process.pid <= 1) return 'init';
  // 2 is kthreadd, the parent of every kernel thread, except inside a pid namespace, where it is an ordinary pid.
  if (process.kernelThread === true) return 'kernel-thread';
  if (process.pid === facts.ownPid) return 'extension-host';
  if (facts.ancestors.includes(process.pid)) return 'extension-host-ancestor';
  if (facts.terminalShellPids.includes(process.pid) || isInteractiveShell(process)) return 'terminal-shell';
  if (isEditorProcess(process, facts.appRoot)) return 'editor';
  return undefined;
}

/**
 * Entry points of VS Code's own processes, relative to its program folders; a process that runs another script with
 * the editor's runtime (a language server, a task) is not the editor.
 */
const EDITOR_ENTRIES = [
  'out/server-main.js',
  'out/bootstrap-fork',
  'out/bootstrap-fork.js',
  'out/main.js',
  'out/node/entry',
  'out/node/entry.js',
];

/** `--type=` of Chromium's and VS Code's own child processes. */
const EDITOR_PROCESS_TYPES = new Set([
  'zygote',
  'renderer',
  'gpu-process',
  'utility',
  'broker',
  'extensionHost',
  'ptyHost',
  'fileWatcher',
  'watcherService',
  'sharedProcess',
  'shared-process',
]);

/**
 * Whether this is one of the editor's own processes (main, server, pty host, file watcher, another window's extension
 * host): by its executable or script under the editor's root, and a known entry point.
 */
function isEditorProcess(process: Process, appRoot: string): boolean {
  const root = installRoot(appRoot);
  if (root === '') return false;
  const arguments_ = process.commandLine.slice(1).map(forwardSlashes);
  const runsEntry = arguments_.some(
    (argument) => isUnder(argument, root) && EDITOR_ENTRIES.some((entry) => argument.endsWith(`/${entry}`)),
  );
  if (runsEntry) return true;
  if (process.executable === undefined || !isUnder(forwardSlashes(process.executable), root)) return false;
  const type = arguments_.find((argument) => argument.startsWith('--type='))?.slice('--type='.length);
  if (type !== undefined) return EDITOR_PROCESS_TYPES.has(type);
  // The main process: the editor's own binary, not its bundled Node, and not Electron run as Node for a script.
  const isNode = /^node(?:\.exe)?$/u.test(baseName(process.executable));
  return !isNode && !arguments_.some((argument) => /\.[cm]?js$/u.test(argument));
}

/**
 * The folder that holds the whole editor, from `appRoot`: desktop builds end in `resources/app` (macOS:
 * `Contents/Resources/app`), code-server in `lib/vscode`; a VS Code server is its own root.
 */
function installRoot(appRoot: string): string {
  return forwardSlashes(appRoot)
    .replace(/\/+$/u, '')
    .replace(/\/(?:contents\/resources\/app|resources\/app|lib\/vscode)$/iu, '');
}

const forwardSlashes = (path: string): string => path.replaceAll('\\', '/');

const isUnder = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
