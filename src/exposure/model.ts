import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Translate } from '../base/text';
import type { Listener } from '../ports/listener';
import type { Snapshot } from '../ports/snapshot';
import type { Acceptance } from './accept';
import { credentialCheckFor, type CheckOrder } from './choose';
import type { CredentialCheck } from './credentials/credential';
import { assess, type Assessment } from './judge';
import { decideCheck, type CheckDecision, type CheckPolicy } from './policy';
import type { CheckResult } from './result';
import type { NotCheckedReason, UnknownReason } from './verdict';

/** Does a check's I/O; implemented by the probe's client. Rejects only when the helper is lost or the caller gives up. */
export interface ServiceChecker {
  check(
    order: CheckOrder & { readonly address: string; readonly port: number },
    signal: AbortSignal,
  ): Promise<CheckResult>;
}

export interface ExposureOptions {
  readonly checker: ServiceChecker;
  readonly clock: Clock;
  readonly t: Translate;
  readonly policy: () => CheckPolicy;
  readonly acceptances: () => readonly Acceptance[];
  readonly onError: (error: unknown) => void;
}

interface Checked {
  readonly result: CheckResult;
  /** How often it was tried again with the same verdict. */
  readonly repeats: number;
}

/** What is known of one listener. The key holds process, start time, sockets and endpoint: another one is another entry. */
interface Entry {
  readonly key: string;
  readonly listener: Listener;
  state:
    | { readonly kind: 'waiting'; readonly reason: NotCheckedReason }
    | {
        readonly kind: 'checking';
        readonly abort: AbortController;
        readonly before: Checked | undefined;
        /** The user wants this account tried. */
        readonly account: CredentialCheck | undefined;
      }
    | (Checked & { readonly kind: 'checked'; readonly again: Disposable | undefined });
}

/** Enough for thirty slow listeners in one round: a check waits more than it works. */
const CONCURRENCY = 32;

/**
 * After these delays an open door is tried again, so that it turns green by itself when it is closed: a password that
 * is set while it runs changes neither process nor socket. The last one is kept up.
 */
const REPEAT_MS = [5_000, 10_000, 20_000, 40_000, 60_000] as const;
/** These write a line into the server's log or tables: they are tried again only when asked, or on a new process. */
const leavesTrace = new Set(['postgresql', 'clickhouse', 'mysql', 'jupyter']);

/** Owns the verdicts of the current listeners, and says when one changes. */
export class ExposureModel implements Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly queue: string[] = [];
  private running = 0;
  private addresses: readonly string[] = [];
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<readonly string[]>());

  /** Ids of the listeners whose assessment changed (or that are gone). */
  readonly onDidChange = this.changed.event;

  constructor(private readonly options: ExposureOptions) {}

  /** Takes the current listeners: new ones are checked where the policy lets, gone ones are forgotten. */
  update(snapshot: Pick<Snapshot, 'machine' | 'listeners'>): void {
    const moved = snapshot.machine.addresses.join() !== this.addresses.join();
    this.addresses = snapshot.machine.addresses;
    const touched: string[] = [];
    for (const id of this.entries.keys()) {
      if (snapshot.listeners.has(id)) continue;
      this.forget(id);
      touched.push(id);
    }
    for (const [id, listener] of snapshot.listeners) {
      if (!moved && this.entries.get(id)?.key === keyOf(listener)) continue;
      this.forget(id);
      this.consider(listener, false);
      touched.push(id);
    }
    this.report(touched);
    this.pump();
  }

  /** The user asks: one listener is checked now, whatever was found before. */
  checkNow(id: string): void {
    this.restart(id);
  }

  /** The account that everybody knows of a listener's service; undefined where there is none. */
  wellKnownAccount(id: string): CredentialCheck | undefined {
    const subject = this.assessment(id)?.subject;
    return subject && credentialCheckFor(subject.choice, subject.service);
  }

  /** The user has read the warning of {@link wellKnownAccount} and wants it tried: once, and never again by itself. */
  tryAccount(id: string): void {
    const account = this.wellKnownAccount(id);
    if (account) this.restart(id, account);
  }

  /** The user is about to close it: an open door is tried again soon, as right after it was found. */
  expectFix(id: string): void {
    const entry = this.entries.get(id);
    if (entry?.state.kind !== 'checked') return;
    const { result, again } = entry.state;
    again?.dispose();
    entry.state = { kind: 'checked', result, repeats: 0, again: this.repeatLater(entry, result, 0) };
  }

  private restart(id: string, account?: CredentialCheck): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.forget(id);
    this.consider(entry.listener, true, undefined, account);
    this.report([id]);
    this.pump();
  }

  /** Settings or trust changed: what waits is considered again. */
  reconsider(): void {
    const waiting = [...this.entries.values()].filter(({ state }) => state.kind === 'waiting');
    for (const { listener } of waiting) this.consider(listener, false);
    this.report(waiting.map(({ listener }) => listener.id));
    this.pump();
  }

  assessment(id: string): Assessment | undefined {
    const entry = this.entries.get(id);
    if (!entry) return undefined;
    const { t, clock, acceptances } = this.options;
    const options = {
      machine: { addresses: this.addresses },
      acceptances: acceptances(),
      now: clock.now(),
      t,
    };
    return assess(entry.listener, checkedOf(entry), options);
  }

  assessments(): Assessment[] {
    return [...this.entries.keys()].flatMap((id) => this.assessment(id) ?? []);
  }

  /** Whether a check of it is under way or waits its turn. */
  isChecking(id: string): boolean {
    return this.entries.get(id)?.state.kind === 'checking';
  }

  /** Resolves when no check is under way or waits its turn. */
  settled(): Promise<void> {
    const idle = (): boolean => ![...this.entries.keys()].some((id) => this.isChecking(id));
    if (idle()) return Promise.resolve();
    return new Promise((resolve) => {
      const subscription = this.store.add(
        this.onDidChange(() => {
          if (!idle()) return;
          subscription.dispose();
          resolve();
        }),
      );
    });
  }

  private consider(listener: Listener, asked: boolean, before?: Checked, account?: CredentialCheck): void {
    const decision = this.decide(listener, asked);
    const state: Entry['state'] = decision.run
      ? { kind: 'checking', abort: new AbortController(), before, account }
      : { kind: 'waiting', reason: decision.reason };
    this.entries.set(listener.id, { key: keyOf(listener), listener, state });
    if (decision.run) this.queue.push(listener.id);
  }

  private decide(listener: Listener, asked: boolean): CheckDecision {
    return decideCheck(listener, this.addresses, this.options.policy(), asked);
  }

  private pump(): void {
    while (this.running < CONCURRENCY && !this.store.isDisposed) {
      const id = this.queue.shift();
      if (id === undefined) return;
      const entry = this.entries.get(id);
      if (entry?.state.kind !== 'checking') continue;
      const decision = this.decide(entry.listener, true);
      if (!decision.run) continue;
      this.running += 1;
      this.run(entry, entry.state.abort.signal, decision)
        .catch(this.options.onError)
        .finally(() => {
          this.running -= 1;
          this.pump();
        });
    }
  }

  private async run(
    entry: Entry,
    signal: AbortSignal,
    decision: CheckDecision & { readonly run: true },
  ): Promise<void> {
    const { order, address, port } = decision;
    const { before, account } = entry.state.kind === 'checking' ? entry.state : {};
    const wanted: CheckOrder = account
      ? { service: account.service, transport: account.transport, listenFirst: false, credential: true }
      : order;
    try {
      const result = await this.options.checker.check({ ...wanted, address, port }, signal);
      if (!this.isCurrent(entry)) return;
      const same = before?.result.verdict.kind === result.verdict.kind;
      const repeats = same ? before.repeats + 1 : 0;
      entry.state = { kind: 'checked', result, repeats, again: this.repeatLater(entry, result, repeats) };
    } catch (error) {
      if (!this.isCurrent(entry)) return;
      entry.state = { kind: 'waiting', reason: 'policy-ask' };
      throw error;
    } finally {
      if (this.isCurrent(entry)) this.report([entry.listener.id]);
    }
  }

  private repeatLater(entry: Entry, result: CheckResult, repeats: number): Disposable | undefined {
    const delay = repeatDelay(result, repeats);
    if (delay === undefined) return undefined;
    return this.options.clock.after(delay, () => {
      if (!this.isCurrent(entry) || entry.state.kind !== 'checked') return;
      if (!this.decide(entry.listener, false).run) return;
      this.consider(entry.listener, false, entry.state);
      this.pump();
    });
  }

  private isCurrent(entry: Entry): boolean {
    return !this.store.isDisposed && this.entries.get(entry.listener.id) === entry;
  }

  private forget(id: string): void {
    const state = this.entries.get(id)?.state;
    if (state?.kind === 'checking') state.abort.abort();
    if (state?.kind === 'checked') state.again?.dispose();
    this.entries.delete(id);
  }

  private report(ids: readonly string[]): void {
    if (ids.length > 0) this.changed.fire(ids);
  }

  dispose(): void {
    for (const id of [...this.entries.keys()]) this.forget(id);
    this.store.dispose();
  }
}

/** A verdict that has just been seen stays on the row while it is tried again. */
function checkedOf({ state }: Entry): CheckResult | NotCheckedReason {
  switch (state.kind) {
    case 'waiting':
      return state.reason;
    case 'checking':
      return state.before?.result ?? 'policy-ask';
    case 'checked':
      return state.result;
  }
}

function repeatDelay({ verdict, service, account }: CheckResult, repeats: number): number | undefined {
  if (account !== undefined) return undefined;
  if (verdict.kind === 'open-proved')
    return leavesTrace.has(service) ? undefined : REPEAT_MS[Math.min(repeats, REPEAT_MS.length - 1)];
  // A server that has just started may not be ready yet.
  const early = verdict.kind === 'unknown' && startingUp.has(verdict.reason);
  return early && repeats < 2 ? REPEAT_MS[repeats] : undefined;
}

const startingUp = new Set<UnknownReason>(['connection-refused', 'silent', 'closed', 'incomplete']);

/** The same process, sockets and endpoints. */
function keyOf({ id, inodes, endpoints }: Listener): string {
  return [id, inodes.join(), endpoints.map(({ address, port }) => `${address}:${port}`).join()].join('|');
}
