import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { launchBrowser } from '../support/browser';
import { root } from '../support/hosts';
import { ownGroup } from '../support/run';
import { refused } from './session';
import { Workbench } from './workbench';

describe('npm start', () => {
  it('opens a VS Code with Portlight at an address that holds its key, and Ctrl-C ends all of it', async () => {
    const child = spawn('npm', ['start', '--', '--web'], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(child.pid);
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    const group = ownGroup(child.pid, gone);
    try {
      const address = await printedAddress(child.stdout);
      const bare = await fetch(address.origin);
      assert.equal(bare.status, 403, 'it lets in who has no key');
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage();
        await page.goto(address.href);
        // Its item in the status bar is there when it has been activated.
        await new Workbench(page).statusBarItem('portlight.portlight').waitFor({ timeout: 60_000 });
      } finally {
        await browser.close();
      }
      process.kill(-child.pid, 'SIGINT');
      await gone;
      assert.equal(await refused(Number(address.port)), true);
    } finally {
      await group.end();
    }
  });
});

/** What is printed later must be read too, or the program ends on a broken pipe. */
async function printedAddress(output: NodeJS.ReadableStream): Promise<URL> {
  return await new Promise((resolve, reject) => {
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const printed = /http:\/\/127\.0\.0\.1:\S+/.exec(text)?.[0];
      if (printed !== undefined) resolve(new URL(printed));
    });
    output.once('end', () => {
      reject(new Error(`npm start printed no address:\n${text}`));
    });
  });
}
