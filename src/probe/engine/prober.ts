import type { HostRun } from './host';

/** Tells the pass what happened to its probes. */
export interface ProbeSink {
  /**
   * A reply that matches a probe: `verdict` is the number of what it means for the cell. `attempt` is the try that it
   * answers, -1 where that cannot be told. `roundTripMs` where the prober measured it itself.
   */
  onReply(
    run: HostRun,
    cell: number,
    attempt: number,
    verdict: number,
    icmp: boolean,
    roundTripMs?: number,
  ): void;
  /** The prober gave a try up at its deadline (connects; for packets the pass's own wheel does it). */
  onExpired(run: HostRun, cell: number, attempt: number): void;
  /** Something that the user should know and that ends nothing, for example `ENETUNREACH`. */
  onTrouble(code: string): void;
}

/** Sends probes and matches replies: one for each way to do so (connects, TCP segments, datagrams, …). */
export interface Prober {
  /** At most so many tries under way; the addon's sockets are not endless. */
  readonly capacity: number;
  /** It tells itself when a try is over (connects); the pass's own deadlines are then only a safety net, ms later. */
  readonly deadlineSlack: number;
  /** Takes a place of the host table for a host, and gives it back. */
  admit(run: HostRun): void;
  release(run: HostRun): void;
  /** Queues one try. @returns false while there is no room. */
  send(run: HostRun, cell: number, attempt: number, timeoutMs: number): boolean;
  /** Sends what is queued. */
  flush(): void;
  /** Hands every reply that waits to the sink. */
  receive(sink: ProbeSink): void;
  /** Calls back whenever replies wait, from now on. */
  watch(callback: () => void): void;
  /** Nothing is sent any more, at once. */
  cancel(): void;
  close(): void;
}
