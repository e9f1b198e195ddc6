import { english } from '../../base/text';
import { ScanError } from '../../scan/client';
import { admit } from '../../scan/guard';
import type { ScanRequest } from '../../scan/report';
import { namesOf, scanTargets } from '../../scan/targets';
import { ownAddresses, type Environment } from '../engine/environment';
import { runScan } from '../engine/scan';
import { dropRights, loadEnvironment } from '../load';
import { resolveNames } from '../resolve';
import { parseScanArguments, SCAN_HELP, UsageError, type ScanArguments } from './arguments';
import type { Command } from './command';
import { EXIT } from './exit';
import { Output } from './output';
import type { Printer } from './printer';
import { portNames } from '../../scan/portSets';

export const scanCommand: Command = { help: SCAN_HELP, run };

/** `portlight-probe scan`: what the editor would run, printed. @returns the exit code. */
async function run(argv: readonly string[]): Promise<number> {
  const given = parseScanArguments(argv, portNames);
  const { request, hosts } = await requestOf(given);
  const environment = loadEnvironment(given.engine);
  const abort = new AbortController();
  const interrupt = (): void => {
    abort.abort();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const output = new Output(interrupt);
  const printer =
    given.format === 'jsonl'
      ? linePrinter(output)
      : // What writes reports is not waited for where none is wanted.
        (await import('./report')).reportPrinter(given, given.format, hosts, output);
  const end = await runScan(request, environment, printer.onEvent, abort.signal, {
    ...(given.maxRate === undefined ? {} : { maxRate: given.maxRate }),
    onOpened: () => {
      giveUpRights(environment);
    },
  });
  printer.end(end);
  if (given.stats) {
    const codeCache = globalThis.portlightCodeCache === true;
    const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
    process.stderr.write(`${JSON.stringify({ ...end, peakMiB, engine: environment.engine, codeCache })}\n`);
  }
  return end.outcome === 'cancelled' ? EXIT.cancelled : EXIT.done;
}

/** Node's own watcher for SIGUSR1 lets no signal through; the executable runs without it. */
function giveUpRights(environment: Environment): void {
  if (dropRights(environment, 'nothing') === 0) return;
  const message = 'the rights of this process could not be given up in all of its threads.';
  if (environment.executable !== undefined) throw new ScanError('internal', message);
  process.stderr.write(`portlight-probe: ${message}\n`);
}

/** The targets as numbers, judged by the scope guard. */
async function requestOf(given: ScanArguments): Promise<{ request: ScanRequest; hosts: number }> {
  const resolutions = await resolveNames(namesOf(given.targets));
  const admitted = admit(given.targets, resolutions, { ownAddresses: ownAddresses(), limit: 'ask' }, english);
  if (!admitted.ok) {
    const message = admitted.errors.map(({ message }) => message).join('\n');
    // A name that does not resolve may do so at the next try: the command line is right.
    throw resolutions.some(({ error }) => error !== undefined) ? new Error(message) : new UsageError(message);
  }
  const { hosts, permission } = admitted.value;
  if (permission.kind === 'ask' && !given.permitted)
    throw new UsageError(
      'These are public addresses. Scan them only if their owner allows it, and say so with --i-have-permission.',
    );
  const { parts, discovery, timing, seed } = given;
  const request = {
    targets: scanTargets(hosts),
    parts,
    discovery,
    timing,
    ...(seed === undefined ? {} : { seed }),
  };
  return { request, hosts: Number(hosts.count) };
}

/** One event a line, as they come: for programs, and for scans of any size, since nothing is kept. */
function linePrinter(output: Output): Printer {
  const write = (value: unknown): void => {
    output.print(`${JSON.stringify(value)}\n`);
  };
  return {
    onEvent: write,
    end: (end) => {
      write({ kind: 'end', ...end });
    },
  };
}
