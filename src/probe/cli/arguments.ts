import { parseArgs } from 'node:util';
import { english } from '../../base/text';
import { parsePorts, type PortNames } from '../../scan/ports';
import {
  DISCOVERY_METHODS,
  TIMINGS,
  type DiscoveryMethod,
  type ScanPart,
  type Timing,
} from '../../scan/report';
import { parseTargets, type TargetList } from '../../scan/targets';
import { TECHNIQUE_IDS, TECHNIQUES, type TechniqueId } from '../../scan/techniques';

const FORMATS = ['text', 'json', 'jsonl', 'xml'] as const;
type Format = (typeof FORMATS)[number];

export interface ScanArguments {
  readonly targets: TargetList;
  readonly targetText: string;
  readonly portText: string;
  readonly parts: readonly ScanPart[];
  readonly discovery: 'skip' | readonly DiscoveryMethod[];
  readonly timing: Timing;
  readonly format: Format;
  readonly maxRate?: number;
  readonly seed?: number;
  readonly engine?: 'addon' | 'raw-socket' | 'net';
  /** Public addresses too: the caller says that they are allowed to. */
  readonly permitted: boolean;
  readonly stats: boolean;
}

/** What the caller typed is wrong; the message says what and where. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  ports: { type: 'string', short: 'p', default: 'quick' },
  technique: { type: 'string', multiple: true },
  discovery: { type: 'string' },
  'skip-discovery': { type: 'boolean', default: false },
  timing: { type: 'string', default: 'polite' },
  format: { type: 'string', default: 'text' },
  'max-rate': { type: 'string' },
  seed: { type: 'string' },
  engine: { type: 'string' },
  'i-have-permission': { type: 'boolean', default: false },
  stats: { type: 'boolean', default: false },
} as const;

export const SCAN_HELP = `portlight-probe scan TARGETS… [options]

  TARGETS              names, addresses, 192.168.1.0/24, 192.168.1.1-50,60, 192.168.1.*, fe80::1%eth0; !HOST leaves out
  -p, --ports LIST     80, http, 1-1024, T:80,U:53, 1024-, - (all), quick, common, all; default quick
  --technique NAME     ${TECHNIQUE_IDS.join(', ')}; may be repeated, once for each protocol; default connect
  --discovery LIST     ${DISCOVERY_METHODS.join(', ')}
  --skip-discovery     take every host for up (the default for a single host)
  --timing NAME        ${TIMINGS.join(', ')}; default polite
  --max-rate N         probes a second at most
  --format NAME        ${FORMATS.join(', ')} (one event a line, as they come); default text
  --seed N             makes the random order repeatable
  --engine NAME        addon, raw-socket or net: which way packets and connections take; default is the fastest
  --stats              counters of the run on stderr
  --i-have-permission  scan public addresses: only with the permission of who owns them
`;

export function parseScanArguments(argv: readonly string[], names: PortNames): ScanArguments {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const { values, positionals } = parsed;
  const targetText = positionals.join(' ');
  const targets = parseTargets(targetText, english);
  if (!targets.ok) throw new UsageError(targets.errors.map((each) => pointAt(targetText, each)).join('\n'));
  const techniques = (values.technique ?? ['connect']).map((name) => oneOf('technique', name, TECHNIQUE_IDS));
  const discovery = discoveryOf(values, targets.value, techniques);
  const engine =
    values.engine === undefined
      ? undefined
      : oneOf('engine', values.engine, ['addon', 'raw-socket', 'net'] as const);
  return {
    targets: targets.value,
    targetText,
    portText: values.ports,
    parts: partsOf(values.ports, techniques, names),
    discovery,
    timing: oneOf('timing', values.timing, TIMINGS),
    format: oneOf('format', values.format, FORMATS),
    permitted: values['i-have-permission'],
    stats: values.stats,
    ...(values['max-rate'] === undefined ? {} : { maxRate: count('max-rate', values['max-rate']) }),
    ...(values.seed === undefined ? {} : { seed: count('seed', values.seed) }),
    ...(engine === undefined ? {} : { engine }),
  };
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`--${option} ${value}: it is one of ${allowed.join(', ')}.`);
  return found;
}

function count(option: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`--${option} ${value}: a whole number above 0 is needed.`);
  return number;
}

function discoveryOf(
  values: { readonly discovery?: string | undefined; readonly 'skip-discovery': boolean },
  targets: TargetList,
  techniques: readonly TechniqueId[],
): ScanArguments['discovery'] {
  if (values['skip-discovery']) return 'skip';
  if (values.discovery !== undefined)
    return values.discovery.split(',').map((name) => oneOf('discovery', name.trim(), DISCOVERY_METHODS));
  if (targets.count === 1n) return 'skip';
  const raw = techniques.some((id) => TECHNIQUES[id].needsRaw);
  return raw ? ['icmp-echo', 'tcp-syn', 'tcp-ack', 'neighbour'] : ['tcp-connect', 'neighbour'];
}

/** Each technique takes the ports of its own protocol. */
function partsOf(text: string, techniques: readonly TechniqueId[], names: PortNames): ScanPart[] {
  const main = TECHNIQUES[techniques[0] ?? 'connect'].protocol;
  const ports = parsePorts(text, main, names, english);
  if (!ports.ok) throw new UsageError(ports.errors.map((each) => pointAt(text, each)).join('\n'));
  const parts = techniques.map((technique): ScanPart => {
    const { protocol } = TECHNIQUES[technique];
    const own = ports.value[protocol];
    // Without letters every technique scans the same numbers.
    const shared = Object.keys(ports.value).length === 1 ? ports.value[main] : undefined;
    const ranges = own ?? shared;
    if (ranges === undefined)
      throw new UsageError(`--technique ${technique}: the port list has no ${protocol} ports.`);
    return { technique, ports: ranges };
  });
  const protocols = parts.map(({ technique }) => TECHNIQUES[technique].protocol);
  if (new Set(protocols).size < protocols.length)
    throw new UsageError('Only one technique for each protocol can run at a time.');
  return parts;
}

function pointAt(
  text: string,
  error: { readonly offset: number; readonly length: number; readonly message: string },
): string {
  if (text === '') return error.message;
  return `${error.message}\n  ${text}\n  ${' '.repeat(error.offset)}${'^'.repeat(Math.max(1, error.length))}`;
}
