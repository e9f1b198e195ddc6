import * as vscode from 'vscode';

/** Each context key that menus and welcome texts in package.json ask for, and what it holds. */
export interface ContextKeys {
  /** What `portlight.listeners` shows: see ViewState. */
  'portlight.state': string;
  /** A filter is set. */
  'portlight.filtered': boolean;
  /** Rows or groups are hidden. */
  'portlight.hiding': boolean;
  /** Several rows are selected. The editor's own `listMultiSelection` goes on counting rows that are gone. */
  'portlight.severalRows': boolean;
  /** The view of scans has nothing to show. */
  'portlight.noScans': boolean;
}

export type SetContext = <K extends keyof ContextKeys>(key: K, value: ContextKeys[K]) => void;

/** Tells the editor only what differs. */
export function contextKeys(onError: (error: unknown) => void): SetContext {
  const known = new Map<string, unknown>();
  return (key, value) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    Promise.resolve(vscode.commands.executeCommand('setContext', key, value)).catch(onError);
  };
}
