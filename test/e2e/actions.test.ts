import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ownGroup } from '../support/run';
import { startWebServer, type WebServer } from './project';
import { freePort, refused, useSession } from './session';

describe('what can be done with rows', () => {
  const session = useSession({ settings: { 'terminal.integrated.gpuAcceleration': 'off' } });
  let one: WebServer;
  let two: WebServer;

  before(async () => {
    const { workbench, folder } = session();
    one = await startWebServer(folder);
    two = await startWebServer(folder);
    await workbench.runCommand('Portlight: Open Listeners View');
    await workbench.listener(one.port).waitFor();
    await workbench.listener(two.port).waitFor();
    // Room for rows that a click opens: what is out of sight is not in the page.
    await workbench.runCommand('View: Toggle Maximized Panel');
  });
  after(async () => {
    await one.stop();
    await two.stop();
  });

  for (const [label, group] of [
    ['Project', /^Group shop \(project\), 2 listeners/],
    ['Process', /^Group node, \d+ listeners/],
    ['Port', /^Group Dynamic|^Group Registered/],
    ['Bind Scope', /^Group localhost/],
    ['What It Belongs To', /^Group This workspace, 2 listeners/],
  ] as const) {
    it(`groups by ${label}`, async () => {
      const { workbench } = session();
      await workbench.runCommand('Portlight: Group By…');
      await workbench.option(label).click();
      await workbench.row(group).first().waitFor();
      await workbench.picture(`group-by-${label}`);
    });
  }

  it('hides rows like one, says how many are hidden, and brings them back', async () => {
    const { workbench } = session();
    const choice = workbench.option(`Process node on port ${one.port} TCP`);
    await workbench.contextMenu(workbench.listener(one.port), 'Hide Rows Like This…', choice);
    await workbench.picture('hide-choices');
    await choice.click();
    await workbench.listener(one.port).waitFor({ state: 'detached' });
    await workbench.page.getByText('1 hidden').waitFor();
    await workbench.picture('hidden');
    await workbench.runCommand('Portlight: Show Hidden Rows and Groups…');
    const again = workbench.page
      .getByRole('checkbox', { name: `Process node on port ${one.port} TCP` })
      .first();
    await again.waitFor();
    await workbench.picture('unhide-choices');
    await again.click();
    await workbench.page.keyboard.press('Enter');
    await workbench.listener(one.port).waitFor();
  });

  it('copies several rows by the keyboard', async () => {
    const { workbench } = session();
    await workbench.listener(one.port).click();
    await workbench.listener(two.port).click({ modifiers: ['Control'] });
    await workbench.page.keyboard.press('Control+c');
    await workbench.page.getByText('Copied 2 lines').waitFor();
    await workbench.picture('copied-several');
  });

  it('offers for several rows what works for several', async () => {
    const { workbench } = session();
    await workbench.listener(two.port).click({ button: 'right' });
    await workbench.menuItem('Stop…').waitFor();
    await workbench.picture('menu-several');
    for (const single of ['Show Details as Document', 'Hide Rows Like This…', 'Open in Browser']) {
      assert.equal(await workbench.menuItem(single).count(), 0, single);
    }
    await workbench.page.keyboard.press('Escape');
  });

  it('stops several rows by the keyboard, after one question', async () => {
    const { workbench } = session();
    await workbench.page.keyboard.press('Delete');
    await workbench.dialog.filter({ hasText: 'Stop 2 processes' }).waitFor();
    await workbench.picture('stop-several');
    await workbench.pressInDialog('Stop');
    await workbench.listener(one.port).waitFor({ state: 'detached' });
    await workbench.listener(two.port).waitFor({ state: 'detached' });
    assert.ok((await refused(one.port)) && (await refused(two.port)));
    await workbench.picture('stopped-several');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('refuses to stop the server of this very editor, and says why', async () => {
    const { workbench } = session();
    const editor = workbench.listener(session().port);
    await workbench.contextMenu(editor, 'Stop…', workbench.toast(/^Not stopped: .* editor/));
    await workbench.picture('refused');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('takes no other row for one that went while its menu stood open', async () => {
    const { workbench, folder } = session();
    const [stays, goes] = [await startWebServer(folder), await startWebServer(folder)];
    try {
      await workbench.listener(stays.port).click();
      await workbench.listener(goes.port).click({ button: 'right' });
      await workbench.menuItem('Stop…').waitFor();
      await goes.stop();
      await workbench.listener(goes.port).waitFor({ state: 'detached' });
      await workbench.menuItem('Stop…').hover();
      await workbench.page.keyboard.press('Enter');
      await workbench.toast(/^That row was gone/).waitFor();
      assert.equal(await workbench.dialog.filter({ hasText: `pid ${stays.pid}` }).count(), 0);
    } finally {
      await stays.stop();
      await goes.stop();
    }
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('shows the terminal of the editor that started a server', async () => {
    const { workbench, folder } = session();
    await writeFile(
      path.join(folder, 'inTerminal.js'),
      `require('net').createServer().listen(0, '127.0.0.1')`,
    );
    await workbench.runCommand('Terminal: Create New Terminal');
    await workbench.page
      .locator('.terminal-wrapper .xterm-rows')
      .filter({ hasText: '$' })
      .or(workbench.page.locator('.terminal-wrapper .xterm-rows').filter({ hasText: '#' }))
      .waitFor();
    await workbench.page.keyboard.type('node inTerminal.js\n');
    await workbench.runCommand('Portlight: Open Listeners View');
    const row = workbench.row(/^TCP port \d+, node inTerminal\.js/);
    await row.waitFor();
    await workbench.expand(row);
    await workbench.row(/^Started in the editor's terminal “.+”/).waitFor();
    await workbench.picture('terminal-details');
    await workbench.contextMenu(row, 'Reveal in Terminal', workbench.terminalText('node inTerminal.js'));
    await workbench.picture('terminal-revealed');
    await workbench.runCommand('Portlight: Open Listeners View');
    await workbench.contextMenu(row, 'Stop…', workbench.dialog);
    await workbench.picture('stop-question-terminal');
    await workbench.pressInDialog('Stop');
    await row.waitFor({ state: 'detached' });
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('shows who came to share the socket, whole, when a row is opened', async () => {
    const { workbench } = session();
    const source = [
      "use IO::Socket::INET; $| = 1; my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1');",
      'print $s->sockport, "\\n"; <STDIN>; my $child = fork; sleep 600 if !$child;',
      'print "$child\\n"; <STDIN>; kill TERM => $child;',
    ];
    const server = spawn('perl', ['-e', source.join(' ')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const gone = once(server, 'exit');
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    try {
      const row = workbench.listener(Number((await lines.next()).value));
      await row.waitFor();
      // A fork that inherits a socket changes no table.
      server.stdin.write('\n');
      const child = String((await lines.next()).value);
      await workbench.expand(row);
      await workbench.row(/^Shares the socket with, 1 process/).waitFor({ timeout: 10_000 });
      for (const inside of [/^Owner: perl/, /^Command line, perl -e/, /^Connections, none/]) {
        await workbench.row(inside).waitFor();
      }
      await workbench.expand(workbench.row(/^Shares the socket with/));
      await workbench.row(new RegExp(`^perl -e, pid ${child}`)).waitFor();
      await workbench.picture('shared-socket');
    } finally {
      server.stdin.end('\n');
      await gone;
    }
  });

  it('names who starts a stopped server again, and stops the whole tree', async () => {
    const { workbench, folder } = session();
    await workbench.runCommand('Notifications: Clear All Notifications');
    // It comes back on the port that it had: on the one that was free a moment ago.
    const source = `require('net').createServer().listen(${await freePort()}, '127.0.0.1')`;
    await writeFile(path.join(folder, 'respawn.js'), source);
    const loop = spawn('bash', ['-c', 'while true; do node respawn.js; done'], {
      cwd: folder,
      detached: true,
      stdio: 'ignore',
    });
    assert.ok(loop.pid);
    const gone = once(loop, 'exit');
    const group = ownGroup(loop.pid, gone);
    try {
      const row = workbench.row(/^TCP port \d+, node respawn\.js/);
      await row.waitFor();
      await workbench.contextMenu(row, 'Stop…', workbench.dialog);
      await workbench.dialog
        .filter({ hasText: /was started by bash \(pid \d+\), which may start it again/ })
        .waitFor();
      await workbench.picture('stop-question-loop');
      await workbench.pressInDialog('Stop');
      await workbench
        .toast(/came back after \d+ ms as node \(pid \d+\): bash \(pid \d+\) starts it again/)
        .waitFor();
      await workbench.picture('came-back');
      await workbench
        .toast('came back')
        .getByRole('button', { name: /^Stop bash/ })
        .click();
      await workbench.dialog.filter({ hasText: 'Stop 2 processes' }).waitFor();
      await workbench.picture('stop-tree-question');
      await workbench.pressInDialog('Stop Whole Tree');
      await workbench.toast(/^Stopped node/).waitFor();
      await workbench.picture('stopped-tree');
      await gone;
    } finally {
      await group.end();
    }
  });
});
