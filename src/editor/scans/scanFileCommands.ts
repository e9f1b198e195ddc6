import * as vscode from 'vscode';
import type { Translate } from '../../base/text';
import { EXPORT_FORMATS, readScan, type ExportFormat } from '../../scan/formats/formats';
import { serviceGuess } from '../../scan/portSets';
import type { SessionData } from '../../scan/sessionData';
import type { Interaction } from '../interaction';
import type { SessionList } from './sessionList';

export interface ScanFileOptions {
  readonly sessions: SessionList;
  readonly interaction: Interaction;
  readonly version: string;
  /** Brings the session's row to the front. */
  readonly show: (sessionId: string) => void;
  readonly t: Translate;
}

/** Larger files are not read: they would not fit into memory as a tree either. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Asks for the format and the file, and writes. @param format asked for unless given */
export async function exportScan(
  data: SessionData,
  { interaction, version, t }: ScanFileOptions,
  format?: ExportFormat,
): Promise<void> {
  const chosen = format ?? (await chooseFormat(t));
  if (chosen === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${fileName(data)}.${chosen.extension}`;
  const uri = await vscode.window.showSaveDialog({
    title: t('Export Scan'),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [chosen.extension.toUpperCase()]: [chosen.extension] },
  });
  if (uri === undefined) return;
  const text = chosen.write(data, { version, service: serviceGuess });
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const open = { label: t('Open'), run: () => vscode.window.showTextDocument(uri) };
  interaction.tell({ kind: 'information', message: t('Exported to {0}', uri.path), actions: [open] });
}

async function chooseFormat(t: Translate): Promise<ExportFormat | undefined> {
  const items = EXPORT_FORMATS.map((format) => ({ label: format.name(t), format }));
  return (await vscode.window.showQuickPick(items, { title: t('Export Scan') }))?.format;
}

/** `scan-192.168.1.0-24`: letters, digits, dots and dashes of the targets. */
function fileName({ targets }: SessionData): string {
  return `scan-${targets.replaceAll(/[^\w.]+/gu, '-').slice(0, 60)}`.replace(/[-.]+$/u, '');
}

/** Opens results of nmap (XML) and exported scans (JSON) as sessions. */
export async function importScans(
  { sessions, interaction, show, t }: ScanFileOptions,
  given?: vscode.Uri,
): Promise<void> {
  const uris =
    given === undefined
      ? await vscode.window.showOpenDialog({
          title: t('Open a Result of nmap or an Exported Scan'),
          canSelectMany: true,
          filters: { [t('Scans')]: ['xml', 'json'] },
        })
      : [given];
  for (const uri of uris ?? []) {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MOST_BYTES) throw new Error(t('{0} is too large to be opened.', uri.path));
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const { data, notes } = readScan(text, `s${Date.now().toString(36)}${sessions.all.length}`);
    sessions.add(data);
    show(data.id);
    if (notes.length > 0) interaction.tell({ kind: 'warning', message: notes.join(' ') });
  }
}
