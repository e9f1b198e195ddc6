const CUT = 0.6;
const CUT_ABOVE = 0.1;
const GROW_BELOW = 0.05;
const EPOCH_MIN = 50;
/** Above this, loss is taken for congestion whatever cutting did to it. */
const RANDOM_LOSS_MAX = 0.35;

/**
 * How many probes may wait for their answers: slow start, then driven by loss. An epoch is a window's worth of
 * probes whose fate is known; it is cut to 0.6 only where more than 10 % of an epoch was lost and grows below 5 %,
 * since a wireless or long way loses some packets at any speed. Loss that does not fall when the window does is of
 * that kind too: the marks move above it.
 */
export class Window {
  size: number;
  private threshold = Number.POSITIVE_INFINITY;
  private answered = 0;
  private lost = 0;
  private cutAt = Number.NEGATIVE_INFINITY;
  private lossAtCut = 0;
  private background = 0;

  constructor(
    initial: number,
    private readonly max: number,
  ) {
    this.size = Math.min(initial, max);
  }

  /** A probe that was sent at `sentAt` was answered. */
  onAnswer(sentAt: number, now: number): void {
    if (sentAt < this.cutAt) return;
    this.answered++;
    const slow = this.size < this.threshold;
    if (this.lossInEpoch() < Math.max(GROW_BELOW, this.background * 1.25))
      this.size = Math.min(this.max, this.size + (slow ? 1 : GROW_BELOW));
    this.endEpoch(now);
  }

  /** A probe that was sent at `sentAt` was lost: its port has answered another try, or the host answers all else. */
  onLoss(sentAt: number, now: number): void {
    // What was sent before the last cut tells of the window before it.
    if (sentAt < this.cutAt) return;
    this.lost++;
    this.endEpoch(now);
  }

  private lossInEpoch(): number {
    return this.lost / Math.max(EPOCH_MIN, this.answered + this.lost);
  }

  private endEpoch(now: number): void {
    const known = this.answered + this.lost;
    if (known < Math.max(EPOCH_MIN, this.size / 2)) return;
    const loss = this.lost / known;
    this.answered = this.lost = 0;
    if (loss <= Math.max(CUT_ABOVE, this.background * 1.5)) return;
    if (this.lossAtCut > 0 && loss >= this.lossAtCut * 0.75 && loss < RANDOM_LOSS_MAX) {
      this.background = loss;
      this.lossAtCut = 0;
      return;
    }
    this.lossAtCut = loss;
    this.size = Math.max(4, this.size * CUT);
    this.threshold = this.size;
    this.cutAt = now;
  }
}

/** A bucket of permissions that fills at `rate` a second. */
export class Pace {
  private tokens: number;
  private at: number;

  constructor(
    private readonly rate: number,
    now: number,
  ) {
    this.tokens = this.burst;
    this.at = now;
  }

  /** Ten milliseconds' worth: less and timers could not keep the rate. */
  private get burst(): number {
    return Math.max(2, this.rate / 100);
  }

  /** How many may be sent now. */
  available(now: number): number {
    if (this.rate === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.at) * this.rate) / 1000);
    this.at = now;
    return Math.floor(this.tokens);
  }

  take(count: number): void {
    this.tokens -= count;
  }
}
