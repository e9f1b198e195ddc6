import type { Clock } from '../base/clock';
import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import type { PortState, ProcessControl } from './control';

export interface StopMachine {
  readonly control: ProcessControl;
  readonly ports: PortState;
  readonly clock: Clock;
}

/** The grace period is over, and these still run. */
export interface GraceOver {
  /** Chosen rows that still listen. Empty where only other processes of a tree are left. */
  readonly listeners: readonly Listener[];
  readonly processes: readonly Process[];
}

export type GraceAnswer = 'kill' | 'wait' | 'leave';

/** `watching`: the port is free, and is watched for a process that comes back. */
export type StopPhase = 'checking' | 'ending' | 'killing' | 'watching';

export interface StopOptions {
  /** How long SIGTERM may take, in milliseconds. */
  readonly graceMs: number;
  /**
   * Asked each time the grace period is over: send SIGKILL, wait another period, or leave it running.
   * `moot` is aborted where everything ends before the answer.
   */
  readonly onGraceOver: (still: GraceOver, moot: AbortSignal) => Promise<GraceAnswer>;
  readonly onPhase?: (phase: StopPhase) => void;
  /** Stops waiting, at once; what was signalled stays signalled. */
  readonly cancel?: AbortSignal;
}
