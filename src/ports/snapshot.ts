import type { Listener } from './listener';

/** A reason why a snapshot does not show all. */
export type Limit =
  /** Sockets of other users are listed, their processes are not readable. */
  | { readonly code: 'owners-hidden'; readonly listeners: number }
  /** /proc is mounted with hidepid: other users' processes are invisible. */
  | { readonly code: 'hidepid' }
  /** One of the four tables could not be read. */
  | { readonly code: 'table-unreadable'; readonly table: string; readonly cause: string };

/** Facts of the machine that the rows are judged against. */
export interface MachineFacts {
  readonly hostname: string;
  readonly platform: string;
  /** First and last ephemeral port (ip(7), ip_local_port_range). */
  readonly ephemeralPorts: readonly [number, number];
  readonly uid: number;
  readonly user: string;
  /** Own addresses that are not loopback, canonical text. */
  readonly addresses: readonly string[];
}

/** Everything that listens at one moment. */
export interface Snapshot {
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly machine: MachineFacts;
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly limits: readonly Limit[];
}

/** What changed since the last answer of the same source. The first answer carries everything. */
export interface SnapshotDelta {
  readonly takenAt: number;
  readonly machine?: MachineFacts;
  readonly changed: readonly Listener[];
  readonly removed: readonly string[];
  readonly limits: readonly Limit[];
  /** `changed` is all there is: rows that are not in it are gone (a source that had to start anew). */
  readonly complete?: boolean;
}
