import * as fs from 'node:fs';
import type { Process, ProcessId } from '../../ports/owner';
import type { Signal, SignalOptions, SignalRefusal } from '../../stop/control';
import { errorCode, tryReadLink, tryReadText, withoutStacks } from './files';
import { ProcessReader } from './process';
import { parseStat } from './stat';

/** What the controller needs of the system. Other functions in tests only. */
export interface ControllerOptions {
  readonly processes?: ProcessReader;
  readonly root?: string;
  /** Never signalled. */
  readonly ownPid?: number;
  readonly kill?: (pid: number, signal: NodeJS.Signals | 0) => void;
}

/**
 * Looks at processes and signals them, synchronously: nothing of ours runs between the last check of a process's
 * start time and its signal, so that the window in which its pid could be reused is one system call long.
 */
export class ProcessController {
  private readonly processes: ProcessReader;
  private readonly root: string;
  private readonly ownPid: number;
  private readonly kill: (pid: number, signal: NodeJS.Signals | 0) => void;

  constructor(options: ControllerOptions = {}) {
    this.root = options.root ?? '/proc';
    this.processes = options.processes ?? new ProcessReader(this.root);
    this.ownPid = options.ownPid ?? process.pid;
    this.kill = options.kill ?? ((pid, signal) => process.kill(pid, signal));
  }

  /** @returns undefined where there is no such process. */
  inspect(pid: number): Process | undefined {
    return this.processes.read(pid);
  }

  /** Checks all that `signal` checks, the permission too, and signals nothing. */
  verify(target: ProcessId, options: SignalOptions = {}): { readonly kind: 'valid' } | SignalRefusal {
    return this.act(target, 0, options) ?? { kind: 'valid' };
  }

  signal(
    target: ProcessId,
    signal: Signal,
    options: SignalOptions = {},
  ): { readonly kind: 'sent' } | SignalRefusal {
    return this.act(target, signal, options) ?? { kind: 'sent' };
  }

  /** Every living process below `root`, parents before their children. */
  descendants(root: ProcessId): readonly Process[] {
    return withoutStacks(() => {
      if (this.identify(root) !== undefined) return [];
      const found: Process[] = [];
      const seen = new Set([root.pid]);
      const queue: ProcessId[] = [root];
      for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
        for (const pid of this.children(parent.pid)) {
          if (seen.has(pid)) continue;
          const child = this.processes.read(pid);
          // Read after its parent: a child that is older, or somebody else's by now, has a reused pid.
          if (child?.parentPid !== parent.pid) continue;
          if (child.startTicks < parent.startTicks || this.hasEnded(child)) continue;
          seen.add(pid);
          found.push(child);
          queue.push(child);
        }
      }
      return found;
    });
  }

  /** @returns undefined where the signal was sent (for 0: could be). */
  private act(target: ProcessId, signal: Signal | 0, { mustHold }: SignalOptions): SignalRefusal | undefined {
    // To kill(2) 0, -1 and other negative numbers mean whole groups; 1 is init.
    if (!Number.isSafeInteger(target.pid) || target.pid <= 1 || target.pid === this.ownPid) {
      return { kind: 'refused' };
    }
    return withoutStacks(() => {
      // The cheap check twice: what is gone is not searched, and the last check is the one next to the signal.
      const early = this.identify(target);
      if (early !== undefined) return early;
      const proof = mustHold === undefined ? undefined : this.prove(target.pid, mustHold);
      return this.identify(target) ?? proof ?? this.send(target.pid, signal);
    });
  }

  private identify({ pid, startTicks }: ProcessId): SignalRefusal | undefined {
    const stat = this.processes.stat(pid);
    if (stat === undefined) return { kind: 'gone' };
    if (stat.startTicks !== startTicks) return { kind: 'changed' };
    if (stat.kernelThread) return { kind: 'refused' };
    return this.hasEnded(stat) ? { kind: 'gone' } : undefined;
  }

  /** A zombie whose other threads live on still runs, and still holds its files. */
  private hasEnded({ pid, state }: { readonly pid: number; readonly state: string }): boolean {
    if (state !== 'Z' && state !== 'X') return false;
    return !this.threads(pid).some((thread) => {
      const stat = parseStat(tryReadText(`${this.root}/${pid}/task/${thread}/stat`) ?? '');
      return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X';
    });
  }

  private threads(pid: number): readonly string[] {
    try {
      return fs.readdirSync(`${this.root}/${pid}/task`);
    } catch {
      // It ended between two reads.
      return [];
    }
  }

  /** Whether the process holds one of the sockets. Threads share their files; a dead first thread shows none. */
  private prove(pid: number, inodes: readonly number[]): SignalRefusal | undefined {
    const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
    let denied = false;
    for (const folder of ['', ...this.threads(pid).map((thread) => `/task/${thread}`)]) {
      const files = `${this.root}/${pid}${folder}/fd`;
      let names: readonly string[];
      try {
        names = fs.readdirSync(files);
      } catch (error) {
        denied ||= errorCode(error) === 'EACCES';
        continue;
      }
      if (names.some((name) => links.has(tryReadLink(`${files}/${name}`) ?? ''))) return undefined;
      // What the first thread shows, every other shows, too.
      if (names.length > 0) break;
    }
    return denied ? { kind: 'not-permitted' } : { kind: 'socket-not-held' };
  }

  private send(pid: number, signal: Signal | 0): SignalRefusal | undefined {
    try {
      this.kill(pid, signal);
      return undefined;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ESRCH') return { kind: 'gone' };
      if (code === 'EPERM') return { kind: 'not-permitted' };
      return { kind: 'failed', cause: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Children of every thread (proc_pid_task_children(5)); where the kernel does not list them, by everybody's parent. */
  private children(pid: number): readonly number[] {
    const threads = this.threads(pid);
    const lists = threads.map((thread) => tryReadText(`${this.root}/${pid}/task/${thread}/children`));
    if (threads.length > 0 && lists.every((list) => list === undefined)) return this.childrenBySearch(pid);
    return lists.flatMap((list) => (list ?? '').split(' ').map(Number)).filter((child) => child > 0);
  }

  private childrenBySearch(parent: number): readonly number[] {
    return fs
      .readdirSync(this.root)
      .map(Number)
      .filter((pid) => pid > 0 && this.processes.stat(pid)?.parentPid === parent);
  }
}
