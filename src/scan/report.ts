import type { PortRanges } from './ports';
import type { PortState, Reason } from './states';
import type { ScanProtocol, TechniqueId } from './techniques';

export const TIMINGS = ['polite', 'normal', 'fast'] as const;
export type Timing = (typeof TIMINGS)[number];

/** How a host is found to be up before its ports are scanned. */
export const DISCOVERY_METHODS = [
  'icmp-echo',
  'tcp-syn',
  'tcp-ack',
  'tcp-connect',
  'udp',
  'neighbour',
] as const;
export type DiscoveryMethod = (typeof DISCOVERY_METHODS)[number];

/** Consecutive addresses by their ends, canonical text (both included). One host: `first` equals `last`. */
export interface ScanTarget {
  readonly first: string;
  readonly last: string;
  readonly zone?: string;
  /** The name that was asked for; only where `first` equals `last`. */
  readonly name?: string;
}

/** One technique over its ports (of the technique's own protocol). */
export interface ScanPart {
  readonly technique: TechniqueId;
  readonly ports: PortRanges;
}

/** Everything that the engine needs: names are resolved and judged before, it does neither. */
export interface ScanRequest {
  readonly targets: readonly ScanTarget[];
  /** At most one part a protocol. */
  readonly parts: readonly ScanPart[];
  /** `skip`: every host is taken for up (`user-set`). */
  readonly discovery: 'skip' | readonly DiscoveryMethod[];
  readonly timing: Timing;
  /** Makes the random order repeatable. */
  readonly seed?: number;
}

/** How a host answered, or that it did not. */
export interface HostStatus {
  readonly status: 'up' | 'down';
  readonly reason: Reason;
}

/** A host that was looked at. Sent again with more in it as more is known. */
export interface HostFacts extends HostStatus {
  /** Canonical text, with `%zone` where the target had one. */
  readonly address: string;
  readonly name?: string;
  /** Smoothed round-trip time. */
  readonly latencyMs?: number;
  /** `aa:bb:cc:dd:ee:ff`, from the neighbour table. */
  readonly mac?: string;
}

export interface PortResult {
  readonly protocol: ScanProtocol;
  readonly port: number;
  readonly state: PortState;
  readonly reason: Reason;
}

/** Ports of one host with the same state and reason, compact. */
export interface PortGroup {
  readonly protocol: ScanProtocol;
  readonly state: PortState;
  readonly reason: Reason;
  readonly ports: PortRanges;
}

export interface ScanProgress {
  /** Probes whose port has its verdict, and all of them. */
  readonly done: number;
  readonly total: number;
  /** Packets (or connects) a second, over the last second or so. */
  readonly rate: number;
  /** Open ports so far. */
  readonly open: number;
  /** Absent while nothing can be said. */
  readonly secondsLeft?: number;
}

/** Which of the three ways the helper runs (executable, bundle with the addon, bundle alone). */
export type EngineKind = 'raw' | 'addon' | 'net';

/**
 * What a scan sends while it runs. For each host, in this order: `host`; `found` for each open port at once;
 * then one `ports` that holds every scanned port of that host (open ones too). A cancelled scan sends `ports` of
 * the unfinished hosts with what was known. A `host` may come again when more is known of it (latency, hardware address).
 */
export type ScanEvent =
  | {
      readonly kind: 'started';
      readonly hosts: number;
      readonly probes: number;
      readonly engine: EngineKind;
      readonly version: string;
    }
  | { readonly kind: 'host'; readonly host: HostFacts }
  | { readonly kind: 'found'; readonly address: string; readonly port: PortResult }
  | {
      readonly kind: 'ports';
      readonly address: string;
      readonly complete: boolean;
      readonly groups: readonly PortGroup[];
    }
  | { readonly kind: 'progress'; readonly progress: ScanProgress }
  /** Something to know that ends nothing, once each: an errno name (`ENETUNREACH`, `EPERM`, …) seen while sending. */
  | { readonly kind: 'trouble'; readonly code: string };

/** How a scan ended. A failure is thrown instead, as a `ScanError`. */
export interface ScanEnd {
  readonly outcome: 'completed' | 'cancelled';
  readonly elapsedMs: number;
  readonly hostsUp: number;
  readonly hostsDown: number;
  readonly packetsSent: number;
}
