import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { run, runOrThrow } from '../support/run';
import { skip } from '../support/skip';
import { listen, type Greeter } from './project';
import { upToTechnique } from './scanWizard';
import { useSession, type Session } from './session';

/** Takes the technique that the text finds, and the timing that is offered first. */
async function takeTechnique({ workbench }: Session, name: string): Promise<void> {
  const option = workbench.option(new RegExp(`^${name}`, 'u'));
  await option.click();
  await workbench.option(/^Polite/u).waitFor();
  await workbench.page.keyboard.press('Enter');
}

/** The file of the helper in the installed extension. */
async function helperOf({ profile }: Session): Promise<string> {
  const folder = (await readdir(profile.extensions)).find((name) => name.startsWith('portlight.portlight'));
  assert.ok(folder !== undefined, 'the extension is not installed');
  return path.join(profile.extensions, folder, 'bin/portlight-probe');
}

/** Raw sockets are tried as root; on Linux x64 alone there is a helper for them. */
function needsHelper(suite: Mocha.Context): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') skip(suite, 'the helper is for Linux x64');
  if (process.getuid?.() !== 0) skip(suite, 'needs root');
}

describe('the package for Linux x64, as root', () => {
  before(function () {
    needsHelper(this);
  });
  const session = useSession({ helper: true });
  let server: Greeter;

  before(async () => {
    server = await listen();
  });
  after(async () => {
    await server.close();
  });

  it('makes a SYN scan at once', async () => {
    const { workbench } = session();
    const scans = workbench.tree(/^Scans/u);
    await upToTechnique(session(), '127.0.0.1', `${server.port},1-20`);
    await workbench.picture('raw techniques');
    await takeTechnique(session(), 'TCP SYN');
    const row = (name: RegExp): Locator => workbench.row(name, scans);
    await row(/^Scan of 127\.0\.0\.1, 1 open port · TCP SYN, 21 ports/u).waitFor();
    await row(new RegExp(`^TCP port ${server.port} of 127\\.0\\.0\\.1 is open · syn-ack`, 'u')).waitFor();
    await row(/^20 TCP ports: closed, 20 reset/u).waitFor();
    await workbench.picture('raw scan done');
  });

  it('adds a UDP scan for ports with U:', async () => {
    const { workbench } = session();
    const scans = workbench.tree(/^Scans/u);
    await upToTechnique(session(), '127.0.0.1', `T:${server.port},U:1-5`);
    await takeTechnique(session(), 'TCP SYN');
    await workbench.row(/^Scan of 127\.0\.0\.1, .*TCP SYN, 1 port \+ UDP, 5 ports/u, scans).waitFor();
    await workbench.row(/^5 UDP ports: closed, 5 port-unreach/u, scans).waitFor();
    await workbench.picture('raw scan udp');
  });
});

describe('the package for Linux x64, without the right to open raw sockets', () => {
  before(function () {
    needsHelper(this);
  });
  const session = useSession({
    helper: true,
    powerless: true,
    settings: { 'terminal.integrated.gpuAcceleration': 'off' },
  });

  it('shows raw techniques locked, with the reason', async () => {
    const { workbench } = session();
    await upToTechnique(session(), '127.0.0.1', '1-20');
    await workbench.option(/TCP SYN.*needs the right to open raw sockets \(CAP_NET_RAW\)/u).waitFor();
    await workbench.picture('raw techniques locked');
  });

  it('types the command that grants the right into a terminal, and does not run it', async () => {
    const { workbench } = session();
    const helper = await helperOf(session());
    await workbench.option(/TCP SYN/u).click();
    const command = `sudo setcap cap_net_raw+ep '${helper}'`;
    await workbench.terminalText(command).waitFor();
    await workbench.toast(/Press Enter in the terminal/u).waitFor();
    await workbench.picture('raw grant');
    assert.equal((await run('getcap', [helper], { timeoutMs: 10_000 })).output, '');
  });

  it('scans with the right, once the user has granted it', async () => {
    const { workbench } = session();
    await runOrThrow('setcap', ['cap_net_raw+ep', await helperOf(session())], { timeoutMs: 10_000 });
    await workbench
      .toast(/Press Enter/u)
      .getByRole('button', { name: 'Done: Scan Again' })
      .click();
    await workbench.answer('127.0.0.1');
    await workbench.option(/^quick/u).waitFor();
    await workbench.answer('1-20');
    await takeTechnique(session(), 'TCP SYN');
    const scans = workbench.tree(/^Scans/u);
    await workbench.row(/^20 TCP ports: closed, 20 reset/u, scans).waitFor();
    await workbench.picture('raw granted');
  });
});
