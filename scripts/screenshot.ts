// Takes the README's picture, docs/listeners.png, from the packed extension in a real VS Code. What it shows is started
// for it and ended after it: a web server of an npm script, a static file server, and a Redis where there is one.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startWebServer } from '../test/e2e/project';
import { Session } from '../test/e2e/session';
import { root } from '../test/support/hosts';

function start(command: string, args: readonly string[], cwd: string): ChildProcess {
  const child = spawn(command, args, { cwd, stdio: 'ignore' });
  child.on('error', (error) => {
    console.error(`Not in the picture: ${command} (${error.message})`);
  });
  return child;
}

async function takePicture(home: string): Promise<void> {
  const docs = path.join(home, 'handbook');
  await mkdir(docs, { recursive: true });
  await writeFile(path.join(docs, 'pyproject.toml'), '[project]\nname = "handbook"\n');
  const children = [
    start('python3', ['-m', 'http.server', '8000'], docs),
    start('redis-server', ['--port', '6379', '--bind', '127.0.0.1', '--save', ''], home),
  ];
  const session = await Session.start();
  const web = await startWebServer(session.folder, '0.0.0.0', 3000);
  try {
    const workbench = await session.openWindow();
    await workbench.page.setViewportSize({ width: 1180, height: 460 });
    await workbench.runCommand('Portlight: Open Listeners View');
    await workbench.listener(3000).waitFor();
    await workbench.runCommand('View: Toggle Maximized Panel');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.listener(6379).waitFor();
    // A new row carries its mark for a moment.
    await workbench.page.waitForTimeout(12_000);
    await workbench.page.locator('.part.panel').screenshot({ path: path.join(root, 'docs/listeners.png') });
  } finally {
    await session.stop();
    await web.stop();
    for (const child of children) child.kill();
  }
}

async function main(): Promise<void> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'portlight-picture-'));
  try {
    await takePicture(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
