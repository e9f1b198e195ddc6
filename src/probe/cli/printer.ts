import type { ScanEnd, ScanEvent } from '../../scan/report';

/** Where a scan's result goes as it comes, and at its end. */
export interface Printer {
  readonly onEvent: (event: ScanEvent) => void;
  readonly end: (end: ScanEnd) => void;
}
