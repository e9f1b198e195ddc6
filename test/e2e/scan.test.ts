import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readJson } from '../../src/scan/formats/json';
import { listen, type Greeter } from './project';
import { upToTechnique } from './scanWizard';
import { useSession } from './session';

describe('scanning in the workbench', () => {
  const session = useSession();
  const servers: Greeter[] = [];

  before(async () => {
    for (let i = 0; i < 3; i++) servers.push(await listen());
    servers.sort((a, b) => a.port - b.port);
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.close()));
  });

  /** The extension's commands and views are there a moment after the window. */
  const ready = async (): Promise<void> => {
    const item = session().workbench.page.locator('.statusbar-item[id^="portlight.portlight"]');
    await item.first().waitFor({ timeout: 90_000 });
  };

  it('shows the open ports of a host asked for in the palette, and exports them', async () => {
    const { workbench, folder } = session();
    const { page } = workbench;
    const scans = workbench.tree(/^Scans/u);
    await ready();
    await workbench.runCommand('Portlight: Scan Host…');
    await workbench.input.waitFor();
    await workbench.input.fill('127.0.0.999');
    await workbench.option(/An octet is at most 255/u).waitFor();
    await workbench.picture('scan wrong target');
    await workbench.answer('127.0.0.1');
    await workbench.option(/^quick/u).waitFor();
    await workbench.picture('scan ports');
    await workbench.answer(`${servers.map(({ port }) => port).join(',')},1-20`);
    await workbench.option(/^TCP connect/u).waitFor();
    await workbench.option(/TCP SYN, needs the helper that comes in the package for Linux x64/u).waitFor();
    await workbench.picture('scan technique');
    await page.keyboard.press('Enter');
    await workbench.option(/^Polite/u).waitFor();
    await page.keyboard.press('Enter');
    for (const { port } of servers)
      await workbench.row(new RegExp(`^TCP port ${port} of 127\\.0\\.0\\.1 is open`, 'u'), scans).waitFor();
    await workbench.row(/^20 TCP ports: closed/u, scans).waitFor();
    const row = workbench.row(/^Scan of 127\.0\.0\.1, 3 open ports/u, scans);
    await row.waitFor();
    await workbench.picture('scan done');

    const json = workbench.option(/^JSON/u);
    await workbench.contextMenu(row, 'Export Scan…', json);
    await json.click();
    const file = path.join(folder, 'scan.json');
    await workbench.answerPath(file);
    await workbench.toast(/Exported to/u).waitFor();
    const data = readJson(await readFile(file, 'utf8'));
    const open = data.hosts.flatMap(({ groups }) => groups).filter(({ state }) => state === 'open');
    const found = open.flatMap(({ ports }) =>
      ports.flatMap(([first, last]) => (first === last ? [first] : [first, last])),
    );
    for (const { port } of servers)
      assert.ok(
        found.some((each) => each === port),
        `${port} is missing`,
      );
    await workbench.picture('scan exported');
  });

  it('talks to one port line by line', async () => {
    const { workbench } = session();
    const { page } = workbench;
    await workbench.runCommand('Portlight: Check One Port…');
    await workbench.answer(`127.0.0.1:${servers[0]!.port}`);
    await workbench.option(/220 harbour ready/u).waitFor();
    await workbench.answer('HELO');
    await workbench.option(/you said HELO/u).waitFor();
    await workbench.picture('check one port');
    await page.keyboard.press('Escape');
  });

  it('says that a port refuses, and what is never scanned', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Check One Port…');
    await workbench.answer('127.0.0.1:1');
    await workbench.toast(/127\.0\.0\.1:1 refused the connection after/u).waitFor();
    await workbench.runCommand('Portlight: Check One Port…');
    await workbench.answer('224.0.0.1:80');
    await workbench.toast(/224\.0\.0\.1 is a multicast address \(RFC 5771\)/u).waitFor();
    await workbench.picture('check refused');
  });

  it('asks before a public address is scanned, and sends nothing where the answer is no', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Check One Port…');
    await workbench.answer('8.8.8.8:53');
    await workbench.dialog.getByText('Do you have the permission to scan 8.8.8.8?').waitFor();
    await workbench.picture('scan permission');
    await workbench.pressInDialog('Cancel');
  });

  it('still shows the scan after the window was loaded again', async () => {
    const { workbench } = session();
    await workbench.page.reload();
    await ready();
    await workbench.runCommand('Portlight: Open Listeners View');
    const row = workbench.row(/^Scan of 127\.0\.0\.1, 3 open ports/u, workbench.tree(/^Scans/u));
    await row.waitFor();
    await workbench.picture('scan after reload');
  });

  it('scans again, and shows what has changed since', async () => {
    const { workbench } = session();
    const scans = workbench.tree(/^Scans/u);
    const closed = servers.pop()!;
    await closed.close();
    const again = workbench.row(/^Scan of 127\.0\.0\.1, 2 open ports/u, scans);
    await workbench.contextMenu(
      workbench.row(/^Scan of 127\.0\.0\.1, 3 open ports/u, scans),
      'Scan Again',
      again,
    );
    const gone = workbench.row(new RegExp(`^${closed.port}/tcp, gone · open → closed`, 'u'), scans);
    await workbench.contextMenu(again, 'Compare with Another Scan…', gone);
    await workbench.picture('scan compared');
  });

  it('opens a result of nmap', async () => {
    const { workbench, folder } = session();
    const file = path.join(folder, 'nmap.xml');
    await writeFile(file, NMAP_XML);
    await workbench.runCommand('Portlight: Open a Result of nmap or an Exported Scan…');
    await workbench.answerPath(file);
    const scans = workbench.tree(/^Scans/u);
    await workbench.row(/^Scan of idle\.example, 0 open ports · imported/u, scans).waitFor();
    await workbench
      .row(/^TCP port 22 of idle\.example is closed\|filtered · no-ipid-change/u, scans)
      .waitFor();
    await workbench.picture('scan imported');
  });

  describe('with room for all rows', () => {
    before(() => session().workbench.runCommand('View: Toggle Maximized Panel'));
    after(() => session().workbench.runCommand('View: Toggle Maximized Panel'));

    it('scans only what was open again, and copies a port', async () => {
      const { workbench } = session();
      const scans = workbench.tree(/^Scans/u);
      await workbench.contextMenu(
        workbench.row(/^Scan of 127\.0\.0\.1, 2 open ports · TCP connect, 23 ports/u, scans),
        'Scan Only the Open Ports Again',
        workbench.row(/^Scan of 127\.0\.0\.1, 2 open ports · TCP connect, 2 ports/u, scans),
      );
      const [{ port }] = servers as [Greeter];
      const row = workbench
        .row(new RegExp(`^TCP port ${port} of 127\\.0\\.0\\.1 is open`, 'u'), scans)
        .first();
      await row.click();
      await workbench.page.keyboard.press('Control+C');
      await workbench.runCommand('Portlight: Check One Port…');
      await workbench.input.fill('');
      await workbench.page.keyboard.press('Control+V');
      assert.equal(await workbench.input.inputValue(), `127.0.0.1:${port}`);
      await workbench.page.keyboard.press('Escape');
    });

    it('looks for hosts first, sorts them, and hides ports by their state', async () => {
      const { workbench } = session();
      const { page } = workbench;
      const scans = workbench.tree(/^Scans/u);
      await upToTechnique(session(), '127.0.0.0/30', `${servers[0]!.port},1-20`);
      await page.keyboard.press('Enter');
      await workbench.option(/^Find hosts first/u).waitFor();
      await workbench.picture('scan discovery');
      await page.keyboard.press('Enter');
      await workbench.option(/^Polite/u).waitFor();
      await page.keyboard.press('Enter');
      await workbench.row(/^Scan of 127\.0\.0\.0\/30, 1 open port on 4 of 4 hosts/u, scans).waitFor();
      const hosts = scans.getByRole('treeitem', { name: /^127\.0\.0\.\d, \d open ports? · up/u });
      // Those of this scan, which is the newest.
      const order = async (): Promise<string[]> => {
        const labels = (await hosts.all()).slice(0, 4).map((row) => row.getAttribute('aria-label'));
        return (await Promise.all(labels)).map((label) => label?.split(',')[0] ?? '');
      };
      assert.deepEqual(await order(), ['127.0.0.0', '127.0.0.1', '127.0.0.2', '127.0.0.3']);
      await workbench.runCommand('Portlight: Sort Scanned Hosts…');
      await workbench.option('Address').waitFor();
      await workbench.option('Most open ports first').click();
      await scans
        .getByRole('treeitem', { name: /^127\.0\.0\.1, 1 open port · up/u })
        .first()
        .waitFor();
      await workbench.picture('scan sorted');
      assert.deepEqual(await order(), ['127.0.0.1', '127.0.0.0', '127.0.0.2', '127.0.0.3']);

      const state = page.locator('.quick-input-list-row', { hasText: 'nothing listens here' });
      await workbench.expand(hosts.first());
      const closed = scans.getByRole('treeitem', { name: /TCP ports: closed/u });
      await closed.first().waitFor();
      await workbench.runCommand('Portlight: Filter Scanned Ports by State…');
      await state.click();
      await page.keyboard.press('Enter');
      await closed.first().waitFor({ state: 'detached' });
      const message = page.getByText('Hidden by the filter: closed', { exact: true });
      await message.waitFor();
      await workbench.picture('scan filtered');
      await workbench.runCommand('Portlight: Filter Scanned Ports by State…');
      await state.click();
      await page.keyboard.press('Enter');
      await closed.first().waitFor();
      await message.waitFor({ state: 'hidden' });
    });

    it('ends a scan that is cancelled at its row, and keeps what was found', async () => {
      const { workbench } = session();
      const { page } = workbench;
      const scans = workbench.tree(/^Scans/u);
      await upToTechnique(session(), '127.0.0.1', '1-60000');
      await page.keyboard.press('Enter');
      await workbench.option(/^Polite/u).waitFor();
      await page.keyboard.press('Enter');
      await workbench.contextMenu(
        workbench.row(/^Scan of 127\.0\.0\.1, running · .* probes\/s/u, scans),
        'Cancel Scan',
        workbench.row(/^Scan of 127\.0\.0\.1, cancelled · /u, scans),
      );
      await workbench.picture('scan cancelled');
    });
  });
});

/** As nmap writes it after an idle scan, which Portlight does not make itself. */
const NMAP_XML = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -sI zombie -p 22 idle.example" start="1767323045" version="7.93" xmloutputversion="1.05">
<verbose level="0"/><debugging level="0"/>
<host><status state="up" reason="user-set" reason_ttl="0"/><address addr="10.0.0.7" addrtype="ipv4"/>
<hostnames><hostname name="idle.example" type="user"/></hostnames>
<ports><port protocol="tcp" portid="22"><state state="closed|filtered" reason="no-ipid-change" reason_ttl="0"/><service name="ssh" method="table" conf="3"/></port></ports>
</host>
<runstats><finished time="1767323046" elapsed="1.00" exit="success"/><hosts up="1" down="0" total="1"/></runstats>
</nmaprun>
`;
