import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runOrThrow } from '../support/run';
import { skip } from '../support/skip';
import { installed, ownAddress, startRedis, type OpenServer } from './openServer';
import { useSession } from './session';

describe('an open Redis in a workbench', () => {
  const session = useSession();
  let redis: OpenServer;

  before(async function () {
    if (!(await installed('redis-server'))) skip(this, 'there is no redis-server');
    if (ownAddress() === undefined) skip(this, 'this machine has no address beyond loopback');
    redis = await startRedis(session().folder);
    // Its item in the status bar shows that the extension runs; a click there opens the view.
    await session().workbench.page.locator('.statusbar-item[id^="portlight.portlight"]').click();
  });
  after(async () => {
    await redis.stop();
  });

  const row = (words: RegExp) => session().workbench.page.getByRole('treeitem', { name: words });

  it('turns critical by itself, in the group that needs attention', async () => {
    const { workbench } = session();
    const open = row(new RegExp(`^TCP port ${redis.port}, .*Critical: Redis is open, proved: PING answered`));
    await open.waitFor();
    await row(/^Group Needs attention, \d+ listeners?/).waitFor();
    const label = (await open.getAttribute('aria-label')) ?? '';
    assert.match(label, /\+PONG on \S+/);
    await workbench.badge(redis.port, '!!');
    await workbench.toast(new RegExp(`${redis.port}`)).waitFor();
    await workbench.picture('exposure-critical');
  });

  it('shows the evidence, byte for byte, as a document', async () => {
    const { workbench } = session();
    const text = workbench.editorText().filter({ hasText: 'PING' }).filter({ hasText: '+PONG' });
    const open = row(new RegExp(`^TCP port ${redis.port}, `));
    await workbench.contextMenu(open, 'Show Exposure and Evidence', text);
    await workbench.picture('exposure-evidence');
  });

  it('checks an open port of a scan where it is asked to, and keeps the answer on its row', async () => {
    const { workbench } = session();
    const { page } = workbench;
    const scans = workbench.tree(/^Scans/u);
    const address = ownAddress()!;
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Portlight: Scan Host…');
    await workbench.answer(address);
    await workbench.option(/^quick/u).waitFor();
    await workbench.answer(`${redis.port},6379`);
    await workbench.option(/^TCP connect/u).waitFor();
    await page.keyboard.press('Enter');
    await workbench.option(/^Polite/u).waitFor();
    await page.keyboard.press('Enter');
    const port = workbench.row(new RegExp(`^TCP port ${redis.port} of .* is open`, 'u'), scans);
    await port.waitFor();
    // Nothing tells what listens on a port that nobody knows.
    await workbench.contextMenu(
      port,
      'Check Authentication…',
      workbench.option(/^Only listen for a greeting/u),
    );
    await workbench.picture('exposure-scan-service');
    await workbench.input.fill('redis');
    await workbench.option('Redis').click();
    const checked = workbench.row(
      new RegExp(
        `^TCP port ${redis.port} of .* is open · Critical: Redis is open, proved: PING answered`,
        'u',
      ),
      scans,
    );
    await checked.waitFor();
    await workbench
      .toast(/Redis is open, proved/u)
      .last()
      .waitFor();
    await workbench.picture('exposure-scan-told');
    await workbench.expand(checked);
    await workbench.row(/^Redis is open, proved: PING answered/u, scans).waitFor();
    await workbench.picture('exposure-scan');
    const document = workbench.editorText().filter({ hasText: `TCP ${address}:${redis.port}` });
    await workbench.contextMenu(checked, 'Show Authentication and Evidence', document);
    await workbench.picture('exposure-scan-document');
  });

  it('asks whose permission there is before a public address is checked, and takes no for an answer', async () => {
    const { workbench, folder } = session();
    await workbench.runCommand('Notifications: Clear All Notifications');
    const scans = workbench.tree(/^Scans/u);
    const file = path.join(folder, 'public.xml');
    await writeFile(
      file,
      `<nmaprun scanner="nmap" args="nmap 8.8.8.8" start="1" version="7.93"><scaninfo type="connect" protocol="tcp" numservices="1" services="6379"/>
<host><status state="up" reason="user-set"/><address addr="8.8.8.8" addrtype="ipv4"/>
<ports><port protocol="tcp" portid="6379"><state state="open" reason="syn-ack"/></port></ports></host>
<runstats><finished time="2" exit="success"/></runstats></nmaprun>`,
    );
    await workbench.runCommand('Portlight: Open a Result of nmap or an Exported Scan…');
    await workbench.answerPath(file);
    const port = workbench.row(/^TCP port 6379 of 8\.8\.8\.8 is open/u, scans);
    await port.waitFor();
    const question = workbench.dialog.filter({ hasText: 'Do you have the permission to check 8.8.8.8?' });
    await workbench.contextMenu(port, 'Check Authentication…', question);
    await workbench.picture('exposure-scan-permission');
    await workbench.pressInDialog('Cancel');
    await workbench.row(/^TCP port 6379 of 8\.8\.8\.8 is open · syn-ack/u, scans).waitFor();
  });

  it('says "authentication required" after a password was set, without a click', async () => {
    const { workbench } = session();
    const set = ['-p', String(redis.port), 'CONFIG', 'SET', 'requirepass', 'a long secret'];
    await runOrThrow('redis-cli', set, { timeoutMs: 10_000 });
    await row(new RegExp(`^TCP port ${redis.port}, .*authentication required`)).waitFor({ timeout: 60_000 });
    await row(new RegExp(`^TCP port ${redis.port}, .*Critical`)).waitFor({ state: 'detached' });
    await workbench.picture('exposure-closed');
  });
});
