import { IcmpLimit, type HostRun } from './host';
import { Runs } from './runs';
import type { PassPlan } from './plan';
import type { Prober, ProbeSink } from './prober';
import { NO_SLOT, Slots, SlotState } from './slots';
import { answersAll, suspectsIcmpLimit, triesFor } from './patience';
import { Pace, Window } from './window';

const SLOTS = 32_768;
/** How long one turn may keep the loop from cancels and other requests, ms. */
const TURN_MS = 8;
/** Probes between two looks at the replies: a near target fills the receive buffer as fast as we send. */
const BURST = 256;

/**
 * The one scheduler of all techniques: which probe is sent when, how long an answer is waited for, when it is sent
 * again, and when a port is given up. It knows nothing of packets: a prober sends and matches.
 */
export class Pass implements ProbeSink {
  private readonly runs: Runs;
  private readonly slots: Slots;
  private readonly total: Window;
  private readonly pace: Pace;
  private readonly silentPace: Pace;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private immediate: ReturnType<typeof setImmediate> | undefined;
  private finished: ((error?: Error) => void) | undefined;
  private inTurn = false;
  sent = 0;
  decided = 0;

  constructor(
    private readonly plan: PassPlan,
    private readonly prober: Prober,
  ) {
    const now = performance.now();
    const { profile } = plan;
    this.slots = new Slots(SLOTS, now);
    this.total = new Window(Math.max(profile.initialWindow, profile.silentWindow), profile.maxInFlight);
    this.pace = new Pace(Math.min(profile.maxRate, plan.maxRate ?? Number.POSITIVE_INFINITY), now);
    this.silentPace = new Pace(profile.silentRate, now);
    this.runs = new Runs(plan);
  }

  /** Runs to the end, or until it is aborted; then every host under way is reported as it is. */
  async run(signal: AbortSignal): Promise<void> {
    const cancel = (): void => {
      this.prober.cancel();
      this.finish();
    };
    try {
      await new Promise<void>((resolve, reject) => {
        this.finished = (error) => {
          if (error === undefined) resolve();
          else reject(error);
        };
        if (signal.aborted) {
          cancel();
          return;
        }
        signal.addEventListener('abort', cancel, { once: true });
        this.prober.watch(() => {
          this.turn();
        });
        this.turn();
      });
    } finally {
      signal.removeEventListener('abort', cancel);
      clearTimeout(this.timer);
      clearImmediate(this.immediate);
    }
    for (const run of this.runs.removeAll()) this.leave(run);
  }

  private finish(error?: Error): void {
    const finished = this.finished;
    this.finished = undefined;
    finished?.(error);
  }

  /** One look at the replies, the deadlines and what may be sent; arranges the next one. */
  private turn(): void {
    if (this.inTurn || this.finished === undefined) return;
    this.inTurn = true;
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
    try {
      const end = performance.now() + TURN_MS;
      let now: number;
      let sent: number;
      do {
        this.prober.receive(this);
        now = performance.now();
        this.slots.expire(now, this.onDeadline);
        sent = this.fill(now);
        this.prober.flush();
      } while (sent > 0 && performance.now() < end);
      for (const run of this.runs.removeDone()) this.leave(run);
      if (this.runs.exhausted) {
        this.finish();
        return;
      }
      // The timer resolution is a millisecond: what is due sooner is looked at in the next turn of the loop.
      if (sent > 0)
        this.immediate = setImmediate(() => {
          this.turn();
        });
      else
        this.timer = setTimeout(() => {
          this.turn();
        }, this.idleTime(now));
    } catch (error) {
      this.finish(error instanceof Error ? error : new Error('The scan failed', { cause: error }));
    } finally {
      this.inTurn = false;
    }
  }

  private idleTime(now: number): number {
    if (this.slots.inFlight > 0 || this.slots.used > 0) return 2;
    const waits = this.runs.all.map((run) => run.limit?.waitFor(now) ?? 2);
    return Math.max(1, Math.min(50, ...waits));
  }

  // --- sending ---

  private fill(now: number): number {
    for (let run = this.runs.admit(); run !== undefined; run = this.runs.admit()) this.prober.admit(run);
    let budget = Math.min(
      BURST,
      this.pace.available(now),
      Math.floor(this.total.size) - this.slots.inFlight,
      this.prober.capacity - this.slots.inFlight,
    );
    let sent = 0;
    let idle = 0;
    while (budget > 0 && idle < this.runs.all.length) {
      const run = this.runs.nextInTurn();
      if (run === undefined) break;
      // A host alone gets the whole budget; many take turns.
      const share = this.runs.all.length === 1 ? budget : Math.max(1, Math.min(budget, 8));
      const count = this.fillHost(run, share, now);
      idle = count === 0 ? idle + 1 : 0;
      budget -= count;
      sent += count;
    }
    this.pace.take(sent);
    this.sent += sent;
    return sent;
  }

  private fillHost(run: HostRun, budget: number, now: number): number {
    let room = Math.min(budget, this.roomOf(run, now));
    const silent = run.answers === 0;
    let sent = 0;
    while (room > 0) {
      const slot = this.nextSlot(run);
      if (slot === NO_SLOT) break;
      const attempt = this.slots.attempt[slot] ?? 0;
      const timeout = run.host.roundTrip.timeout(attempt, this.plan.profile);
      if (!this.prober.send(run, this.slots.cell[slot] ?? 0, attempt, timeout)) {
        this.postpone(run, slot);
        break;
      }
      this.slots.sentBefore[slot] = attempt === 0 ? 0 : (this.slots.sentAt[slot] ?? 0);
      this.slots.sentAt[slot] = now;
      this.slots.wait(slot, now + timeout + this.prober.deadlineSlack);
      if (run.limit !== undefined) {
        run.limit.onSent(now);
        this.slots.paced[slot] = (this.slots.paced[slot] ?? 0) + 1;
      }
      run.inFlight++;
      room--;
      sent++;
    }
    if (silent && sent > 0) this.silentPace.take(sent);
    return sent;
  }

  private roomOf(run: HostRun, now: number): number {
    if (run.limit !== undefined) return run.inFlight === 0 && run.limit.waitFor(now) <= 0 ? 1 : 0;
    const { silentWindow, maxInFlightPerHost } = this.plan.profile;
    if (run.answers > 0) return Math.floor(run.window.size) - run.inFlight;
    // Nobody has answered: there is no sign of congestion to wait for, so the rate is what is bounded.
    return Math.min(
      Math.min(silentWindow, maxInFlightPerHost) - run.inFlight,
      this.silentPace.available(now),
    );
  }

  /** A retry first, then a cell that was never tried; `NO_SLOT` where there is none. */
  private nextSlot(run: HostRun): number {
    while (run.retryHead !== NO_SLOT) {
      const slot = run.retryHead;
      run.retryHead = this.slots.next[slot] ?? NO_SLOT;
      if (run.retryHead === NO_SLOT) run.retryTail = NO_SLOT;
      if (this.slots.state[slot] === SlotState.Retry) return slot;
      this.slots.free(slot);
    }
    while (run.started < run.cells) {
      const position = (run.started + run.offset) % run.cells;
      const cell = this.plan.order.at(position);
      // A verdict may come before its turn: an ICMP error proves the protocol ICMP.
      if (run.verdicts[cell] !== 0) {
        run.started++;
        continue;
      }
      const slot = this.slots.take(run.place, cell);
      if (slot === NO_SLOT) return NO_SLOT;
      run.started++;
      run.slots[cell] = slot;
      return slot;
    }
    return NO_SLOT;
  }

  /** The prober has no room: the slot is the first to go next time. */
  private postpone(run: HostRun, slot: number): void {
    this.slots.state[slot] = SlotState.Retry;
    this.slots.next[slot] = run.retryHead;
    run.retryHead = slot;
    if (run.retryTail === NO_SLOT) run.retryTail = slot;
  }

  private retryLater(run: HostRun, slot: number): void {
    this.slots.attempt[slot] = (this.slots.attempt[slot] ?? 0) + 1;
    this.slots.state[slot] = SlotState.Retry;
    this.slots.next[slot] = NO_SLOT;
    if (run.retryTail !== NO_SLOT) this.slots.next[run.retryTail] = slot;
    else run.retryHead = slot;
    run.retryTail = slot;
  }

  // --- what comes back ---

  onReply(
    run: HostRun,
    cell: number,
    attempt: number,
    verdict: number,
    icmp: boolean,
    roundTripMs?: number,
  ): void {
    if (verdict === 0 || this.runs.at(run.place) !== run) return;
    const slot = run.slots[cell] ?? NO_SLOT;
    const before = run.verdicts[cell] ?? 0;
    if (slot === NO_SLOT) {
      // Late, after the cell was given up in silence, or a protocol that another's answer proves.
      if (before === 0 || before === this.plan.verdicts.silence) this.settle(run, cell, verdict);
      return;
    }
    const now = performance.now();
    const sentAt = this.slots.sentAt[slot] ?? now;
    const retrying = this.slots.state[slot] === SlotState.Retry;
    run.answers++;
    run.expiredInRow = 0;
    if (icmp) run.icmpAnswers++;
    this.measure(run, slot, attempt, now, retrying, roundTripMs);
    // A late answer to an earlier try shows a slow way, not a lost packet.
    const lost = Math.max(0, attempt);
    if (lost > 0 && run.limit === undefined) {
      run.lost += lost;
      if (!answersAll(run)) this.countLoss(run, this.slots.sentBefore[slot] ?? sentAt, now);
    }
    run.window.onAnswer(sentAt, now);
    this.total.onAnswer(sentAt, now);
    if (run.limit !== undefined && (this.slots.paced[slot] ?? 0) > 0) run.limit.onAnswer();
    if (this.slots.state[slot] === SlotState.Waiting) {
      this.slots.stopWaiting(slot);
      run.inFlight--;
      this.slots.free(slot);
    } else this.slots.state[slot] = SlotState.Settled;
    run.slots[cell] = NO_SLOT;
    this.settle(run, cell, verdict);
  }

  private measure(
    run: HostRun,
    slot: number,
    attempt: number,
    now: number,
    retrying: boolean,
    roundTripMs: number | undefined,
  ): void {
    if (roundTripMs !== undefined) {
      run.host.roundTrip.sample(roundTripMs);
      return;
    }
    const current = this.slots.attempt[slot] ?? 0;
    // While it waits to be sent again its number is one ahead of what was sent.
    const last = retrying ? current - 1 : current;
    const before = this.slots.sentBefore[slot] ?? 0;
    if (attempt === last) run.host.roundTrip.sample(now - (this.slots.sentAt[slot] ?? now));
    else if (attempt === last - 1 && before > 0) run.host.roundTrip.sample(now - before);
  }

  onExpired(run: HostRun, cell: number, attempt: number): void {
    const slot = run.slots[cell] ?? NO_SLOT;
    if (
      slot === NO_SLOT ||
      this.slots.state[slot] !== SlotState.Waiting ||
      this.slots.attempt[slot] !== attempt
    )
      return;
    this.slots.stopWaiting(slot);
    this.onDeadline(slot);
  }

  onTrouble(code: string): void {
    this.plan.onTrouble(code);
  }

  private readonly onDeadline = (slot: number): void => {
    const run = this.runs.at(this.slots.host[slot] ?? 0);
    if (run === undefined) return;
    const now = performance.now();
    run.inFlight--;
    run.expiredInRow++;
    // What was sent before the limit was suspected says nothing of it.
    if ((this.slots.paced[slot] ?? 0) > 0) this.onPacedMiss(run, now);
    else if (run.limit === undefined && answersAll(run))
      this.countLoss(run, this.slots.sentAt[slot] ?? now, now);
    this.suspectLimit(run, now);
    if ((this.slots.attempt[slot] ?? 0) + 1 < this.triesOf(run, slot)) {
      this.retryLater(run, slot);
      return;
    }
    const cell = this.slots.cell[slot] ?? 0;
    run.slots[cell] = NO_SLOT;
    run.silent++;
    this.slots.free(slot);
    this.settle(run, cell, this.plan.verdicts.silence);
  };

  private triesOf(run: HostRun, slot: number): number {
    const probe = { attempt: this.slots.attempt[slot] ?? 0, paced: this.slots.paced[slot] ?? 0 };
    return triesFor(run, probe, this.plan.profile);
  }

  private countLoss(run: HostRun, sentAt: number, now: number): void {
    run.window.onLoss(sentAt, now);
    this.total.onLoss(sentAt, now);
  }

  private suspectLimit(run: HostRun, now: number): void {
    if (this.plan.watchesIcmpLimit && suspectsIcmpLimit(run)) run.limit = new IcmpLimit(now);
  }

  private onPacedMiss(run: HostRun, now: number): void {
    run.limit?.onMiss();
    if (run.limit?.refuted !== true) return;
    run.limit = undefined;
    run.limitRefuted = true;
    run.expiredInRow = 0;
    this.suspectLimit(run, now);
  }

  private settle(run: HostRun, cell: number, verdict: number): void {
    const first = run.verdicts[cell] === 0;
    run.verdicts[cell] = verdict;
    if (first) {
      run.decided++;
      this.decided++;
    }
    if (this.plan.oneAnswerIsEnough && verdict !== this.plan.verdicts.silence) this.settleHost(run);
    if (this.plan.verdicts.isOpen(verdict)) this.plan.onFound(run, cell, verdict);
  }

  private settleHost(run: HostRun): void {
    this.decided += run.cells - run.decided;
    run.decided = run.cells;
  }

  private leave(run: HostRun): void {
    for (let slot = run.retryHead; slot !== NO_SLOT;) {
      const next = this.slots.next[slot] ?? NO_SLOT;
      run.slots[this.slots.cell[slot] ?? 0] = NO_SLOT;
      this.slots.free(slot);
      slot = next;
    }
    for (const slot of run.inFlight > 0 ? run.slots : []) {
      if (slot === NO_SLOT) continue;
      this.slots.stopWaiting(slot);
      this.slots.free(slot);
    }
    this.runs.release(run);
    this.prober.release(run);
    this.plan.onHostDone(run);
  }
}
