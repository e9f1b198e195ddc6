import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { buildProbe } from '../../../scripts/build-probe';
import type { ScanEnd, ScanEvent } from '../../../src/scan/report';
import type { Network } from './network';

const exec = promisify(execFile);
const SCAN_MS = 280_000;

/** `open syn-ack`: a port's state and reason, by port. */
export type Verdicts = ReadonlyMap<number, string>;

let helper: Promise<string> | undefined;

/** The helper's executable, built once a run. */
export function probeFile(): Promise<string> {
  helper ??= buildProbe().then(({ file }) => file);
  return helper;
}

export interface ProbeScan {
  readonly verdicts: Verdicts;
  readonly events: readonly ScanEvent[];
  readonly end: ScanEnd;
}

/** Scans one target as the scanning host with `portlight-probe scan`. */
export async function probeScan(network: Network, args: readonly string[]): Promise<ProbeScan> {
  return await scanWith(network, [await probeFile()], args);
}

/** The same with another helper, given as a program and its first arguments. */
export async function scanWith(
  network: Network,
  [program, ...first]: readonly [string, ...string[]],
  args: readonly string[],
): Promise<ProbeScan> {
  const all = network.asScanner(program, [...first, 'scan', ...args, '--format', 'jsonl']);
  const { stdout } = await exec('ip', all, { timeout: SCAN_MS, maxBuffer: 256 * 1024 * 1024 });
  return readScan(stdout);
}

export function readScan(text: string): ProbeScan {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ScanEvent | ({ readonly kind: 'end' } & ScanEnd));
  const verdicts = new Map<number, string>();
  const events: ScanEvent[] = [];
  let end: ScanEnd | undefined;
  for (const line of lines) {
    if (line.kind === 'end') end = line;
    else events.push(line);
    if (line.kind !== 'ports') continue;
    for (const { state, reason, ports } of line.groups)
      for (const [first, last] of ports)
        for (let port = first; port <= last; port++) verdicts.set(port, `${state} ${reason}`);
  }
  if (end === undefined) throw new Error('The scan has no end.');
  return { verdicts, events, end };
}

/** The same by nmap, with `-n -Pn`. Ports that nmap only counts have the verdict of their group. */
export async function nmapScan(
  network: Network,
  args: readonly string[],
  ports: readonly number[],
): Promise<Verdicts> {
  const all = network.asScanner('nmap', ['-n', '-Pn', '--reason', ...args, '-oX', '-']);
  const { stdout } = await exec('ip', all, { timeout: SCAN_MS, maxBuffer: 256 * 1024 * 1024 });
  const found = new Map<number, string>();
  for (const [, port, state, reason] of stdout.matchAll(
    /portid="(\d+)"><state state="([^"]+)" reason="([^"]+)"/gu,
  ))
    found.set(Number(port), `${state ?? ''} ${reason ?? ''}`);
  const rest = [
    ...stdout.matchAll(/<extraports state="([^"]+)"[^>]*>\s*<extrareasons reason="([^"]+)"[^>]*>/gu),
  ];
  for (const port of ports) {
    if (found.has(port)) continue;
    const [group] = rest;
    if (rest.length !== 1 || group === undefined) throw new Error('nmap left out ports of several states.');
    found.set(port, `${group[1] ?? ''} ${(group[2] ?? '').replace(/s$/u, '')}`);
  }
  return found;
}

export function openPorts(verdicts: Verdicts): number[] {
  return [...verdicts]
    .filter(([, verdict]) => verdict.startsWith('open '))
    .map(([port]) => port)
    .sort((a, b) => a - b);
}
