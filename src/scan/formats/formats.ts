import type { Translate } from '../../base/text';
import type { SessionData } from '../sessionData';
import { toCsv } from './csv';
import { FormatError, type ExportContext } from './format';
import { readJson, toJson } from './json';
import { toNmapXml } from './nmapXml';
import { readNmapXml, type Imported } from './nmapXmlReader';
import { toText } from './text';

export interface ExportFormat {
  readonly id: 'json' | 'csv' | 'xml' | 'text';
  readonly extension: string;
  readonly name: (t: Translate) => string;
  readonly write: (data: SessionData, context: ExportContext) => string;
}

/** A new export format is one file and one entry here. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  { id: 'json', extension: 'json', name: (t) => t('JSON (complete; can be opened again)'), write: toJson },
  { id: 'csv', extension: 'csv', name: (t) => t('CSV for spreadsheets'), write: toCsv },
  { id: 'xml', extension: 'xml', name: (t) => t('nmap-compatible XML'), write: toNmapXml },
  { id: 'text', extension: 'txt', name: (t) => t('Plain text like nmap’s output'), write: toText },
];

/**
 * Opens a scan of ours (JSON) or nmap's XML, told apart by the first character.
 * @param id the session's id where the file has none.
 * @throws FormatError
 */
export function readScan(text: string, id: string): Imported {
  const start = text.replace(/^\ufeff/u, '').trimStart();
  if (start.startsWith('{')) return { data: { ...readJson(start), id, origin: 'import' }, notes: [] };
  if (start.startsWith('<')) return readNmapXml(start, id);
  throw new FormatError(
    'This is neither a scan of Portlight (JSON) nor a result of nmap (XML, from -oX)',
    '',
  );
}
