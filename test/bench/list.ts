// `npm run bench:list [-- --json]`: the figures of listing, side by side with ss and lsof in one run.
import { spawnSync } from 'node:child_process';
import { withTemporaryFolder } from '../support/cleanup';
import { bundle } from '../machine/support/bundle';
import { measureActivation, measureVsix } from './installed';
import { measure5000, measureCold, measureNewListener, measureSteady, type BenchOptions } from './measure';

interface Figure {
  readonly key: string;
  readonly title: string;
  /** `min`: at least so much; `max`: at most. */
  readonly bound: 'min' | 'max';
  readonly atLeast: number;
  readonly aim: number;
}

/** One line a figure. */
const FIGURES: readonly Figure[] = [
  { key: 'steadyCpuVsSs', title: 'steady CPU, ss ÷ ours', bound: 'min', atLeast: 15, aim: 60 },
  { key: 'steadyCpuVsLsof', title: 'steady CPU, lsof ÷ ours', bound: 'min', atLeast: 30, aim: 120 },
  { key: 'coldWallVsSs', title: 'cold listing, ss ÷ ours', bound: 'min', atLeast: 1.2, aim: 2 },
  { key: 'newListenerMs', title: 'new listener in the model, ms', bound: 'max', atLeast: 30, aim: 15 },
  { key: 'hostBlockMsMax', title: 'longest block of the host, ms', bound: 'max', atLeast: 5, aim: 1 },
  { key: 'refresh5000Ms', title: '5,000 listeners, one change, ms', bound: 'max', atLeast: 120, aim: 40 },
  { key: 'activationMs', title: 'activation in the extension host, ms', bound: 'max', atLeast: 50, aim: 10 },
  { key: 'vsixKiB', title: 'packed extension, KiB', bound: 'max', atLeast: 600, aim: 300 },
];

/** One line a measurement: each gives the values of some figures, by key. */
const MEASUREMENTS: readonly ((options: BenchOptions) => Promise<Record<string, number>>)[] = [
  measureCold,
  measureNewListener,
  measure5000,
  measureSteady,
  measureActivation,
  measureVsix,
];

const INSIDE = 'PORTLIGHT_BENCH_INSIDE';

/** A network and process namespace of our own, so that nobody else's processes and sockets are measured too. */
function inNamespaces(args: readonly string[]): number {
  const { status } = spawnSync(
    'unshare',
    [
      '--net',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      process.execPath,
      '--import',
      'tsx',
      __filename,
      ...args,
    ],
    { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } },
  );
  return status ?? 1;
}

async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const unknown = args.filter((arg) => arg !== '--json' && !/^--ticks=\d+$/.test(arg));
  if (unknown.length > 0) {
    process.stderr.write(
      `Unknown argument: ${unknown.join(' ')}\nUsage: npm run --silent bench:list [-- --json] [--ticks=45]\n`,
    );
    return 2;
  }
  if (process.getuid?.() === 0 && process.env[INSIDE] === undefined) return inNamespaces(args);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (process.env[INSIDE] === undefined) say('Not root: other processes of this machine are measured too.');
  else spawnSync('ip', ['link', 'set', 'lo', 'up']);
  const ticks = Number(/\d+/.exec(args.find((arg) => arg.startsWith('--ticks=')) ?? '')?.[0] ?? 45);
  const values: Record<string, number> = {};
  await withTemporaryFolder('bench', async (folder) => {
    const worker = await bundle('src/machine/worker.ts', folder);
    // Without a loader around it, which costs more than a look.
    const steady = await bundle('test/bench/steady.ts', folder);
    for (const measure of MEASUREMENTS) Object.assign(values, await measure({ worker, steady, ticks, say }));
  });
  process.stdout.write(json ? `${JSON.stringify(values)}\n` : table(values));
  return 0;
}

function table(values: Readonly<Record<string, number>>): string {
  const rows = FIGURES.map(({ key, title, bound, atLeast, aim }) => {
    const value = values[key];
    const reaches = (limit: number): boolean =>
      value !== undefined && (bound === 'min' ? value >= limit : value <= limit);
    const verdict = reaches(aim) ? 'aim reached' : reaches(atLeast) ? 'ok' : 'MISSED';
    const sign = bound === 'min' ? '≥' : '≤';
    return [key, title, value?.toPrecision(3) ?? '-', `${sign} ${atLeast}`, `${sign} ${aim}`, verdict];
  });
  const all = [['key', 'figure', 'measured', 'at least', 'aim', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
