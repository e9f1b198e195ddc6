import type { HostStatus } from '../../scan/report';
import type { RoundTrip } from './roundTrip';
import { NO_SLOT } from './slots';
import type { TimingProfile } from './timing';
import { Window } from './window';

/** A host by its numbers. */
export interface HostAddress {
  /** Canonical text, with `%zone`. */
  readonly text: string;
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  readonly scope: number;
}

/** A host that a pass is to scan. */
export interface PassHost {
  readonly index: number;
  readonly address: HostAddress;
  /** The address that packets to it leave from; raw techniques only. */
  readonly source?: Uint8Array;
  readonly status?: HostStatus;
  /** What an earlier pass learned of the way to it. */
  readonly roundTrip: RoundTrip;
}

/** What is known of one host while it is being scanned. A cell is one port (or protocol, or way to discover). */
export class HostRun {
  /** Per cell: number of its verdict, 0 while there is none. */
  readonly verdicts: Uint8Array;
  /** Per cell: its slot while it is under way, else `NO_SLOT`. */
  readonly slots: Uint16Array;
  /** Cells that have been started, in the order of the pass. */
  started = 0;
  decided = 0;
  inFlight = 0;
  /** The retries, a list through the slots. */
  retryHead = NO_SLOT;
  retryTail = NO_SLOT;
  /** Answers of any kind, and ICMP errors among them. */
  answers = 0;
  icmpAnswers = 0;
  /** Tries known to be lost: their port answered another one. */
  lost = 0;
  /** Cells given up in silence. */
  silent = 0;
  /** Tries whose time was over, since the last answer. */
  expiredInRow = 0;
  readonly window: Window;
  /** Set while the host's ICMP errors are limited, or may be. */
  limit: IcmpLimit | undefined;
  limitRefuted = false;

  constructor(
    readonly place: number,
    readonly host: PassHost,
    readonly cells: number,
    readonly offset: number,
    profile: TimingProfile,
  ) {
    this.verdicts = new Uint8Array(cells);
    this.slots = new Uint16Array(cells);
    this.window = new Window(profile.initialWindow, profile.maxInFlightPerHost);
  }

  get done(): boolean {
    return this.decided === this.cells;
  }
}

/** The first guess: Linux gives a peer one ICMP error a second (net.ipv4.icmp_ratelimit), after a burst of six. */
const FIRST_INTERVAL_MS = 1_010;
const REFUTED_AFTER = 6;
const FASTER_AFTER = 8;

/**
 * Pacing for a target that limits its ICMP errors. One probe at a time, each when an error may be sent again, so
 * that a closed port always has its answer. Answers without a miss make it try half the interval; a miss puts it
 * back for good. When no paced probe is answered at all, the silence was no limit.
 */
export class IcmpLimit {
  private interval = FIRST_INTERVAL_MS;
  private settled = false;
  private answersInRow = 0;
  private missesInRow = 0;
  private nextAt: number;
  confirmed = false;

  constructor(now: number) {
    this.nextAt = now + this.interval;
  }

  get refuted(): boolean {
    return !this.confirmed && this.missesInRow >= REFUTED_AFTER;
  }

  waitFor(now: number): number {
    return Math.max(0, this.nextAt - now);
  }

  onSent(now: number): void {
    this.nextAt = now + this.interval;
  }

  onAnswer(): void {
    this.confirmed = true;
    this.missesInRow = 0;
    if (++this.answersInRow < FASTER_AFTER || this.settled || this.interval < 4) return;
    this.answersInRow = 0;
    this.interval /= 2;
  }

  onMiss(): void {
    this.answersInRow = 0;
    this.missesInRow++;
    // At the first guess a miss is a silent port; at a faster one it may be the limit.
    if (this.interval >= FIRST_INTERVAL_MS || this.settled) return;
    this.interval *= 2;
    this.settled = true;
  }
}
