import type { Listener } from '../ports/listener';
import { sameProcess, type Process } from '../ports/owner';
import type { ProcessControl, Signal, SignalRefusal } from './control';
import { deepestFirst, processKey, withoutRefused, type StopPlan } from './plan';
import { refuseProcess } from './refusals';

/** A process that is being ended. */
export interface Target {
  readonly process: Process;
  /** Ids of the chosen rows on whose behalf. */
  readonly listeners: readonly string[];
  /** Sockets of which it must hold one when it is signalled. Undefined: the rest of a tree. */
  mustHold: readonly number[] | undefined;
  /** The strongest signal that it was sent. */
  signal: Signal | undefined;
  ended: boolean;
  /** Why the last signal was not sent. */
  refusal: SignalRefusal | undefined;
}

/** The processes of one stop: signalled one by one, watched until they end, and joined by children born meanwhile. */
export class Targets {
  private readonly byKey = new Map<string, Target>();

  constructor(
    private readonly plan: StopPlan,
    private readonly control: ProcessControl,
  ) {}

  add(process: Process, listeners: readonly string[], mustHold: readonly number[] | undefined): Target {
    const key = processKey(process);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const target = { process, listeners, mustHold, signal: undefined, ended: false, refusal: undefined };
    this.byKey.set(key, target);
    return target;
  }

  of(listener: Listener): readonly Target[] {
    return [...this.byKey.values()].filter(({ listeners }) => listeners.includes(listener.id));
  }

  /** Those that may still end: neither ended, nor out of reach. */
  get pending(): readonly Target[] {
    return [...this.byKey.values()].filter(isPending);
  }

  has(process: Process): boolean {
    return this.byKey.has(processKey(process));
  }

  /** Signals every pending target, deepest first. */
  async signalAll(signal: Signal): Promise<void> {
    const pending = new Map(this.pending.map((target) => [processKey(target.process), target]));
    for (const process of deepestFirst([...pending.values()].map((target) => target.process))) {
      const target = pending.get(processKey(process));
      if (target !== undefined) await this.signal(target, signal);
    }
  }

  private async signal(target: Target, signal: Signal): Promise<void> {
    const { mustHold } = target;
    const answer = await this.control.signal(
      target.process,
      signal,
      mustHold === undefined ? {} : { mustHold },
    );
    target.refusal = answer.kind === 'sent' ? undefined : answer;
    if (answer.kind === 'sent') target.signal = signal;
    else if (answer.kind === 'gone' || answer.kind === 'changed') target.ended = true;
  }

  /** Finds out who has ended. */
  async refresh(): Promise<void> {
    for (const target of this.pending) {
      const answer = await this.control.verify(target.process);
      if (answer.kind === 'gone' || answer.kind === 'changed') target.ended = true;
    }
  }

  /** Level `tree`: children that were born since the last look join, and get the signal that the others got. */
  async adoptChildren(signal: Signal): Promise<void> {
    const pending = new Set(this.pending.map(({ process }) => process.pid));
    // What is below a parent is found from the top.
    for (const parent of this.pending.filter(({ process }) => !pending.has(process.parentPid))) {
      const family = withoutRefused(await this.control.descendants(parent.process), this.plan.editor);
      await this.adopt(family, parent.listeners, signal);
    }
  }

  /**
   * Level `tree`: a process that inherited the very socket belongs to the tree, though its parent has ended.
   * Parents of the owner and co-owners that the plan left out stay out.
   */
  async adoptHolders(row: Listener, holders: readonly Process[], signal: Signal): Promise<boolean> {
    const { owner } = row;
    if (owner.kind === 'hidden' || owner.kind === 'kernel') return false;
    const spared = [...owner.parents, ...owner.coOwners];
    const heirs = holders.filter(
      (process) =>
        process.uid === owner.process.uid &&
        !spared.some((it) => sameProcess(it, process)) &&
        refuseProcess(process, this.plan.editor) === undefined,
    );
    return this.adopt(heirs, [row.id], signal);
  }

  private async adopt(
    processes: readonly Process[],
    listeners: readonly string[],
    signal: Signal,
  ): Promise<boolean> {
    const born = processes
      .filter((process) => !this.has(process))
      .map((it) => this.add(it, listeners, undefined));
    for (const target of born.reverse()) await this.signal(target, signal);
    return born.some((target) => target.signal !== undefined);
  }
}

/** Sockets that the target was seen to hold since: it may have bound its port anew. */
export function proveBy(target: Target, inodes: readonly number[]): void {
  if (target.mustHold !== undefined) target.mustHold = [...new Set([...target.mustHold, ...inodes])];
}

/** Neither ended nor out of reach. A process that has let its socket go may still be asked to end. */
export function isPending(target: Target): boolean {
  return !target.ended && (target.refusal === undefined || target.refusal.kind === 'socket-not-held');
}

/** The targets of a plan for the rows that passed the check. @param inodesOf the row's sockets, undefined: not active */
export function targetsOf(
  plan: StopPlan,
  control: ProcessControl,
  inodesOf: (listenerId: string) => readonly number[] | undefined,
): Targets {
  const targets = new Targets(plan, control);
  for (const { process, role, listeners } of plan.targets) {
    const active = listeners.filter((id) => inodesOf(id) !== undefined);
    if (active.length === 0) continue;
    // A tree was checked as a whole, by its owner: while its children end, the owner may let the socket go.
    const proves = role === 'co-owner' || (role === 'owner' && plan.level !== 'tree');
    targets.add(process, active, proves ? active.flatMap((id) => inodesOf(id) ?? []) : undefined);
  }
  return targets;
}
