import type { PortRow } from '../../scan/summary';
import type { Node } from '../views/stableTree';

/** What an element of the scans' tree stands for. Commands look the session up again: it may be gone by then. */
export type ScanSubject =
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'host'; readonly sessionId: string; readonly address: string }
  | { readonly kind: 'port'; readonly sessionId: string; readonly address: string; readonly row: PortRow }
  /** Something to read; `text` is the whole of it where the row shows a part. */
  | { readonly kind: 'fact'; readonly sessionId: string; readonly text?: string };

export type ScanNode = Node<ScanSubject>;

/** What can be asked of scans, without `portlight.`: registered at activation, before any of it is loaded. */
export const SCAN_COMMANDS = [
  'scanHost',
  'checkPort',
  'checkAuthentication',
  'showCheck',
  'rescan',
  'rescanOpen',
  'cancelScan',
  'compareScan',
  'removeScan',
  'copyScan',
  'exportScan',
  'importScan',
  'filterScanStates',
  'sortScanHosts',
] as const;

export type ScanCommandName = (typeof SCAN_COMMANDS)[number];
