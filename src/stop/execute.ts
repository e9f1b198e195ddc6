import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import { checkRow, firstSignal, notPermitted, notSignalled } from './check';
import type { Signal } from './control';
import { GraceQuestion } from './grace';
import type { StopMachine, StopOptions, StopPhase } from './options';
import type { ListenerOutcome, StopOutcome } from './outcome';
import { holdsListener, type StopPlan } from './plan';
import { RESTARTED_SETTLE_MS, RestartWatch, settleMs } from './respawn';
import { besides, holdersOf, nameNewcomer, newcomers, leftOf, type Row } from './rows';
import { Sleeper } from './sleeper';
import { isPending, proveBy, targetsOf, type Target, type Targets } from './targets';

/** SIGKILL cannot be ignored; a process that outlives this hangs in the kernel (state D). */
const KILL_WAIT_MS = 5000;
/** Workers notice late that their master has ended, and a socket may outlive its process by some 50 ms. */
const HELD_PATIENCE_MS = 1000;

type RowState =
  /** One of its sockets is still in the tables. `orphanedAt`: since when no target is left that holds it. */
  | { readonly kind: 'ending'; readonly orphanedAt?: number }
  /** Its sockets are gone, and somebody might come back until `windowMs` have passed. */
  | {
      readonly kind: 'watching';
      readonly goneAt: number;
      readonly windowMs: number;
      readonly restarted?: Process;
    }
  | { readonly kind: 'done'; readonly outcome: StopOutcome };

interface Tracked {
  readonly row: Row;
  readonly restarts: RestartWatch | undefined;
  state: RowState;
}

/** One look at the machine. */
interface Look {
  readonly listing: readonly Listener[];
  /** Every owner was looked for again, so that who holds a socket is certain. */
  readonly full: boolean;
  readonly at: number;
}

/**
 * Carries a plan out: looks again, signals, follows every row until its port is free and stays free.
 * Never rejects: a failure of the machine is an outcome, too.
 *
 * @returns one outcome for each chosen row, in the plan's order
 */
export function executeStop(
  plan: StopPlan,
  machine: StopMachine,
  options: StopOptions,
): Promise<readonly ListenerOutcome[]> {
  return new StopRun(plan, machine, options).run();
}

/** One execution, used once. */
class StopRun {
  private readonly outcomes = new Map<string, StopOutcome>();
  private readonly sleeper: Sleeper;
  private readonly question: GraceQuestion;
  private tracked: readonly Tracked[] = [];
  private signal: Signal;
  private signalledAt = 0;
  private deadline = 0;
  private gaveUp = false;
  private wantFull = false;

  constructor(
    private readonly plan: StopPlan,
    private readonly machine: StopMachine,
    private readonly options: StopOptions,
  ) {
    this.signal = firstSignal(plan);
    this.sleeper = new Sleeper(machine.clock);
    this.question = new GraceQuestion(options.onGraceOver, this.sleeper.wake);
  }

  async run(): Promise<readonly ListenerOutcome[]> {
    const { cancel } = this.options;
    cancel?.addEventListener('abort', this.sleeper.wake);
    try {
      await this.check();
      if (this.tracked.length > 0) await this.follow(await this.begin());
    } catch (error) {
      this.fail(error);
    } finally {
      cancel?.removeEventListener('abort', this.sleeper.wake);
      this.question.close();
    }
    for (const { row, state } of this.tracked) {
      if (state.kind === 'done') this.outcomes.set(row.listener.id, state.outcome);
    }
    return this.plan.listeners.map((listener) => ({
      listener,
      outcome: this.outcomes.get(listener.id) ?? { kind: 'failed', cause: 'No outcome was found.' },
    }));
  }

  private async check(): Promise<void> {
    this.phase('checking');
    const before = await this.machine.ports.look('tables');
    const tracked: Tracked[] = [];
    for (const listener of this.plan.listeners) {
      const checked = await checkRow(listener, this.plan, before, this.machine);
      if ('outcome' in checked) this.outcomes.set(listener.id, checked.outcome);
      else {
        const restarts = await RestartWatch.begin(listener, this.machine.control);
        tracked.push({ row: checked.row, restarts, state: { kind: 'ending' } });
      }
    }
    this.tracked = tracked;
  }

  /** Sends the first signal. */
  private async begin(): Promise<Targets> {
    const inodes = new Map(this.tracked.map(({ row }) => [row.listener.id, row.inodes]));
    const targets = targetsOf(this.plan, this.machine.control, (id) => inodes.get(id));
    if (this.cancelled) {
      this.giveUp('cancelled', targets);
      return targets;
    }
    this.signalledAt = this.machine.clock.now();
    await this.signalAll(this.signal, targets);
    for (const tracked of this.tracked) {
      const mine = targets.of(tracked.row.listener);
      if (mine.some(({ signal }) => signal !== undefined)) continue;
      const refused = mine.find(({ refusal }) => refusal !== undefined && refusal.kind !== 'gone');
      if (refused?.refusal === undefined || refused.refusal.kind === 'gone') continue;
      finish(tracked, notSignalled(refused.refusal, refused.process, this.signal, this.plan.uid));
    }
    return targets;
  }

  private async signalAll(signal: Signal, targets: Targets): Promise<void> {
    this.signal = signal;
    this.phase(signal === 'SIGKILL' ? 'killing' : 'ending');
    await targets.signalAll(signal);
    if (this.plan.level === 'tree') await targets.adoptChildren(signal);
    const patience = signal === 'SIGKILL' ? KILL_WAIT_MS : this.options.graceMs;
    this.deadline = this.machine.clock.now() + patience;
  }

  /** Looks again and again until every row has its outcome. */
  private async follow(targets: Targets): Promise<void> {
    while (this.open.length > 0) {
      const full = this.wantFull;
      this.wantFull = false;
      const listing = await this.machine.ports.look(full ? 'full' : 'tables');
      const look: Look = { listing, full, at: this.machine.clock.now() };
      await targets.refresh();
      if (this.plan.level === 'tree') await targets.adoptChildren(this.signal);
      for (const tracked of this.open) await this.judge(tracked, look, targets);
      if (this.open.length === 0) return;
      if (this.cancelled) {
        this.finishCancelled(look, targets);
        return;
      }
      await this.mindGrace(look, targets);
      await this.sleeper.sleep(this.interval(look.at));
    }
  }

  private get open(): readonly Tracked[] {
    return this.tracked.filter(({ state }) => state.kind !== 'done');
  }

  private get cancelled(): boolean {
    return this.options.cancel?.aborted === true;
  }

  private async judge(tracked: Tracked, look: Look, targets: Targets): Promise<void> {
    const left = leftOf(look.listing, tracked.row);
    if (left.length > 0) {
      await this.judgeLeft(tracked, left, look, targets);
      return;
    }
    if (tracked.state.kind !== 'watching') {
      this.phase('watching');
      tracked.state = { kind: 'watching', goneAt: look.at, windowMs: settleMs(tracked.row.listener) };
    }
    await this.judgeGone(tracked, tracked.state, look, targets);
  }

  /** The row is still there. Do its targets hold it, or has somebody else kept it? */
  private async judgeLeft(
    tracked: Tracked,
    left: readonly Listener[],
    { full, at }: Look,
    targets: Targets,
  ): Promise<void> {
    const { listener } = tracked.row;
    const holders = left.flatMap(holdersOf);
    const mine = targets.of(listener).filter(isPending);
    const handedOver = full
      ? holders.length > 0 && !mine.some(({ process }) => holds(left, process))
      : tracked.state.kind === 'ending' && tracked.state.orphanedAt !== undefined;
    if (mine.length > 0 && !handedOver) {
      for (const target of mine) {
        proveBy(
          target,
          left.flatMap(({ inodes }) => inodes),
        );
      }
      tracked.state = { kind: 'ending' };
      return;
    }
    const orphanedAt = (tracked.state.kind === 'ending' ? tracked.state.orphanedAt : undefined) ?? at;
    tracked.state = { kind: 'ending', orphanedAt };
    const denied = targets.of(listener).filter((target) => isDenied(target) && holds(left, target.process));
    if (denied.length > 0) {
      const processes = denied.map(({ process }) => process);
      finish(tracked, notPermitted(processes, this.signal, this.plan.uid));
      return;
    }
    const isTree = this.plan.level === 'tree';
    const patient = at - orphanedAt < HELD_PATIENCE_MS;
    if (!full) {
      this.wantFull = isTree || !patient;
      return;
    }
    if (isTree && (await targets.adoptHolders(listener, holders, this.signal))) {
      tracked.state = { kind: 'ending' };
      return;
    }
    if (patient) return;
    finish(tracked, {
      kind: 'port-held',
      holders: left.map((it) => ({ listener: it, how: 'same-socket' })),
    });
  }

  /** The row is gone. Does somebody come back? */
  private async judgeGone(
    tracked: Tracked,
    state: Extract<RowState, { kind: 'watching' }>,
    look: Look,
    targets: Targets,
  ): Promise<void> {
    const { row, restarts } = tracked;
    const [newcomer] = newcomers(look.listing, row);
    if (newcomer !== undefined) {
      // A process that has just bound the port may not have been found yet.
      if (newcomer.owner.kind === 'kernel' && !look.full) {
        this.wantFull = true;
        return;
      }
      // Gone and back between two looks: the gap is at most the time since the signal.
      const from = state.goneAt === look.at ? this.signalledAt : state.goneAt;
      finish(tracked, nameNewcomer(newcomer, row, this.signalledAt, look.at - from));
      return;
    }
    const waitsForOthers =
      this.tracked.some(isEnding) ||
      (this.plan.level === 'tree' && !this.gaveUp && targets.of(row.listener).some(isPending));
    if (look.at - state.goneAt < state.windowMs || waitsForOthers) return;
    const restarted = await restarts?.find();
    if (restarted !== undefined && state.windowMs < RESTARTED_SETTLE_MS) {
      tracked.state = { ...state, windowMs: RESTARTED_SETTLE_MS };
      return;
    }
    this.finishGone(tracked, state, look, targets, restarted);
  }

  private finishGone(
    tracked: Tracked,
    { goneAt }: Extract<RowState, { kind: 'watching' }>,
    { listing, at }: Look,
    targets: Targets,
    restarted?: Process,
  ): void {
    const mine = targets.of(tracked.row.listener);
    const signals = mine.map(({ signal }) => signal);
    const signal = signals.includes('SIGKILL') ? 'SIGKILL' : signals.find((it) => it !== undefined);
    const holders = besides(listing, tracked.row);
    if (signal === undefined) finish(tracked, { kind: 'gone-already' });
    else if (holders.length > 0) finish(tracked, { kind: 'port-held', holders });
    else {
      finish(tracked, {
        kind: 'stopped',
        tookMs: goneAt - this.signalledAt,
        signal,
        watchedMs: at - goneAt,
        stillRunning: mine.filter(({ ended }) => !ended).map(({ process }) => process),
        ...(restarted === undefined ? {} : { restarted }),
      });
    }
  }

  /** Once the grace period is over: ask, and do what is answered. */
  private async mindGrace({ full, at }: Look, targets: Targets): Promise<void> {
    const rows = this.tracked.filter(isHeldByTargets).map(({ row }) => row.listener);
    const pending =
      this.plan.level === 'tree' ? targets.pending : rows.flatMap((row) => targets.of(row)).filter(isPending);
    if (pending.length === 0 || this.gaveUp) {
      this.question.close();
      return;
    }
    const answer = this.question.takeAnswer();
    if (answer === 'kill') await this.signalAll('SIGKILL', targets);
    else if (answer === 'wait') this.deadline = at + this.options.graceMs;
    else if (answer === 'leave') this.giveUp('left', targets);
    if (answer !== undefined || at < this.deadline || this.question.isOpen) return;
    // First be certain that it is the targets who still hold the port.
    if (!full) this.wantFull = true;
    else if (this.signal === 'SIGKILL') this.giveUp('timeout', targets);
    else
      this.question.ask({ listeners: rows, processes: [...new Set(pending.map(({ process }) => process))] });
  }

  private giveUp(why: 'left' | 'cancelled' | 'timeout', targets: Targets): void {
    this.gaveUp = true;
    const given = this.tracked.filter(why === 'cancelled' ? isEnding : isHeldByTargets);
    for (const tracked of given) {
      const mine = targets.of(tracked.row.listener);
      const signalled = mine.some(({ signal }) => signal !== undefined);
      finish(tracked, {
        kind: 'still-running',
        why,
        ...(signalled ? { signal: this.signal } : {}),
        processes: mine.filter(({ ended }) => !ended).map(({ process }) => process),
      });
    }
  }

  private finishCancelled(look: Look, targets: Targets): void {
    for (const tracked of this.open) {
      if (tracked.state.kind === 'watching') this.finishGone(tracked, tracked.state, look, targets);
    }
    this.giveUp('cancelled', targets);
  }

  private fail(error: unknown): void {
    const outcome: StopOutcome = {
      kind: 'failed',
      cause: error instanceof Error ? error.message : String(error),
      error,
    };
    for (const { id } of this.plan.listeners) if (!this.outcomes.has(id)) this.outcomes.set(id, outcome);
    this.question.close();
  }

  /** Fast at first, when most processes end; then slower. */
  private interval(now: number): number {
    if (!this.tracked.some(isEnding)) return 100;
    const waited = now - this.signalledAt;
    return waited < 300 ? 20 : waited < 3000 ? 50 : 200;
  }

  private phase(phase: StopPhase): void {
    this.options.onPhase?.(phase);
  }
}

function finish(tracked: Tracked, outcome: StopOutcome): void {
  tracked.state = { kind: 'done', outcome };
}

const isEnding = ({ state }: Tracked): boolean => state.kind === 'ending';

const isHeldByTargets = ({ state }: Tracked): boolean =>
  state.kind === 'ending' && state.orphanedAt === undefined;

const isDenied = ({ ended, refusal }: Target): boolean => !ended && refusal?.kind === 'not-permitted';

const holds = (rows: readonly Listener[], process: Process): boolean =>
  rows.some((row) => holdsListener(row, process));
