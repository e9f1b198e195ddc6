import * as vscode from 'vscode';
import type { Translate } from '../../base/text';
import { severityWords, type Severity } from '../../exposure/severity';
import { DECORATION_SCHEME } from '../views/treeItem';

/** Marks the rows of listeners at their end, where it stays in sight when a narrow view cuts their words. */
export function severityBadges(t: Translate): vscode.FileDecorationProvider {
  // Each has a shape of its own: the colour, one that themes make for text, only repeats it.
  const mark = (badge: string, severity: Severity, color?: string): [string, vscode.FileDecoration] => [
    `/${severity}`,
    new vscode.FileDecoration(
      badge,
      severityWords(severity, t),
      color ? new vscode.ThemeColor(color) : undefined,
    ),
  ];
  const marks = new Map([
    mark('!!', 'critical', 'list.errorForeground'),
    mark('!', 'high', 'list.warningForeground'),
    mark('i', 'medium'),
  ]);
  return {
    provideFileDecoration: ({ scheme, path }) => (scheme === DECORATION_SCHEME ? marks.get(path) : undefined),
  };
}
