import type { CheckResult } from '../exposure/result';
import type { DiscoveryMethod, EngineKind, HostFacts, PortGroup, ScanPart, Timing } from './report';
import type { ScanProtocol } from './techniques';
import type { Reason } from './states';

/** How a session stands. `interrupted`: the window was closed while it ran. */
export type SessionStatus =
  | { readonly kind: 'running' }
  | { readonly kind: 'completed' | 'cancelled' | 'interrupted' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** What an imported result says of a service. Ours are guessed by number and not stored. */
export interface ServiceFacts {
  readonly protocol: ScanProtocol;
  readonly port: number;
  readonly name: string;
  /** Product and version, where it was probed for. */
  readonly product?: string;
  /** `probed`: the scanner asked the service; `table`: a guess by number. */
  readonly method: 'probed' | 'table';
}

/** Who can get into one port: asked only when somebody wanted to know. The result names port and transport. */
export interface HostCheck {
  readonly checkedAt: number;
  readonly result: CheckResult;
}

export interface HostRecord extends HostFacts {
  /** Every scanned port once, in the order of PORT_STATES; grows while the scan runs. */
  readonly groups: readonly PortGroup[];
  /** All ports of this host have their verdict. */
  readonly complete: boolean;
  readonly services?: readonly ServiceFacts[];
  /** At most one a port. */
  readonly checks?: readonly HostCheck[];
}

export interface DownCount {
  readonly reason: Reason;
  readonly hosts: number;
}

/** A scan and what it found. Plain data: what is stored, exported and compared. Times in ms since the epoch. */
export interface SessionData {
  readonly id: string;
  readonly origin: 'scan' | 'import';
  /** Who scanned: ours, or the program of an imported file with its arguments. */
  readonly scanner: { readonly name: string; readonly version: string; readonly args?: string };
  readonly engine?: EngineKind;
  /** As typed. */
  readonly targets: string;
  readonly ports: string;
  readonly parts: readonly ScanPart[];
  readonly discovery: 'skip' | readonly DiscoveryMethod[];
  readonly timing: Timing;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly status: SessionStatus;
  /** Hosts that are up. */
  readonly hosts: readonly HostRecord[];
  /** Hosts that are down, only counted: a /16 has many. */
  readonly down: readonly DownCount[];
  readonly hostsTotal: number;
  /** Hosts without an open port that were left out to keep the stored size within bounds. */
  readonly omittedHosts?: number;
}

export function checkOfPort(
  host: Pick<HostRecord, 'checks'>,
  protocol: ScanProtocol,
  port: number,
): HostCheck | undefined {
  return host.checks?.find(({ result }) => result.transport === protocol && result.port === port);
}

export function downTotal(data: Pick<SessionData, 'down'>): number {
  return data.down.reduce((sum, { hosts }) => sum + hosts, 0);
}
