import * as vscode from 'vscode';
import type { Translate } from '../../base/text';
import { severityWords, type Severity } from '../../exposure/severity';
import { DECORATION_SCHEME } from '../views/treeItem';

/** Two characters at most, of a shape of their own: the colour, one that themes make for text, only repeats them. */
const BADGES: Partial<Record<string, { severity: Severity; badge: string; color?: string }>> = {
  critical: { severity: 'critical', badge: '!!', color: 'list.errorForeground' },
  high: { severity: 'high', badge: '!', color: 'list.warningForeground' },
  medium: { severity: 'medium', badge: 'i' },
};

/** Marks the rows of listeners at their end, where it stays in sight when a narrow view cuts their words. */
export function severityBadges(t: Translate): vscode.FileDecorationProvider {
  return {
    provideFileDecoration: ({ scheme, path }) => {
      const mark = scheme === DECORATION_SCHEME ? BADGES[path.slice(1)] : undefined;
      if (!mark) return undefined;
      const color = mark.color === undefined ? undefined : new vscode.ThemeColor(mark.color);
      return new vscode.FileDecoration(mark.badge, severityWords(mark.severity, t), color);
    },
  };
}
