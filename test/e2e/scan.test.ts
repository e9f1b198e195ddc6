import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readJson } from '../../src/scan/formats/json';
import { listen, type Greeter } from './project';
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
