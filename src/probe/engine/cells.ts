import { countPorts, type PortRanges } from '../../scan/ports';

/**
 * What the cells of each host stand for: ports, or IP protocols, in their order. Told from the ranges alone: a table
 * of all ports and its opposite took longer to fill than the first hundred probes to be sent.
 */
export class Cells {
  readonly count: number;
  private readonly firsts: number[] = [];
  private readonly lasts: number[] = [];
  /** Cell of each range's first port. */
  private readonly starts: number[] = [];

  constructor(ranges: PortRanges) {
    this.count = countPorts(ranges);
    let start = 0;
    for (const [first, last] of ranges) {
      this.firsts.push(first);
      this.lasts.push(last);
      this.starts.push(start);
      start += last - first + 1;
    }
  }

  /** @param cell 0 ≤ cell < count. */
  portOf(cell: number): number {
    const range = lastUpTo(this.starts, cell);
    return (this.firsts[range] ?? 0) + cell - (this.starts[range] ?? 0);
  }

  /** @returns -1 for a port that is not scanned. */
  cellOf(port: number): number {
    const range = lastUpTo(this.firsts, port);
    const offset = port - (this.firsts[range] ?? Number.POSITIVE_INFINITY);
    return offset < 0 || port > (this.lasts[range] ?? -1) ? -1 : (this.starts[range] ?? 0) + offset;
  }
}

/** The place of the last value that is not above `limit`, in values that rise; 0 where there is none. */
function lastUpTo(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
