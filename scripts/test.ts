import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from '../test/support/browser';
import { withTemporaryFolder } from '../test/support/cleanup';
import { hostsUnsupported, installHost, root, type HostName } from '../test/support/hosts';
import {
  addResults,
  noResults,
  oneFailed,
  readResults,
  type Remark,
  type Results,
} from '../test/support/results';
import { run } from '../test/support/run';

interface Stage {
  /** `npm test -- NAME` runs it; test/debian-packages.txt names it too. */
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly run: (stage: Stage) => Promise<Results>;
}

/** What `npm test` runs, one line each, the quickest to fail first. */
const STAGES: readonly Stage[] = [
  { name: 'check', title: 'types, lint, format, walls, unused code', minutes: 10, run: runChecks },
  { name: 'unit', title: 'unit', minutes: 10, run: mocha('test/unit.mocharc.json') },
  {
    name: 'probe',
    title: 'the helper, in network namespaces beside nmap',
    minutes: 20,
    run: mocha('test/probe.mocharc.json'),
  },
  {
    name: 'machine',
    title: 'this machine: real sockets and processes',
    minutes: 10,
    run: mocha('test/machine.mocharc.json'),
  },
  { name: 'editor', title: 'editor, VS Code at the minimum engine', minutes: 10, run: editor('minimum') },
  { name: 'editor', title: 'editor, newest VS Code', minutes: 10, run: editor('newest') },
  {
    name: 'e2e',
    title: 'end to end, the packed extension',
    minutes: 15,
    run: mocha('test/e2e.mocharc.json'),
  },
  {
    name: 'services',
    title: 'service checks against real servers',
    minutes: 15,
    run: services,
  },
];

const stageNames = [...new Set(STAGES.map((stage) => stage.name))];

const USAGE = `npm test [-- STAGE…]   runs all tests, or some of: ${stageNames.join(', ')}
PORTLIGHT_NO_SKIP=1       a skipped test is a failure
PORTLIGHT_TEST_HOSTS=DIR  where the VS Code servers are installed (.vscode-test)`;

/** The npm scripts whose names begin with `check:`; each counts as one test. */
async function runChecks(stage: Stage): Promise<Results> {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  let results = noResults;
  for (const script of Object.keys(manifest.scripts).filter((name) => name.startsWith('check:'))) {
    const ok = await runShown('npm', ['run', '--silent', script], stage);
    console.log(`  ${ok ? '✔' : '✘'} ${script}`);
    results = addResults(results, ok ? onePassed : oneFailed(script, 'see above'));
  }
  return results;
}

function mocha(config: string): Stage['run'] {
  return (stage) =>
    withTemporaryFolder('results', async (folder) => {
      const file = path.join(folder, 'results.json');
      const bin = path.join(root, 'node_modules/mocha/bin/mocha.js');
      const ok = await runShown(process.execPath, [bin, '--config', config, ...reportTo(file)], stage);
      return await settle(ok, file, stage);
    });
}

const reportTo = (file: string): string[] => [
  ...['--reporter', 'test/support/reporter.ts'],
  ...['--reporter-option', `results=${file}`],
];

/** The servers that are checked for open doors run in a network namespace of their own: root, and Debian's packages. */
function services(stage: Stage): Promise<Results> {
  return withTemporaryFolder('results', async (folder) => {
    if (!isDebianRoot()) return skipped(stage, 'needs root on Debian');
    const file = path.join(folder, 'results.json');
    const args = ['--import', 'tsx', 'test/services/run.ts', ...reportTo(file)];
    return await settle(await runShown(process.execPath, args, stage), file, stage);
  });
}

function editor(host: HostName): Stage['run'] {
  return (stage) =>
    withTemporaryFolder('results', async (folder) => {
      if (hostsUnsupported() === undefined) {
        if (findChromium() === undefined) return skipped(stage, 'there is no Chromium');
        await installHost(host, console.log);
      }
      const built = await runShown('npm', ['run', '--silent', 'build'], stage);
      if (!built) return oneFailed(stage.title, 'the extension cannot be built');
      const file = path.join(folder, 'results.json');
      const args = ['--import', 'tsx', 'test/editor/run.ts', host, '--results', file];
      const ok = await runShown(process.execPath, args, stage);
      return await settle(ok, file, stage);
    });
}

const onePassed: Results = { ...noResults, passed: 1 };

function skipped(stage: Stage, reason: string): Results {
  if (process.env['PORTLIGHT_NO_SKIP'] !== '1') {
    return { ...noResults, skipped: [{ title: stage.title, reason }] };
  }
  return oneFailed(stage.title, `skipping is not allowed here (PORTLIGHT_NO_SKIP=1): ${reason}`);
}

/** What a run wrote, and a failure where it ended badly without saying of what. */
async function settle(ok: boolean, file: string, stage: Stage): Promise<Results> {
  const results = await readResults(file);
  if (results !== undefined && (ok || results.failed.length > 0)) return results;
  const reason = `the run ended ${results === undefined ? 'before its tests did' : 'badly'}`;
  return addResults(results ?? noResults, oneFailed(stage.title, reason));
}

async function runShown(command: string, args: readonly string[], stage: Stage): Promise<boolean> {
  const result = await run(command, args, { cwd: root, timeoutMs: stage.minutes * 60_000, show: true });
  if (result.timedOut) console.error(`${stage.title}: not done after ${stage.minutes} minutes, ended`);
  return result.code === 0 && !result.timedOut;
}

/** On Debian, as root: what the stages need, without asking. Anywhere else the tests say what they miss. */
async function installPackages(stages: readonly string[]): Promise<void> {
  if (!isDebianRoot()) return;
  const script = path.join(root, 'scripts/install-debian-packages.sh');
  const result = await run(script, stages, { timeoutMs: 15 * 60_000, show: true });
  if (result.code !== 0) console.error('Some packages could not be installed; what needs them is skipped.');
}

const isDebianRoot = (): boolean => existsSync('/etc/debian_version') && process.getuid?.() === 0;

async function runStage(stage: Stage): Promise<Results> {
  const start = Date.now();
  console.log(`\n── ${stage.title} ──`);
  try {
    return await stage.run(stage);
  } catch (error) {
    return oneFailed(stage.title, error instanceof Error ? error.message : String(error));
  } finally {
    console.log(`── ${stage.title}: ${((Date.now() - start) / 1000).toFixed(0)} s ──`);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  const unknown = positionals.filter((name) => !stageNames.includes(name));
  if (values.help === true || unknown.length > 0) {
    console.log(unknown.length > 0 ? `No such stage: ${unknown.join(', ')}\n\n${USAGE}` : USAGE);
    process.exitCode = unknown.length > 0 ? 2 : 0;
    return;
  }
  const names = positionals.length > 0 ? positionals : stageNames;
  await installPackages(names);
  let total = noResults;
  for (const stage of STAGES.filter(({ name }) => names.includes(name))) {
    total = addResults(total, await runStage(stage));
  }
  list('Skipped', total.skipped);
  list('Failed once, and passed at the second try', total.retried);
  list('Failed', total.failed);
  console.log(`\n${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`);
  if (total.failed.length > 0) process.exitCode = 1;
}

/** At the end, since a failure of an early stage is thousands of lines above. */
function list(heading: string, remarks: readonly Remark[]): void {
  if (remarks.length > 0) console.log(`\n${heading}:`);
  for (const { title, reason } of remarks) console.log(`  ${title}: ${reason}`);
}

void main();
