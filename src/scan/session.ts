import { Emitter, type Event } from '../base/event';
import type { Disposable } from '../base/disposable';
import { groupPorts, sortedGroups } from './groups';
import type { HostFacts, PortResult, ScanEnd, ScanEvent, ScanProgress } from './report';
import type { HostRecord, SessionData, SessionStatus } from './sessionData';
import type { Reason } from './states';

/** What a new session is called and asks for, before anything is known. */
export type SessionHead = Pick<
  SessionData,
  | 'id'
  | 'origin'
  | 'scanner'
  | 'targets'
  | 'ports'
  | 'parts'
  | 'discovery'
  | 'timing'
  | 'startedAt'
  | 'hostsTotal'
>;

/** `host`: one host changed; `whole`: status, totals or everything. */
export type SessionChange =
  | { readonly kind: 'host'; readonly address: string }
  | { readonly kind: 'progress' }
  | { readonly kind: 'whole' };

/**
 * One scan as it runs: takes the helper's events in, keeps hosts that are up, and only counts the others. Memory is
 * bounded by what is found: each host holds its ports as ranges, one group for each state and reason.
 */
export class ScanSession implements Disposable {
  private readonly hosts = new Map<string, HostRecord>();
  /** Open ports of hosts that are not done yet. */
  private readonly found = new Map<string, PortResult[]>();
  private readonly down = new Map<Reason, number>();
  private readonly changes = new Emitter<SessionChange>();
  private latest: ScanProgress | undefined;
  private end: { status: SessionStatus; endedAt?: number } = { status: { kind: 'running' } };
  private engine: SessionData['engine'];
  private scanner: SessionData['scanner'];

  readonly onDidChange: Event<SessionChange> = this.changes.event;

  constructor(private readonly head: SessionHead) {
    this.scanner = head.scanner;
  }

  get id(): string {
    return this.head.id;
  }

  get progress(): ScanProgress | undefined {
    return this.latest;
  }

  get running(): boolean {
    return this.end.status.kind === 'running';
  }

  /** Events after the end are late ones of an old helper, and ignored. */
  apply(event: ScanEvent): void {
    if (!this.running) return;
    switch (event.kind) {
      case 'started':
        this.engine = event.engine;
        this.scanner = { ...this.scanner, version: event.version };
        this.changes.fire({ kind: 'whole' });
        break;
      case 'host':
        this.setHost(event.host);
        break;
      case 'found':
        this.addFound(event.address, event.port);
        break;
      case 'ports':
        this.found.delete(event.address);
        this.updateHost(event.address, { groups: sortedGroups(event.groups), complete: event.complete });
        break;
      case 'progress':
        this.latest = event.progress;
        this.changes.fire({ kind: 'progress' });
        break;
      case 'trouble':
        // Of the run, not of what was found: the one who started it logs it.
        break;
    }
  }

  private setHost(facts: HostFacts): void {
    if (facts.status === 'down') {
      this.down.set(facts.reason, (this.down.get(facts.reason) ?? 0) + 1);
      this.changes.fire({ kind: 'progress' });
      return;
    }
    const known = this.hosts.get(facts.address);
    this.hosts.set(facts.address, { groups: [], complete: false, ...known, ...facts });
    this.changes.fire({ kind: 'host', address: facts.address });
  }

  /** Only collected here; grouped when somebody looks, since a tarpit has 65,535 open ports. */
  private addFound(address: string, port: PortResult): void {
    const known = this.found.get(address);
    if (known === undefined) this.found.set(address, [port]);
    else known.push(port);
    this.updateHost(address, {});
  }

  private updateHost(address: string, change: Partial<Pick<HostRecord, 'groups' | 'complete'>>): void {
    // An answer before the host was announced still proves that it is up.
    const unannounced: HostRecord = {
      address,
      status: 'up',
      reason: 'unknown-response',
      groups: [],
      complete: false,
    };
    this.hosts.set(address, { ...unannounced, ...this.hosts.get(address), ...change });
    this.changes.fire({ kind: 'host', address });
  }

  finish(end: ScanEnd, endedAt: number): void {
    this.close({ kind: end.outcome }, endedAt);
  }

  /** What was found until then stays. */
  fail(code: string, message: string, endedAt: number): void {
    this.close({ kind: 'failed', code, message }, endedAt);
  }

  private close(status: SessionStatus, endedAt: number): void {
    if (!this.running) return;
    this.end = { status, endedAt };
    this.changes.fire({ kind: 'whole' });
  }

  host(address: string): HostRecord | undefined {
    const host = this.hosts.get(address);
    const found = this.found.get(address);
    return host === undefined || found === undefined ? host : { ...host, groups: groupPorts(found) };
  }

  data(): SessionData {
    const { endedAt } = this.end;
    return {
      ...this.head,
      scanner: this.scanner,
      ...(this.engine === undefined ? {} : { engine: this.engine }),
      ...(endedAt === undefined ? {} : { endedAt }),
      status: this.end.status,
      hosts: [...this.hosts.keys()].flatMap((address) => this.host(address) ?? []),
      down: [...this.down].map(([reason, hosts]) => ({ reason, hosts })),
    };
  }

  dispose(): void {
    this.changes.dispose();
  }
}
