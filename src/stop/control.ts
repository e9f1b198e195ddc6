import type { Listener } from '../ports/listener';
import type { Process, ProcessId } from '../ports/owner';

export type Signal = 'SIGTERM' | 'SIGKILL';

/** Why a process was not signalled, or must not be. */
export type SignalRefusal =
  /** No such process any more, or a zombie without a living thread. */
  | { readonly kind: 'gone' }
  /** The pid belongs to a process that started at another time. */
  | { readonly kind: 'changed' }
  /** The process holds none of the sockets that it has to hold. */
  | { readonly kind: 'socket-not-held' }
  /** EPERM: another user's process. Also where its open files cannot be read, so that the socket is not provable. */
  | { readonly kind: 'not-permitted' }
  /** Never signalled, whatever the plan says: pid 1 and below, kernel threads, this process itself. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly cause: string };

export interface SignalOptions {
  /** Inodes of sockets; the process must hold at least one of them at this moment. */
  readonly mustHold?: readonly number[];
}

/** This machine's processes, looked at and signalled. Implemented in machine/. */
export interface ProcessControl {
  /** The process as it is now, zombies included. Undefined: there is none. */
  inspect(pid: number): Promise<Process | undefined>;
  /** Checks all that `signal` checks, and signals nothing. */
  verify(target: ProcessId, options?: SignalOptions): Promise<{ readonly kind: 'valid' } | SignalRefusal>;
  /**
   * Checks pid, start time and (where asked) the socket, and signals, in one synchronous step: the window in which a
   * pid could be reused between check and signal is some 20 µs. Signals one process, never a group.
   */
  signal(
    target: ProcessId,
    signal: Signal,
    options?: SignalOptions,
  ): Promise<{ readonly kind: 'sent' } | SignalRefusal>;
  /**
   * Every living process below `root`, parents before their children (deepest last), without `root`.
   * Empty where `root` is gone or its pid belongs to another process now.
   */
  descendants(root: ProcessId): Promise<readonly Process[]>;
}

/** Who listens right now. Implemented by the watcher, so that the tree shows what the stop saw. */
export interface PortState {
  /**
   * Reads the socket tables now, never a cache, and answers every row.
   * `tables` looks for owners of new sockets only; `full` looks for every owner again.
   */
  look(depth: 'tables' | 'full'): Promise<readonly Listener[]>;
}
