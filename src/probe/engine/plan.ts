import type { HostRun, PassHost } from './host';
import type { RandomOrder } from './order';
import type { TimingProfile } from './timing';
import type { VerdictTable } from './verdicts';

/** What a pass is to do, and whom it tells. */
export interface PassPlan {
  /** Asked for one host after another, as there is room; `undefined` at the end. */
  nextHost(): PassHost | undefined;
  /** Cells of each host. */
  readonly cells: number;
  /** The order in which cells are tried. Each host starts elsewhere in it. */
  readonly order: RandomOrder;
  readonly verdicts: VerdictTable;
  readonly profile: TimingProfile;
  /** Probes a second, where it is lower than the profile's. */
  readonly maxRate?: number;
  /** The first answer settles the host (discovery). */
  readonly oneAnswerIsEnough: boolean;
  /** Errors of the target may be limited (UDP, IP protocols): watch for it. */
  readonly watchesIcmpLimit: boolean;
  readonly random: () => number;
  onFound(run: HostRun, cell: number, verdict: number): void;
  onHostDone(run: HostRun): void;
  onTrouble(code: string): void;
}
