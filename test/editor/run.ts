import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { withTemporaryFolder } from '../support/cleanup';
import { hostsFolder, hostsUnsupported, root, type HostName } from '../support/hosts';

/**
 * Runs test/editor in the extension host of a real VS Code: `tsx test/editor/run.ts [newest|minimum]`, with
 * `--grep TEXT` for some of the tests and `--results FILE` for the counts. On Linux VS Code is code-server from npm
 * in a headless Chromium; elsewhere the desktop that @vscode/test-electron downloads.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: 'string' }, results: { type: 'string' } },
  });
  const host = (positionals[0] ?? 'newest') as HostName;
  await bundleTests();
  await withTemporaryFolder('editor', async (temporary) => {
    const workspace = path.join(temporary, 'workspace');
    await mkdir(workspace);
    await runTests({
      ...codeFor(host),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'out/editor/suite.js'),
      launchArgs: [
        workspace,
        '--disable-extensions',
        `--user-data-dir=${path.join(temporary, 'user-data')}`,
        `--extensions-dir=${path.join(temporary, 'extensions')}`,
      ],
      extensionTestsEnv: {
        PORTLIGHT_CODE_HOST: host,
        PORTLIGHT_MOCHA_GREP: values.grep,
        PORTLIGHT_MOCHA_RESULTS: values.results ?? path.join(temporary, 'results.json'),
      },
    });
  });
}

function codeFor(host: HostName): { vscodeExecutablePath: string } | { version: string; cachePath: string } {
  if (hostsUnsupported() === undefined) {
    return { vscodeExecutablePath: path.join(root, 'test/support/code.mjs') };
  }
  return { version: host === 'minimum' ? '1.100.3' : 'stable', cachePath: hostsFolder() };
}

/** One file with mocha's runner and one for each test file: VS Code loads CommonJS, the sources are TypeScript. */
async function bundleTests(): Promise<void> {
  const out = path.join(root, 'out/editor');
  await rm(out, { recursive: true, force: true });
  const tests = (await readdir(__dirname)).filter((name) => name.endsWith('.test.ts'));
  await build({
    entryPoints: ['suite.ts', ...tests].map((name) => path.join(__dirname, name)),
    outdir: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // As in scripts/build.mjs: the CommonJS files of jsonc-parser cannot be followed.
    mainFields: ['module', 'main'],
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
