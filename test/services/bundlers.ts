import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hostsFolder } from '../support/hosts';
import { withLock } from '../support/lock';
import { runOrThrow } from '../support/run';

/** Development servers as npm brings them. */
const PACKAGES = ['vite@8.3.8', 'webpack@5.113.0', 'webpack-cli@7.3.1', 'webpack-dev-server@6.1.0'];
const stamp = JSON.stringify(PACKAGES);

/** A file of one of these packages, such as `vite/bin/vite.js`. */
export const bundlerFile = (name: string): string => path.join(folder(), 'node_modules', name);

const folder = (): string => path.join(hostsFolder(), 'bundlers');

/** Installs them beside the VS Code servers where they are missing. Before the tests, whose network has no way out. */
export async function installBundlers(): Promise<void> {
  const whole = folder();
  await mkdir(hostsFolder(), { recursive: true });
  await withLock(whole, async () => {
    const done = path.join(whole, 'complete.json');
    if (existsSync(done) && (await readFile(done, 'utf8')) === stamp) return;
    const partial = `${whole}.partial`;
    for (const each of [partial, whole]) await rm(each, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await writeFile(path.join(partial, 'package.json'), '{"private":true}');
    const args = [
      'install',
      '--ignore-scripts',
      '--save-exact',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    await runOrThrow('npm', [...args, ...PACKAGES], { cwd: partial, timeoutMs: 5 * 60_000 });
    await writeFile(path.join(partial, 'complete.json'), stamp);
    await rename(partial, whole);
  });
}
