import * as vscode from 'vscode';
import { baseName } from '../../base/path';
import { plainText, type Translate } from '../../base/text';
import type { LineFix } from '../../exposure/fixes/fix';
import type { Assessment } from '../../exposure/judge';
import type { Interaction } from '../interaction';

/** Configuration files are small; anything larger is not one. */
const MAX_BYTES = 1024 * 1024;

interface FoundFix {
  readonly uri: vscode.Uri;
  readonly fix: LineFix;
}

/** Opens the file that lets others in at the very line, and says what belongs there. Nothing is written. */
export async function openFix(
  { subject }: Assessment,
  interaction: Interaction,
  t: Translate,
): Promise<void> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const found: FoundFix[] = [];
  // Loaded on first use, with the parsers of YAML and JSON.
  const { fixCandidates } = await import('../../exposure/fixes');
  for (const candidate of fixCandidates(subject, folders)) {
    const uri = vscode.Uri.file(candidate.file);
    const text = await readSmall(uri);
    const fix = text === undefined ? undefined : candidate.locate(text);
    if (fix) found.push({ uri, fix });
  }
  const chosen = await choose(found, t);
  if (chosen) await show(chosen, interaction, t);
  else if (found.length === 0) {
    const message = t(
      'No file that Portlight knows says why it listens so. The details tell what to change.',
    );
    interaction.tell({ kind: 'information', message });
  }
}

/** Undefined for what cannot be read: most candidates do not exist. */
async function readSmall(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size, type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.File) === 0 || size > MAX_BYTES) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

async function choose(found: readonly FoundFix[], t: Translate): Promise<FoundFix | undefined> {
  if (found.length < 2) return found[0];
  const items = found.map((entry) => ({
    label: `${baseName(entry.uri.fsPath)}:${entry.fix.line}`,
    description: plainText(entry.fix.before.trim(), 80),
    detail: entry.uri.fsPath,
    entry,
  }));
  return (await vscode.window.showQuickPick(items, { title: t('Open Which File?') }))?.entry;
}

async function show({ uri, fix }: FoundFix, interaction: Interaction, t: Translate): Promise<void> {
  const line = fix.line - 1;
  const selection = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  await vscode.window.showTextDocument(uri, { selection });
  interaction.tell({
    kind: 'information',
    message: t('Line {0} lets others in. Instead: {1}', fix.line, plainText(fix.after.trim(), 200)),
    actions: [
      {
        label: t('Copy the Line'),
        run: async () => {
          await vscode.env.clipboard.writeText(fix.after);
        },
      },
    ],
  });
}
