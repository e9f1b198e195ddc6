import * as vscode from 'vscode';
import type { Icon, Look } from './look';

const EXPAND = {
  leaf: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

/** Of the addresses that decorations are drawn for: `portlight-row:/critical`. They name no file. */
export const DECORATION_SCHEME = 'portlight-row';

/** Draws a look. The tooltip is left to `resolveTreeItem`, so that it is only made for rows under the pointer. */
export function treeItem(id: string, look: Look): vscode.TreeItem {
  const label: vscode.TreeItemLabel = {
    label: look.label,
    ...(look.highlights && { highlights: look.highlights.map(([start, end]) => [start, end]) }),
  };
  const item = new vscode.TreeItem(label, EXPAND[look.expand]);
  item.id = id;
  if (look.description !== undefined) item.description = look.description;
  if (look.decoration !== undefined)
    item.resourceUri = vscode.Uri.from({ scheme: DECORATION_SCHEME, path: `/${look.decoration}` });
  if (look.icon) item.iconPath = themeIcon(look.icon);
  item.contextValue = look.traits;
  item.accessibilityInformation = { label: look.spoken };
  return item;
}

function themeIcon(icon: Icon): vscode.ThemeIcon {
  return new vscode.ThemeIcon(
    icon.id,
    icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color),
  );
}

/** Paragraphs of what other people wrote: appended as text, so that none of it is ever a link, a command or HTML. */
export function plainMarkdown(paragraphs: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.isTrusted = false;
  markdown.supportHtml = false;
  paragraphs.forEach((paragraph, index) => {
    if (index > 0) markdown.appendMarkdown('\n\n');
    markdown.appendText(paragraph);
  });
  return markdown;
}
