import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ownGroup } from '../support/run';
import { skip } from '../support/skip';
import { useSession } from './session';

const run = promisify(execFile);

describe('an open Redis in a workbench', () => {
  const session = useSession();
  let redis: Redis;

  before(async function () {
    if (!(await hasRedis())) skip(this, 'there is no redis-server');
    if (ownAddress() === undefined) skip(this, 'this machine has no address beyond loopback');
    redis = await startRedis();
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
    await run('redis-cli', ['-p', String(redis.port), 'CONFIG', 'SET', 'requirepass', 'a long secret']);
    await row(new RegExp(`^TCP port ${redis.port}, .*authentication required`)).waitFor({ timeout: 60_000 });
    await row(new RegExp(`^TCP port ${redis.port}, .*Critical`)).waitFor({ state: 'detached' });
    await workbench.picture('exposure-closed');
  });
});

interface Redis {
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens on every interface and lets anybody in, with nothing in it, for as long as the test runs. */
async function startRedis(): Promise<Redis> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'portlight-redis-'));
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '0.0.0.0', '--protected-mode', 'no'];
  const child = spawn('redis-server', [...options, '--save', '', '--dir', folder], {
    detached: true,
    stdio: 'ignore',
  });
  if (child.pid === undefined) throw new Error('redis-server could not be started');
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const group = ownGroup(child.pid, gone);
  const stop = async (): Promise<void> => {
    await group.end();
    await rm(folder, { recursive: true, force: true });
  };
  return { port, stop };
}

async function hasRedis(): Promise<boolean> {
  try {
    await run('redis-server', ['--version']);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function ownAddress(): string | undefined {
  const all = Object.values(os.networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

/** A port that is free now: one that the system just gave and got back. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
