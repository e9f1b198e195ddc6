/**
 * `npm run bench:exposure [-- --json]`: the figures of the checks, measured against real servers in a network
 * namespace of its own (root on Linux). A figure that was not measured is null, never a guess.
 */
import path from 'node:path';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import { run } from '../support/run';

const root = path.resolve(__dirname, '../..');

interface Figure {
  readonly key: string;
  readonly title: string;
  readonly goal: string;
  readonly holds: (value: number) => boolean;
}

const figures: readonly Figure[] = [
  {
    key: 'realServerConfigs',
    title: 'configurations of real servers, all right',
    goal: '≥ 40',
    holds: (n) => n >= 40,
  },
  { key: 'wrongVerdicts', title: 'wrong verdicts', goal: '0', holds: (n) => n === 0 },
  {
    key: 'verdictMs',
    title: 'new open Redis to its verdict, with a 2 s refresh (ms)',
    goal: '≤ 3,000',
    holds: (n) => n <= 3000,
  },
  { key: 'check30Ms', title: '30 listeners to check, wall (ms)', goal: '≤ 2,500', holds: (n) => n <= 2500 },
  {
    key: 'forbiddenPackets',
    title: 'packets to debuggers that must not be probed',
    goal: '0',
    holds: (n) => n === 0,
  },
];

async function main(json: boolean): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'portlight-bench-'));
  const file = path.join(folder, 'figures.jsonl');
  try {
    const env = { ...process.env, PORTLIGHT_FIGURES: file, PORTLIGHT_NO_SKIP: '1' };
    const command = ['--import', 'tsx', 'test/services/run.ts'];
    const result = await run(process.execPath, command, { cwd: root, env, timeoutMs: 20 * 60_000 });
    if (result.code !== 0) process.stderr.write(result.output.slice(-8000));
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const values = Object.assign({}, ...lines.map((line) => JSON.parse(line) as object)) as Record<
      string,
      number
    >;
    print(values, json);
    const missed = figures.some(({ key, holds }) => values[key] === undefined || !holds(values[key]));
    return missed || result.code !== 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(values: Readonly<Record<string, number>>, json: boolean): void {
  if (json) {
    const all = Object.fromEntries(figures.map(({ key }) => [key, values[key] ?? null]));
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  for (const { key, title, goal } of figures)
    console.log(`${title.padEnd(56)} ${String(values[key] ?? 'not measured').padStart(12)}   ${goal}`);
}

main(process.argv.includes('--json')).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
