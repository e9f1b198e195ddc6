/** Numbers from a seed: mulberry32, 32 bits of state. @returns a function giving 0 ≤ x < 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 0 … count-1 (at most 65,536) in random order (Fisher and Yates), drawn only as far as it is asked for: a scan starts at once. */
export class RandomOrder {
  /** What lies at each place, as the exclusive or with the place: an array of zeros is in order. */
  private readonly moved: Uint16Array;
  private drawn = 0;

  constructor(
    private readonly count: number,
    private readonly random: () => number,
  ) {
    this.moved = new Uint16Array(count);
  }

  at(position: number): number {
    const { moved } = this;
    for (; this.drawn <= position; this.drawn++) {
      const place = this.drawn;
      const other = place + Math.floor(this.random() * (this.count - place));
      const value = (moved[other] ?? 0) ^ other;
      moved[other] = (moved[place] ?? 0) ^ place ^ other;
      moved[place] = value ^ place;
    }
    return (moved[position] ?? 0) ^ position;
  }
}
