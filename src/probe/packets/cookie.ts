/**
 * Keyed numbers that a probe carries and its answer must repeat, so that no state is kept for matching and nobody who
 * does not see our packets can answer for a port. The key is new for each scan.
 */
export class Cookies {
  private readonly first: number;
  private readonly second: number;

  /** @param key 8 bytes that nobody can guess. */
  constructor(key: Uint8Array) {
    const view = new DataView(key.buffer, key.byteOffset, 8);
    this.first = view.getUint32(0);
    this.second = view.getUint32(4);
  }

  /** A number for a host, to be mixed with the rest. */
  ofHost(bytes: Uint8Array): number {
    let mixed = this.second;
    for (const byte of bytes) mixed = scramble((mixed ^ byte) >>> 0);
    return mixed;
  }

  /** 32 bits for a probe of `port` from `sourcePort` to a host. */
  of(host: number, port: number, sourcePort: number): number {
    return scramble((scramble((host ^ ((port << 16) | sourcePort)) >>> 0) ^ this.first) >>> 0);
  }
}

/** The finalizer of MurmurHash3: every bit of the input reaches every bit of the output. */
function scramble(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
