import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { LinuxReader } from '../../src/machine/linux/reader';
import { openMachine } from '../../src/machine/machine';
import type { SnapshotDelta } from '../../src/ports/snapshot';
import { Actor } from '../machine/support/actor';
import { startFarm } from './farm';
import type { Steady } from './steady';

export interface BenchOptions {
  /** The bundled worker. */
  readonly worker: string;
  /** The bundled test/bench/steady.ts. */
  readonly steady: string;
  /** Ticks of 2 s for the steady figures. */
  readonly ticks: number;
  readonly say: (line: string) => void;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? NaN)) / 2;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** How often the reader looks into every process again, in ticks: its cost is shared among them. */
const WALK_EVERY_TICKS = 900;

/** 30 listeners, 200 processes of 20 files: CPU time a tick, all three at the same time on timers of 2 s. */
export async function measureSteady({
  worker,
  steady,
  ticks,
  say,
}: BenchOptions): Promise<Record<string, number>> {
  const farm = await startFarm(200, 20, 30);
  try {
    const start = async (contender: string, delayMs: number): Promise<Steady> => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [steady, contender, String(ticks), worker],
        { timeout: (ticks + 30) * 4000 },
      );
      return JSON.parse(stdout) as Steady;
    };
    const [ours, idle, ss, lsof] = await Promise.all([
      start('ours', 0),
      start('idle', 300),
      start('ss', 700),
      start('lsof', 1400),
    ]);
    const walk = cpuOfWalk() / WALK_EVERY_TICKS;
    const total = Math.max(ours.selfMs - idle.selfMs, 0.01) + walk;
    say(
      `steady, CPU a tick: ours ${total.toFixed(3)} ms (of it ${walk.toFixed(3)} the share of a full walk every 30 min; the same program without looking: ${idle.selfMs.toFixed(3)} ms, not counted)`,
    );
    say(
      `  ss ${ss.childrenMs.toFixed(1)} ms, lsof ${lsof.childrenMs.toFixed(1)} ms; what starts them costs ${ss.selfMs.toFixed(1)} and ${lsof.selfMs.toFixed(1)} ms more, not counted`,
    );
    return { steadyCpuVsSs: ss.childrenMs / total, steadyCpuVsLsof: lsof.childrenMs / total };
  } finally {
    await farm.end();
  }
}

/** CPU time of one full refresh, in ms. */
function cpuOfWalk(): number {
  const reader = new LinuxReader();
  reader.refresh('full');
  const costs = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    reader.refresh('full');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  reader.close();
  return median(costs);
}

/**
 * The same machine: a first listing by a reader that knows nothing yet, as the view asks for it, against ss, in turns.
 * Both must name the same processes for each port.
 */
export async function measureCold({ say }: BenchOptions): Promise<Record<string, number>> {
  const farm = await startFarm(200, 20, 30);
  try {
    const ours: number[] = [];
    const ss: number[] = [];
    for (let run = 0; run < 21; run++) {
      const reader = new LinuxReader();
      let listed: SnapshotDelta | undefined;
      ours.push(await timed(() => (listed = reader.refresh('tick'))));
      reader.close();
      let printed = '';
      ss.push(await timed(() => (printed = spawnSync('ss', ['-H', '-tulnpe'], { encoding: 'utf8' }).stdout)));
      assert.deepEqual(pidsByPort(listed), pidsOfSs(printed));
    }
    say(
      `cold listing: ours ${median(ours).toFixed(1)} ms (the very first, code not yet compiled: ${(ours[0] ?? NaN).toFixed(1)}), ss ${median(ss).toFixed(1)} ms`,
    );
    return { coldWallVsSs: median(ss) / median(ours) };
  } finally {
    await farm.end();
  }
}

/** `tcp 3000: pid pid`, sorted. */
function pidsByPort(delta: SnapshotDelta | undefined): readonly string[] {
  const lines = (delta?.changed ?? []).map(({ protocol, port, owner }) => {
    const pids = 'process' in owner ? [owner.process, ...owner.coOwners].map(({ pid }) => pid) : [];
    return lineOf(protocol, port, pids);
  });
  return lines.sort();
}

function pidsOfSs(printed: string): readonly string[] {
  const lines = printed.trim().split('\n');
  return lines
    .map((line) => {
      const [protocol = '', , , , local = ''] = line.split(/\s+/u);
      const pids = [...line.matchAll(/pid=(\d+)/gu)].map(([, pid]) => Number(pid));
      return lineOf(protocol, Number(local.slice(local.lastIndexOf(':') + 1)), pids);
    })
    .sort();
}

const lineOf = (protocol: string, port: number, pids: readonly number[]): string =>
  `${protocol} ${port}: ${[...pids].sort((a, b) => a - b).join(' ')}`;

const ROUNDS = 5;
const RUNS_IN_ROUND = 7;

/** From the tick to the delta in the asking thread, through the worker. */
export async function measureNewListener({ worker, say }: BenchOptions): Promise<Record<string, number>> {
  const farm = await startFarm(200, 20, 30);
  const machine = openMachine({ workerPath: worker });
  try {
    await machine.listeners.refresh('full');
    for (let tick = 0; tick < 20; tick++) await machine.listeners.refresh('tick');
    const times: number[] = [];
    const blocks: number[] = [];
    for (let run = 0; run < ROUNDS * RUNS_IN_ROUND; run++) {
      const actor = await Actor.start();
      const port = await actor.listen('server', 4, '127.0.0.1');
      const before = performance.eventLoopUtilization();
      const start = performance.now();
      const delta = await machine.listeners.refresh('tick');
      times.push(performance.now() - start);
      const found = delta?.changed.some((listener) => listener.port === port && 'process' in listener.owner);
      blocks.push(performance.eventLoopUtilization(before).active);
      if (found !== true) throw new Error('The new listener was not found in its tick');
      await actor.end();
      const idle = performance.eventLoopUtilization();
      await machine.listeners.refresh('tick');
      blocks.push(performance.eventLoopUtilization(idle).active);
    }
    say(`new listener: median ${median(times).toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)} ms`);
    say(
      `the asking thread is busy in a tick with a change: median ${median(blocks).toFixed(2)} ms, worst ${Math.max(...blocks).toFixed(2)} ms`,
    );
    // The longest of a round, and the median of the rounds: one hiccup of the machine is not ours.
    const size = blocks.length / ROUNDS;
    const longest = Array.from({ length: ROUNDS }, (_, round) =>
      Math.max(...blocks.slice(round * size, (round + 1) * size)),
    );
    return { newListenerMs: median(times), hostBlockMsMax: median(longest) };
  } finally {
    machine.dispose();
    await farm.end();
  }
}

/** 5,000 listeners of 50 processes: one more, by another process. */
export async function measure5000({ worker, say }: BenchOptions): Promise<Record<string, number>> {
  const farm = await startFarm(200, 20, 50, 100);
  const machine = openMachine({ workerPath: worker });
  try {
    const first = await timed(() => machine.listeners.refresh('full'));
    for (let tick = 0; tick < 5; tick++) await machine.listeners.refresh('tick');
    const times: number[] = [];
    const idle: number[] = [];
    for (let run = 0; run < 15; run++) {
      const actor = await Actor.start();
      await actor.listen('server', 4, '127.0.0.1');
      times.push(await timed(() => machine.listeners.refresh('tick')));
      await actor.end();
      await machine.listeners.refresh('tick');
      idle.push(await timed(() => machine.listeners.refresh('tick')));
    }
    say(
      `5,000 listeners: one change ${median(times).toFixed(1)} ms, no change ${median(idle).toFixed(1)} ms, first answer ${first.toFixed(0)} ms`,
    );
    return { refresh5000Ms: median(times) };
  } finally {
    machine.dispose();
    await farm.end();
  }
}
