import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { terminalOf, WindowSurroundings } from '../../src/editor/windowSurroundings';

describe('terminals of the window', () => {
  it('are known by the pids of their shells, as long as they are open', async () => {
    const surroundings = new WindowSurroundings((error) => {
      throw error instanceof Error ? error : new Error(String(error));
    });
    const change = (): Promise<void> =>
      new Promise((resolve) => {
        const subscription = surroundings.onDidChange(() => {
          subscription.dispose();
          resolve();
        });
      });
    try {
      const opened = change();
      const terminal = vscode.window.createTerminal('Portlight test');
      const pid = await terminal.processId;
      assert.ok(pid !== undefined);
      await opened;
      assert.equal(surroundings.origins.terminalPids.get(pid), 'Portlight test');
      assert.equal(await terminalOf([1, pid]), terminal);
      const closed = change();
      terminal.dispose();
      await closed;
      assert.ok(!surroundings.origins.terminalPids.has(pid));
    } finally {
      surroundings.dispose();
    }
  });
});
