import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import type { Signal } from './control';
import type { Refusal } from './refusals';

/** Who listens at the port after its owner was stopped. */
export interface PortHolder {
  readonly listener: Listener;
  /**
   * - `same-socket`: a child or co-owner that kept the very socket;
   * - `took-over`: a process that ran before, and has bound the port now;
   * - `beside`: was there before on another address or with SO_REUSEPORT, and was not chosen.
   */
  readonly how: 'same-socket' | 'took-over' | 'beside';
}

/** What became of one chosen row. */
export type StopOutcome =
  /** The row is gone and stayed away for `watchedMs`. */
  | {
      readonly kind: 'stopped';
      /** From the first signal to the row's end. */
      readonly tookMs: number;
      /** The strongest signal that was needed. */
      readonly signal: Signal;
      readonly watchedMs: number;
      /** Targets that have given up the port but still run: they drain connections, or ignore the signal. */
      readonly stillRunning: readonly Process[];
      /** The same command was started again, and does not listen (yet). */
      readonly restarted?: Process;
    }
  /** The targets ended or let go, and somebody else listens. */
  | { readonly kind: 'port-held'; readonly holders: readonly PortHolder[] }
  /** The port was opened again by a new process. */
  | {
      readonly kind: 'came-back';
      /** From the row's end (or from the signal, where the gap was too short to see) to the new row. */
      readonly afterMs: number;
      readonly listener: Listener;
      /** Absent where the new owner is hidden from this user. */
      readonly process?: Process;
      /** The nearest process that started both the old and the new one; else the new one's parent. */
      readonly startedBy?: Process;
      /** `startedBy` is an ancestor of the old process, too: it restarts what is stopped. */
      readonly sameParent: boolean;
    }
  /** The system refused. `command` is for a terminal, never run by us; absent where the user is root already. */
  | { readonly kind: 'not-permitted'; readonly processes: readonly Process[]; readonly command?: string }
  /** The row had ended before anything was signalled. */
  | { readonly kind: 'gone-already' }
  /** Nothing was signalled: the pid belongs to another process now, or the process no longer holds the socket. */
  | { readonly kind: 'changed'; readonly change: 'pid-reused' | 'socket-not-held'; readonly process: Process }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Signalled, and still listening. */
  | {
      readonly kind: 'still-running';
      readonly why: 'left' | 'cancelled' | 'timeout';
      /** The strongest that was sent. Absent where it was cancelled before anything was sent. */
      readonly signal?: Signal;
      readonly processes: readonly Process[];
    }
  /** The machine could not be read or acted on. `error` is for the log. */
  | { readonly kind: 'failed'; readonly cause: string; readonly error?: unknown };

export interface ListenerOutcome {
  readonly listener: Listener;
  readonly outcome: StopOutcome;
}
