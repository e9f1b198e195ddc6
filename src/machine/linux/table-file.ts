import * as fs from 'node:fs';

/** The smallest page of any kernel: what one read of a table fills at least, unless the table ends. */
const PAGE = 4096;
/** No row of any table is longer. */
const LONGEST_ROW = 256;

/** Whether a read that leaves room for another row has reached the end of its table, as seen in this kernel so far. */
let shortReadEnds: 'untested' | 'holds' | 'fails' = 'untested';

/**
 * One of the tables /proc/net/{tcp,tcp6,udp,udp6}, kept open: reading from offset 0 makes the kernel print it anew.
 *
 * What costs time is not the rows but the way past them: after the last listener the kernel walks its whole hash of
 * connections (2.4 ms for 262,144 buckets), and again for the read that says that the table has ended. Hence:
 * - `prefix` asks for exactly the bytes of all listeners but the last, so that the walk does not begin;
 * - a read that leaves room for another row has reached the end (fs/seq_file.c fills a page while it can). That is no
 *   promise of the kernel's, so it is used only after `read('all')` saw it hold, and never again after it did not.
 */
export class TableFile {
  private descriptor: number | undefined;
  private bytes = Buffer.allocUnsafeSlow(16 * PAGE);

  constructor(private readonly path: string) {}

  /**
   * The whole table, or what comes before the first row that `isEnd` tells to stop at (that row may be included).
   * @returns a view that the next call overwrites. @throws the system's error.
   */
  read(extent: 'all' | 'shortest', isEnd?: (lastLine: Buffer) => boolean): Buffer {
    let length = 0;
    let lastCount = PAGE;
    for (;;) {
      const count = this.readAt(length, PAGE * 16);
      const hadRoom = length > 0 && lastCount < PAGE - LONGEST_ROW;
      if (hadRoom && count > 0) shortReadEnds = 'fails';
      if (hadRoom && count === 0 && shortReadEnds === 'untested') shortReadEnds = 'holds';
      if (count === 0) break;
      length += count;
      lastCount = count;
      if (extent === 'all') continue;
      if (shortReadEnds === 'holds' && count < PAGE - LONGEST_ROW) break;
      if (isEnd?.(this.lastLine(length))) break;
    }
    return this.bytes.subarray(0, length);
  }

  /** The first `length` bytes, or fewer. @returns a view that the next call overwrites. @throws the system's error. */
  prefix(length: number): Buffer {
    let got = 0;
    while (got < length) {
      const count = this.readAt(got, length - got);
      if (count === 0) break;
      got += count;
    }
    return this.bytes.subarray(0, got);
  }

  close(): void {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private readAt(offset: number, count: number): number {
    this.descriptor ??= fs.openSync(this.path, 'r');
    if (this.bytes.length < offset + count) {
      this.bytes = Buffer.concat([this.bytes], Math.max(this.bytes.length * 2, offset + count));
    }
    return fs.readSync(this.descriptor, this.bytes, offset, count, offset);
  }

  private lastLine(length: number): Buffer {
    const start = this.bytes.lastIndexOf(0x0a, length - 2) + 1;
    return this.bytes.subarray(start, length);
  }
}
