import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { shuffled } from '../support/shuffled';
import { Network, TARGET, type Wire } from '../probe/support/network';
import { compileRelay } from '../probe/support/needs';
import { probeFile, readScan, type Verdicts } from '../probe/support/scans';

/**
 * The figures of the scan engine, beside nmap in the same run: whole processes, contenders in turns, medians. Needs
 * root, nmap, nft and a C compiler, like the tests. `--quick` leaves out what takes nmap minutes.
 */

const USAGE = 'npm run bench:scan [-- --quick] [--only lan|filtered|memory|loss] [--json] [--rounds N]';

interface Figure {
  readonly key: string;
  readonly title: string;
  readonly value: number;
  readonly least: string;
  readonly aim: string;
  readonly detail: string;
}

interface Timed {
  readonly ms: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Contender = (network: Network) => Promise<number>;

let wrongStates = 0;
const ALL_PORTS = 65_535;
const FIRST_TIMES = 5;
const OPEN = shuffled(60_000, 20)
  .slice(0, 20)
  .map((port) => port + 1)
  .sort((a, b) => a - b);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/** A shell that waits on the scanning host, and becomes the program. */
const LAUNCH = 'echo ready; read -r go; exec "$@" < /dev/null';

/** Runs a program on the scanning host; the time is from its start to its end, without the way to that host. */
async function timed(
  network: Network,
  command: string,
  args: readonly string[],
  onOutput: (text: string, ms: number) => void = () => undefined,
  keep = true,
): Promise<Timed> {
  const child = spawn('ip', network.asScanner('sh', ['-c', LAUNCH, 'sh', command, ...args]));
  const stdout: string[] = [];
  const stderr: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk.toString()));
  const closed = new Promise((resolve) => child.once('close', resolve));
  await Promise.race([once(child.stdout, 'data'), closed]);
  const start = performance.now();
  child.stdout.on('data', (chunk: Buffer) => {
    const text = chunk.toString();
    if (keep) stdout.push(text);
    onOutput(text, performance.now() - start);
  });
  child.stdin.end('\n');
  const code = await closed;
  const ms = performance.now() - start;
  if (code !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with ${String(code)}: ${stderr.join('').slice(-500)}`,
    );
  return { ms, stdout: stdout.join(''), stderr: stderr.join('') };
}

function scanArguments(technique: 'syn' | 'connect', ports: string): string[] {
  return `scan ${TARGET.ipv4} -p ${ports} --technique ${technique} --timing fast --format jsonl`.split(' ');
}

/** Ours; every state is compared with what is so. */
function ours(technique: 'syn' | 'connect', ports: string, expected: (port: number) => string): Contender {
  return async (network) => {
    const args = scanArguments(technique, ports);
    const { ms, stdout } = await timed(network, await probeFile(), args);
    wrongStates += wrong(readScan(stdout).verdicts, expected);
    return ms;
  };
}

function wrong(verdicts: Verdicts, expected: (port: number) => string): number {
  return [...verdicts].filter(([port, verdict]) => verdict !== expected(port)).length;
}

function nmap(...options: string[]): Contender {
  return async (network) => {
    const { ms, stdout } = await timed(network, 'nmap', ['-n', '-Pn', ...options, TARGET.ipv4]);
    if (!options.includes('-p-')) return ms;
    const found = [...stdout.matchAll(/^(\d+)\/tcp +open/gmu)].map(([, port]) => Number(port));
    if (found.join() !== OPEN.join())
      console.error(`nmap ${options.join(' ')} found other ports: ${found.join()}`);
    return ms;
  };
}

const listens = new Set(OPEN);
const expectSyn = (port: number): string => (listens.has(port) ? 'open syn-ack' : 'closed reset');
const expectConnect = (port: number): string => (listens.has(port) ? 'open syn-ack' : 'closed conn-refused');

/** Medians of contenders that took turns, ms. */
async function race<K extends string>(
  network: Network,
  rounds: number,
  contenders: Readonly<Record<K, Contender>>,
): Promise<Record<K, number>> {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []])) as unknown as Record<
    K,
    number[]
  >;
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of Object.entries(contenders) as [K, Contender][]) {
      const ms = await run(network);
      times[name].push(ms);
      console.error(`round ${round + 1}: ${name} ${seconds(ms)}`);
    }
  return Object.fromEntries(
    Object.entries(times).map(([name, list]) => [name, median(list as number[])]),
  ) as Record<K, number>;
}

async function withNetwork<T>(
  wire: Wire | undefined,
  tools: string,
  work: (network: Network) => Promise<T>,
): Promise<T> {
  const network = await Network.make(wire, tools);
  try {
    await network.listen(OPEN);
    return await work(network);
  } finally {
    await network.remove();
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function ratio(
  key: string,
  title: string,
  times: { readonly ours: number; readonly nmap: number },
  [least, aim]: readonly [number, number],
): Figure {
  const detail = `${seconds(times.nmap)} ÷ ${seconds(times.ours)}`;
  return { key, title, value: times.nmap / times.ours, least: String(least), aim: String(aim), detail };
}

async function lan(rounds: number): Promise<Figure[]> {
  return withNetwork(undefined, '', async (network) => {
    const times = await race(network, rounds, {
      connect: ours('connect', '-', expectConnect),
      nmapConnect: nmap('-sT', '-T4', '-p-'),
      syn: ours('syn', '-', expectSyn),
      nmapSyn4: nmap('-sS', '-T4', '-p-'),
      nmapSyn5: nmap('-sS', '-T5', '-p-'),
    });
    const nmapSyn = Math.min(times.nmapSyn4, times.nmapSyn5);
    const first = [];
    // How soon one comes is luck as well: the order of the ports is drawn anew each time.
    for (let round = 0; round < rounds * FIRST_TIMES; round++) first.push(await firstFound(network));
    return [
      ratio(
        'connectLanVsNmap',
        'connect, all ports, LAN: nmap -sT -T4 ÷ ours',
        { ours: times.connect, nmap: times.nmapConnect },
        [1.5, 3],
      ),
      ratio(
        'synLanVsNmap',
        'SYN, the same: nmap -sS (faster of T4, T5) ÷ ours',
        { ours: times.syn, nmap: nmapSyn },
        [1.1, 2],
      ),
      {
        key: 'firstResultMs',
        title: 'first found port after the start, LAN, ms',
        value: median(first),
        least: '≤ 150',
        aim: '≤ 80',
        detail: `median of ${rounds * FIRST_TIMES}, from the start of the process`,
      },
    ];
  });
}

async function firstFound(network: Network): Promise<number> {
  let at: number | undefined;
  const args = scanArguments('syn', '-');
  await timed(network, await probeFile(), args, (text, ms) => {
    if (text.includes('"found"')) at ??= ms;
  });
  return at ?? Number.POSITIVE_INFINITY;
}

async function loss(rounds: number, tools: string): Promise<Figure[]> {
  return withNetwork({ delayMs: 25, lossPercent: 2, seed: 2 }, tools, async (network) => {
    const times = await race(network, rounds, {
      syn: ours('syn', '-', expectSyn),
      nmapSyn: nmap('-sS', '-T4', '-p-'),
      connect: ours('connect', '-', expectConnect),
      nmapConnect: nmap('-sT', '-T4', '-p-'),
    });
    return [
      ratio(
        'synLossVsNmap',
        'SYN, 50 ms and 2 % loss: nmap -sS -T4 ÷ ours',
        { ours: times.syn, nmap: times.nmapSyn },
        [30, 100],
      ),
      ratio(
        'connectLossVsNmap',
        'connect, the same: nmap -sT -T4 ÷ ours',
        { ours: times.connect, nmap: times.nmapConnect },
        [20, 50],
      ),
    ];
  });
}

async function filtered(rounds: number): Promise<Figure[]> {
  return withNetwork(undefined, '', async (network) => {
    await network.rules(
      'table inet f { chain i { type filter hook input priority 0; tcp dport 1-1000 drop; }; }\n',
    );
    const sent = { ours: 0, nmap: 0 };
    const counted =
      (name: keyof typeof sent, run: Contender): Contender =>
      async (on) => {
        const before = await on.packetsSent();
        const ms = await run(on);
        sent[name] += (await on.packetsSent()) - before;
        return ms;
      };
    const times = await race(network, rounds, {
      ours: counted(
        'ours',
        ours('syn', '1-1000', () => 'filtered no-response'),
      ),
      nmap: counted('nmap', nmap('-sS', '-T5', '-p1-1000')),
    });
    const tries = (name: keyof typeof sent): string => (sent[name] / rounds / 1000).toFixed(2);
    const figure = ratio('filteredVsNmap', '1,000 dropped ports, SYN: nmap -sS -T5 ÷ ours', times, [3, 5]);
    const detail = `${figure.detail}; tries a port: nmap ${tries('nmap')}, ours ${tries('ours')}`;
    return [{ ...figure, detail }];
  });
}

/** A /16 of which every address answers: the target takes them all for its own. */
async function memory(): Promise<Figure[]> {
  return withNetwork(undefined, '', async (network) => {
    await network.in('target', 'ip', 'route', 'add', 'local', '10.64.0.0/16', 'dev', 'lo');
    await network.in('scanner', 'ip', 'route', 'add', '10.64.0.0/16', 'via', TARGET.ipv4);
    const args = [
      'scan',
      '10.64.0.0/16',
      '-p',
      '1-100',
      '--technique',
      'syn',
      '--timing',
      'fast',
      '--skip-discovery',
    ];
    let hosts = 0;
    let rest = '';
    const count = (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines)
        if (
          line.includes('"kind":"ports"') &&
          line.includes('"ports":[[1,100]]') &&
          line.includes('"closed"')
        )
          hosts++;
    };
    const { ms, stderr } = await timed(
      network,
      await probeFile(),
      [...args, '--format', 'jsonl', '--stats'],
      count,
      false,
    );
    wrongStates += (65_536 - hosts) * 100;
    const { peakMiB } = JSON.parse(stderr) as { readonly peakMiB: number };
    return [
      {
        key: 'peakMiB',
        title: 'peak memory, 65,536 hosts × 100 ports, MiB',
        value: peakMiB,
        least: '≤ 200',
        aim: '≤ 120',
        detail: `in ${seconds(ms)}, ${hosts} hosts right`,
      },
    ];
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      json: { type: 'boolean' },
      rounds: { type: 'string', default: '5' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const rounds = Number(values.rounds);
  await probeFile();
  const relay = await compileRelay();
  const parts: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
    lan: () => lan(rounds),
    filtered: () => filtered(rounds),
    memory: () => memory(),
    loss: () => loss(rounds, relay.folder),
  };
  const names = Object.keys(parts).filter((name) =>
    values.only === undefined ? values.quick !== true || name !== 'loss' : name === values.only,
  );
  const figures: Figure[] = [];
  try {
    if (names.length === 0) throw new Error(`No such part: ${String(values.only)}\n${USAGE}`);
    for (const name of names) figures.push(...((await parts[name]?.()) ?? []));
  } finally {
    await relay.remove();
  }
  figures.push({
    key: 'wrongStates',
    title: `false states over all of our runs (${ALL_PORTS} ports each)`,
    value: wrongStates,
    least: '0',
    aim: '0',
    detail: '',
  });
  if (values.json === true) {
    const machine = {
      cpu: os.cpus()[0]?.model,
      cores: os.cpus().length,
      kernel: os.release(),
      load: os.loadavg()[0],
    };
    const rows = figures.map(({ key, value }) => [key, Math.round(value * 100) / 100]);
    console.log(JSON.stringify({ ...Object.fromEntries(rows), rounds, machine }));
    return;
  }
  for (const { title, value, least, aim, detail } of figures)
    console.log(
      `${title.padEnd(56)} ${value.toFixed(2).padStart(9)}  at least ${least.padEnd(6)} aim ${aim.padEnd(6)} ${detail}`,
    );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
