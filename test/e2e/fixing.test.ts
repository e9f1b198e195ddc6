import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { skip } from '../support/skip';
import { installed, ownAddress, startFtp, startRedis, type OpenServer } from './openServer';
import { useSession } from './session';

describe('what a user does about an open door', () => {
  const session = useSession({ settings: { 'terminal.integrated.gpuAcceleration': 'off' } });
  let redis: OpenServer;
  let ftp: OpenServer;

  before(async function () {
    for (const program of ['redis-server', 'vsftpd'])
      if (!(await installed(program))) skip(this, `there is no ${program}`);
    if (process.getuid?.() !== 0) skip(this, 'vsftpd needs root');
    if (ownAddress() === undefined) skip(this, 'this machine has no address beyond loopback');
    redis = await startRedis(session().folder);
    ftp = await startFtp();
  });
  beforeEach(() => session().workbench.runCommand('Portlight: Open Listeners View'));
  after(async () => {
    await redis.stop();
    await ftp.stop();
  });
  afterEach(() => session().workbench.runCommand('Notifications: Clear All Notifications'));

  const row = (port: number, words: string) =>
    session().workbench.row(new RegExp(`^TCP port ${port}, .*${words}`, 'u'));
  const open = () => row(redis.port, 'Critical: Redis is open, proved');

  it('counts it on the badge of the view', async () => {
    const { workbench } = session();
    const tab = workbench.page.locator('.part.panel .composite-bar .action-item', { hasText: 'Portlight' });
    // The editor shows the badge a moment before its number.
    await tab.locator('.badge-content', { hasText: /^[1-9]\d*$/u }).waitFor();
    await workbench.picture('fixing-badge');
  });

  it('opens the file that lets others in, at the line', async () => {
    const { workbench } = session();
    const said = workbench.toast('Line 2 lets others in. Instead: bind 127.0.0.1');
    await workbench.contextMenu(open(), 'Open File to Fix', said);
    await workbench.editorText().filter({ hasText: 'protected-mode no' }).waitFor();
    await workbench.statusBarText(/^Ln 2, /u).waitFor();
    await workbench.picture('fixing-file');
  });

  it('copies the command that shuts the door', async () => {
    const { workbench } = session();
    const command = workbench.option(/requirepass/u);
    await workbench.contextMenu(open(), 'Copy Command That Fixes It…', command);
    await workbench.picture('fixing-commands');
    await command.click();
    await workbench.page.getByText(/^Copied .*requirepass/u).waitFor();
  });

  it('asks before an account that everybody knows is tried, and tries it where the answer is yes', async () => {
    const { workbench } = session();
    const untried = row(ftp.port, 'vsftpd');
    const question = workbench.dialog.filter({ hasText: `account of FTP on port ${ftp.port}?` });
    await workbench.contextMenu(untried, 'Try Well-Known Account…', question);
    await workbench.picture('fixing-account-question');
    await workbench.pressInDialog('Cancel');
    assert.equal(await row(ftp.port, 'is open, proved').count(), 0);
    await workbench.contextMenu(untried, 'Try Well-Known Account…', question);
    await workbench.pressInDialog('Try It');
    await row(ftp.port, 'FTP is open, proved').waitFor();
    await workbench.picture('fixing-account');
  });

  it('types how it is started again into a terminal, and does not run it', async () => {
    const { workbench } = session();
    // Redis has written a title over its arguments: nothing tells how it was started.
    // At root's prompt, not before it.
    const folder = path.dirname(ftp.config);
    const typed = workbench.terminalText(`# cd ${folder} && vsftpd ${ftp.config}`);
    await workbench.contextMenu(
      row(ftp.port, 'FTP is open, proved'),
      'Open a Terminal with the Restart Command',
      typed,
    );
    await workbench.picture('fixing-restart');
    await workbench.runCommand('Terminal: Kill All Terminals');
  });

  it('audits the machine in four formats', async () => {
    const { workbench } = session();
    const formats = {
      Markdown: /is\sopen,\sproved/u,
      HTML: /<!doctype\shtml>/u,
      SARIF: /"version":\s*"2\.1\.0"/u,
      JSON: /"schemaVersion":/u,
    };
    for (const [format, words] of Object.entries(formats)) {
      await workbench.runCommand('Portlight: Audit This Machine…');
      await workbench.option(format).click();
      await workbench.editorText().filter({ hasText: words }).waitFor();
      await workbench.picture(`fixing-audit-${format}`);
    }
  });

  it('accepts what is meant so, with a reason, for thirty days, in a file that a team shares', async () => {
    const { workbench, folder } = session();
    const reason = 'test data only';
    await workbench.contextMenu(open(), 'Accept Exposure…', workbench.input);
    await workbench.page.keyboard.press('Enter');
    await workbench.inputMessage.filter({ hasText: 'A reason is needed' }).waitFor();
    await workbench.picture('fixing-accept-reason');
    await workbench.answer(reason);
    const term = workbench.option(/^For 30 days/u);
    await term.waitFor();
    await workbench.picture('fixing-accept-term');
    await term.click();
    await workbench.toast('Accepted, in .vscode/portlight.json').waitFor();
    await row(redis.port, 'open, proved · accepted').waitFor();
    await workbench.picture('fixing-accepted');
    const text = await readFile(path.join(folder, '.vscode/portlight.json'), 'utf8');
    const { accepted } = JSON.parse(text) as { readonly accepted: readonly Record<string, unknown>[] };
    const [{ until, ...rest } = {}] = accepted;
    assert.deepEqual(rest, { finding: 'open.redis', protocol: 'tcp', port: redis.port, reason });
    const days = (Date.parse(String(until)) - Date.now()) / 86_400_000;
    assert.ok(days > 28 && days <= 30, `${days} days`);
  });
});
