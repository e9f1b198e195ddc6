/** A process that cannot be confused with a later one of the same pid. */
export interface ProcessId {
  readonly pid: number;
  /** Start time in clock ticks after boot: field 22 of /proc/PID/stat (proc_pid_stat(5)). */
  readonly startTicks: number;
}

/** What is known of one process. Absent fields could not be read (or do not exist); nothing here is guessed. */
export interface Process extends ProcessId {
  readonly parentPid: number;
  /** The kernel's name of it, at most 15 bytes (comm). */
  readonly name: string;
  /** argv. Empty for kernel threads and zombies. A process may rewrite it: shown, never trusted. */
  readonly commandLine: readonly string[];
  readonly executable?: string;
  /** The executable was unlinked or replaced since the process started. */
  readonly executableDeleted?: boolean;
  readonly cwd?: string;
  readonly uid: number;
  readonly user?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Process state letter of proc_pid_stat(5): R, S, D, Z, T, … */
  readonly state: string;
  readonly kernelThread?: boolean;
  /** Controlling terminal, for example `pts/3`. */
  readonly tty?: string;
  /** systemd unit from the cgroup path, for example `ssh.service` or `session-3.scope`. */
  readonly unit?: string;
  /** Container that the process runs in, from the cgroup path. */
  readonly container?: { readonly engine: string; readonly id: string };
  /** The npm (pnpm, yarn) script that started it or an ancestor, from npm_lifecycle_event & co. in its environment. */
  readonly npm?: { readonly script: string; readonly packageName?: string; readonly packageJson?: string };
  /** TERM_PROGRAM of its environment: `vscode` for a terminal of the editor. */
  readonly terminalProgram?: string;
  /** LISTEN_FDS of its environment is meant for this pid (sd_listen_fds(3)). */
  readonly socketActivated?: boolean;
  /** The nearest folder at or above cwd that holds a project file (package.json, .git, pyproject.toml, …). */
  readonly project?: { readonly folder: string; readonly name: string };
  /** Another network namespace than ours: its sockets are not in our tables. */
  readonly foreignNetwork?: boolean;
}

/**
 * Who holds a listening socket, and how it is known.
 * - `exact`: an open file of the process is this very socket.
 * - `activated`: so, and the holder listens for another (systemd, inetd): it starts the service on the first connection.
 * - `hidden`: the socket belongs to `uid`, whose processes this user may not look into.
 * - `kernel`: no process that can be seen holds it: the kernel itself (vxlan, WireGuard, NFS), or a process hidden
 *   even from this user.
 */
export type Owner =
  | {
      readonly kind: 'exact' | 'activated';
      readonly process: Process;
      /** From the parent up to what started it, pid 1 last where it is reached. */
      readonly parents: readonly Process[];
      /** Other processes that hold the same socket: forked workers, passed descriptors. */
      readonly coOwners: readonly Process[];
    }
  | { readonly kind: 'hidden'; readonly uid: number; readonly user?: string }
  | { readonly kind: 'kernel'; readonly uid: number };

export function sameProcess(a: ProcessId, b: ProcessId): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks;
}
