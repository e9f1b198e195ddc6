import assert from 'node:assert/strict';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { startWebServer, type WebServer } from './project';
import { freePort, refused, useSession } from './session';

describe('the packed extension in a workbench', () => {
  const session = useSession();
  let server: WebServer;

  before(async () => {
    server = await startWebServer(session().folder);
    await session().workbench.runCommand('Portlight: Open Listeners View');
  });
  after(async () => {
    await server.stop();
  });

  it('shows a server that was just started, under the workspace that it belongs to', async () => {
    const { workbench } = session();
    const row = workbench.listener(server.port);
    await row.waitFor();
    const label = (await row.getAttribute('aria-label')) ?? '';
    for (const words of ['node server.js', `pid ${server.pid}`, 'project shop', 'listens on localhost']) {
      assert.ok(label.includes(words), `${words} is not said: ${label}`);
    }
    const group = workbench.row(/^Group This workspace, 1 listener/);
    assert.equal(await group.count(), 1);
    await workbench.picture('listeners');
  });

  it('says in its details where it is bound, whose it is and what started it', async () => {
    const { workbench, folder } = session();
    // Rows out of sight are not in the page.
    await workbench.runCommand('View: Toggle Maximized Panel');
    await workbench.expand(workbench.listener(server.port));
    await workbench.row(new RegExp(`^127\\.0\\.0\\.1:${server.port}: this machine only`)).waitFor();
    await workbench.row(new RegExp(`^Owner: node, pid ${server.pid}`)).waitFor();
    await workbench.row(new RegExp(`^Working directory, ${folder}`)).waitFor();
    await workbench.row(/^npm script, dev · shop/).waitFor();
    await workbench.picture('details-maximized');
    await workbench.runCommand('View: Toggle Maximized Panel');
    await workbench.picture('details');
  });

  it('shows the details as a document', async () => {
    const { workbench } = session();
    const text = workbench.editorText().filter({ hasText: String(server.pid) });
    await workbench.contextMenu(workbench.listener(server.port), 'Show Details as Document', text);
    await workbench.picture('details-document');
    await workbench.runCommand('View: Close All Editors');
  });

  it('counts in the status bar, and a click there opens the view', async () => {
    const { workbench } = session();
    await workbench.runCommand('View: Toggle Panel Visibility');
    await workbench.listeners.waitFor({ state: 'hidden' });
    const item = workbench.statusBarItem('portlight.portlight');
    assert.match(await item.innerText(), /\d+/);
    await item.click();
    await workbench.listener(server.port).waitFor();
  });

  it('keeps the selection and what is expanded while it refreshes', async () => {
    const { workbench } = session();
    const row = workbench.listener(server.port);
    await workbench.runCommand('View: Toggle Maximized Panel');
    // A click selects the row, and closes or opens it.
    await row.click();
    await workbench.expand(row);
    const other = net.createServer().listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => other.once('listening', resolve));
      await workbench.runCommand('Portlight: Refresh');
      await workbench.listener((other.address() as AddressInfo).port).waitFor();
    } finally {
      other.close();
    }
    await workbench.row(/^TCP port \d+, mocha/).waitFor({ state: 'detached' });
    assert.equal(await row.getAttribute('aria-selected'), 'true');
    assert.equal(await row.getAttribute('aria-expanded'), 'true');
    await workbench.runCommand('View: Toggle Maximized Panel');
  });

  it('filters by text, and shows all again', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Filter…');
    await workbench.answer('server.js');
    await workbench.row(/^Group Other projects/).waitFor({ state: 'detached' });
    await workbench.listener(server.port).waitFor();
    await workbench.picture('filtered');
    await workbench.runCommand('Portlight: Clear Filter');
    await workbench.row(/^Group Other projects/).waitFor();
  });

  it('says that nothing matches a filter, and how to go on', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Filter…');
    await workbench.answer('nothing-is-called-so');
    await workbench.page.getByText('No listener matches the filter.').waitFor();
    await workbench.picture('filtered-out');
    await workbench.page.locator('.welcome-view').getByRole('button', { name: 'Clear Filter' }).click();
    await workbench.listener(server.port).waitFor();
  });

  it('groups by process, and by what the rows belong to again', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Group By…');
    await workbench.option('Process').click();
    await workbench.row(/^Group node/).waitFor();
    await workbench.picture('grouped-by-process');
    await workbench.runCommand('Portlight: Group By…');
    await workbench.option('What It Belongs To').click();
    await workbench.row(/^Group This workspace/).waitFor();
  });

  it('finds what uses a port, and what can be done about it', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Find What Uses a Port…');
    await workbench.input.fill(String(server.port));
    await workbench.inputMessage.filter({ hasText: `node server.js (pid ${server.pid})` }).waitFor();
    await workbench.picture('find-used');
    await workbench.page.keyboard.press('Enter');
    await workbench.option('Stop…').waitFor();
    await workbench.picture('find-actions');
    await workbench.page.keyboard.press('Escape');
  });

  it('says that a port is free, and what is no port', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Find What Uses a Port…');
    await workbench.input.fill('70000');
    await workbench.inputMessage.filter({ hasText: /65535/ }).waitFor();
    await workbench.picture('find-invalid');
    const free = await freePort();
    await workbench.answer(String(free));
    await workbench.toast(`Port ${free} is free.`).waitFor();
    await workbench.picture('find-free');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('finds a free port near a wished one and copies it', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Find a Free Port…');
    await workbench.answer(String(server.port));
    const toast = workbench.toast(/^Copied \d+/);
    await toast.waitFor();
    const copied = Number(/\d+/.exec(await toast.innerText())?.[0]);
    assert.notEqual(copied, server.port);
    await workbench.picture('free-port');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('shows all listeners as a table and as JSON', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Show Listeners as Document…');
    await workbench.option('Text').click();
    await workbench
      .editorText()
      .filter({ hasText: String(server.port) })
      .waitFor();
    await workbench.picture('document-text');
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Portlight: Show Listeners as Document…');
    await workbench.option('JSON').click();
    await workbench.editorText().filter({ hasText: '"protocol"' }).waitFor();
    await workbench.picture('document-json');
    await workbench.runCommand('View: Close All Editors');
  });

  it('leaves a server alone when the question is answered with Cancel', async () => {
    const { workbench } = session();
    await workbench.contextMenu(workbench.listener(server.port), 'Stop…', workbench.dialog);
    await workbench.dialog.filter({ hasText: `pid ${server.pid}` }).waitFor();
    await workbench.picture('stop-question');
    await workbench.pressInDialog('Cancel');
    await workbench.dialog.waitFor({ state: 'detached' });
    assert.equal(await refused(server.port), false);
  });

  it('stops a server by right click: the row goes, and the port refuses connections', async () => {
    const { workbench } = session();
    await workbench.contextMenu(workbench.listener(server.port), 'Stop…', workbench.dialog);
    await workbench.pressInDialog('Stop');
    await workbench.listener(server.port).waitFor({ state: 'detached' });
    assert.equal(await refused(server.port), true);
    await server.gone;
    await workbench.toast(/^Stopped node/).waitFor();
    await workbench.picture('stopped');
  });
});
