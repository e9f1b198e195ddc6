/** Slots are numbered from 1: memory of zeros holds none, and need not be written. */
export const NO_SLOT = 0;
const TICK_MS = 2;
const BUCKETS = 8192;
/** Of all columns together. */
const SLOT_BYTES = 2 * 8 + 5 * 2 + 3;

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
 * deadlines: a bucket every 2 ms, each a list through the slots. At most 65,535 slots.
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
  readonly next: Uint16Array;
  private readonly previous: Uint16Array;
  private readonly bucketOf: Uint16Array;
  private readonly buckets = new Uint16Array(BUCKETS);
  private freeHead = NO_SLOT;
  /** Slots from here on were never used. */
  private unused = NO_SLOT + 1;
  private tick: number;
  private waiting = 0;
  used = 0;

  constructor(
    readonly capacity: number,
    now: number,
  ) {
    const count = capacity + 1;
    // One large piece, the widest numbers first: of such a piece the system gives what is touched, and most scans
    // have a few hundred probes under way.
    const memory = new ArrayBuffer(count * SLOT_BYTES);
    let end = 0;
    const column = (bytes: number): number => {
      const start = end;
      end += count * bytes;
      return start;
    };
    this.sentAt = new Float64Array(memory, column(8), count);
    this.sentBefore = new Float64Array(memory, column(8), count);
    this.host = new Uint16Array(memory, column(2), count);
    this.cell = new Uint16Array(memory, column(2), count);
    this.next = new Uint16Array(memory, column(2), count);
    this.previous = new Uint16Array(memory, column(2), count);
    this.bucketOf = new Uint16Array(memory, column(2), count);
    this.state = new Uint8Array(memory, column(1), count);
    this.attempt = new Uint8Array(memory, column(1), count);
    this.paced = new Uint8Array(memory, column(1), count);
    this.tick = Math.floor(now / TICK_MS);
  }

  get inFlight(): number {
    return this.waiting;
  }

  /** @returns a slot, `NO_SLOT` where all are taken. */
  take(host: number, cell: number): number {
    let slot = this.freeHead;
    if (slot !== NO_SLOT) this.freeHead = this.next[slot] ?? NO_SLOT;
    else if (this.unused <= this.capacity) slot = this.unused++;
    else return NO_SLOT;
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
    const head = this.buckets[bucket] ?? NO_SLOT;
    this.next[slot] = head;
    this.previous[slot] = NO_SLOT;
    if (head !== NO_SLOT) this.previous[head] = slot;
    this.buckets[bucket] = slot;
    this.bucketOf[slot] = bucket;
    this.state[slot] = SlotState.Waiting;
    this.waiting++;
  }

  /** Takes a slot off the wheel. */
  stopWaiting(slot: number): void {
    const next = this.next[slot] ?? NO_SLOT;
    const previous = this.previous[slot] ?? NO_SLOT;
    if (next !== NO_SLOT) this.previous[next] = previous;
    if (previous !== NO_SLOT) this.next[previous] = next;
    else this.buckets[this.bucketOf[slot] ?? 0] = next;
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
      for (
        let slot = this.buckets[bucket] ?? NO_SLOT;
        slot !== NO_SLOT;
        slot = this.buckets[bucket] ?? NO_SLOT
      ) {
        this.stopWaiting(slot);
        onExpired(slot);
      }
    }
  }
}
