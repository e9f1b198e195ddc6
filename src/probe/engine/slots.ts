const NONE = -1;
const TICK_MS = 2;
const BUCKETS = 8192;

/** Where the probe in a slot is. */
export const enum SlotState {
  Free,
  /** Sent, and waiting for its answer until its deadline. */
  Waiting,
  /** Its time is over, and it waits to be sent again. */
  Retry,
  /** Answered while it waited to be sent again: freed when its turn comes. */
  Settled,
}

/**
 * The probes that are under way, in arrays of numbers (a scan makes millions of them), and the wheel of their
 * deadlines: a bucket every 2 ms, each a list through the slots.
 */
export class Slots {
  readonly state: Uint8Array;
  readonly host: Uint16Array;
  readonly cell: Uint16Array;
  readonly attempt: Uint8Array;
  /** When the last try was sent, and the one before it (0: there was none). */
  readonly sentAt: Float64Array;
  readonly sentBefore: Float64Array;
  /** Tries under a known limit of the target's ICMP errors. */
  readonly paced: Uint8Array;
  /** The next slot of a list: of the wheel, or of a host's retries. */
  readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly bucketOf: Int32Array;
  private readonly buckets = new Int32Array(BUCKETS).fill(NONE);
  private freeHead = NONE;
  /** Slots from here on were never used. */
  private unused = 0;
  private tick: number;
  private waiting = 0;
  used = 0;

  constructor(
    readonly capacity: number,
    now: number,
  ) {
    this.state = new Uint8Array(capacity);
    this.host = new Uint16Array(capacity);
    this.cell = new Uint16Array(capacity);
    this.attempt = new Uint8Array(capacity);
    this.paced = new Uint8Array(capacity);
    this.sentAt = new Float64Array(capacity);
    this.sentBefore = new Float64Array(capacity);
    this.next = new Int32Array(capacity);
    this.previous = new Int32Array(capacity);
    this.bucketOf = new Int32Array(capacity);
    this.tick = Math.floor(now / TICK_MS);
  }

  get inFlight(): number {
    return this.waiting;
  }

  take(host: number, cell: number): number {
    let slot = this.freeHead;
    if (slot !== NONE) this.freeHead = this.next[slot] ?? NONE;
    else if (this.unused < this.capacity) slot = this.unused++;
    else return NONE;
    this.used++;
    this.host[slot] = host;
    this.cell[slot] = cell;
    this.attempt[slot] = 0;
    this.paced[slot] = 0;
    this.sentBefore[slot] = 0;
    return slot;
  }

  free(slot: number): void {
    this.state[slot] = SlotState.Free;
    this.next[slot] = this.freeHead;
    this.freeHead = slot;
    this.used--;
  }

  /** Puts a slot on the wheel. */
  wait(slot: number, deadline: number): void {
    const tick = Math.min(Math.max(Math.ceil(deadline / TICK_MS), this.tick + 1), this.tick + BUCKETS - 1);
    const bucket = tick % BUCKETS;
    const head = this.buckets[bucket] ?? NONE;
    this.next[slot] = head;
    this.previous[slot] = NONE;
    if (head !== NONE) this.previous[head] = slot;
    this.buckets[bucket] = slot;
    this.bucketOf[slot] = bucket;
    this.state[slot] = SlotState.Waiting;
    this.waiting++;
  }

  /** Takes a slot off the wheel. */
  stopWaiting(slot: number): void {
    const next = this.next[slot] ?? NONE;
    const previous = this.previous[slot] ?? NONE;
    if (next !== NONE) this.previous[next] = previous;
    if (previous !== NONE) this.next[previous] = next;
    else this.buckets[this.bucketOf[slot] ?? 0] = next;
    this.bucketOf[slot] = NONE;
    this.waiting--;
  }

  /** Calls back for every slot whose deadline has passed; each is off the wheel by then. */
  expire(now: number, onExpired: (slot: number) => void): void {
    const end = Math.floor(now / TICK_MS);
    // After a pause longer than the wheel every bucket is due once.
    if (end - this.tick >= BUCKETS) this.tick = end - BUCKETS;
    while (this.tick < end) {
      this.tick++;
      const bucket = this.tick % BUCKETS;
      for (let slot = this.buckets[bucket] ?? NONE; slot !== NONE; slot = this.buckets[bucket] ?? NONE) {
        this.stopWaiting(slot);
        onExpired(slot);
      }
    }
  }
}
