import type { Timing } from '../../scan/report';

/** How hard a scan may go. Times in ms. */
export interface TimingProfile {
  /** Probes a second, over all hosts. */
  readonly maxRate: number;
  /** Probes that wait for an answer, over all hosts and of one host. */
  readonly maxInFlight: number;
  readonly maxInFlightPerHost: number;
  /** The first window of a host that has answered; it grows from there. */
  readonly initialWindow: number;
  /** A host that has never answered gives no sign of congestion: its window and its rate are fixed. */
  readonly silentWindow: number;
  readonly silentRate: number;
  /** Before anything is known of the way to a host. */
  readonly initialTimeout: number;
  readonly minTimeout: number;
  /** The longest wait for one try, unless the round trip itself is longer. */
  readonly maxTimeout: number;
  /** Tries for a port where nothing was ever lost on the way, and where the host never said anything. */
  readonly tries: number;
  readonly silentTries: number;
}

export const TIMING_PROFILES: Readonly<Record<Timing, TimingProfile>> = {
  polite: {
    maxRate: 3_000,
    maxInFlight: 512,
    maxInFlightPerHost: 128,
    initialWindow: 16,
    silentWindow: 64,
    silentRate: 500,
    initialTimeout: 1_000,
    minTimeout: 100,
    maxTimeout: 8_000,
    tries: 4,
    silentTries: 4,
  },
  normal: {
    maxRate: 30_000,
    maxInFlight: 4_096,
    maxInFlightPerHost: 2_048,
    initialWindow: 64,
    silentWindow: 256,
    silentRate: 2_000,
    initialTimeout: 500,
    minTimeout: 100,
    maxTimeout: 3_000,
    tries: 4,
    silentTries: 4,
  },
  fast: {
    maxRate: Number.POSITIVE_INFINITY,
    maxInFlight: 16_384,
    maxInFlightPerHost: 8_192,
    initialWindow: 128,
    silentWindow: 1_024,
    silentRate: 5_000,
    initialTimeout: 200,
    minTimeout: 100,
    maxTimeout: 1_000,
    tries: 3,
    silentTries: 3,
  },
};

/** On a way that loses packets a port is given up after so many tries at least, and at most. */
export const LOSSY_TRIES_MIN = 6;
export const TRIES_MAX = 12;
