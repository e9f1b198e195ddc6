import { parseAddress } from '../../scan/address';
import { ScanError } from '../../scan/client';
import { countPorts, rangesOf } from '../../scan/ports';
import type {
  HostFacts,
  HostStatus,
  PortGroup,
  ScanEnd,
  ScanEvent,
  ScanPart,
  ScanRequest,
} from '../../scan/report';
import { HostIndex } from '../../scan/targets';
import { TECHNIQUES, type Technique } from '../../scan/techniques';
import { Cells } from './cells';
import { Discovery, type DiscoveredHost } from './discovery';
import { scopeOf, type Environment } from './environment';
import type { HostAddress, HostRun, PassHost } from './host';
import { readNeighbours } from './neighbours';
import { RandomOrder, seededRandom } from './order';
import { Pass } from './pass';
import type { PassPlan } from './plan';
import type { Prober } from './prober';
import { Progress } from './progress';
import { openProber } from './probers';
import { RoundTrip } from './roundTrip';
import { TIMING_PROFILES } from './timing';
import { VerdictTable } from './verdicts';

/** Hosts that are taken together where a host needs more than one pass (discovery, several protocols). */
const CHUNK = 1_024;
/** Above this many hosts, those that are down are only counted. */
const DOWN_HOSTS_TOLD = 1_024;
/** Neighbours share a link, so there are no more of interest; memory stays bounded. */
const NEIGHBOURS_TOLD = 1_024;
const USER_SET: HostStatus = { status: 'up', reason: 'user-set' };

export interface ScanOptions {
  /** Called when every socket is open that needs a right. */
  readonly onOpened?: () => void;
  /** Probes a second, where it is to be lower than the timing allows. */
  readonly maxRate?: number;
}

/**
 * Runs one scan and tells of it as it goes. Aborting ends the sending at once.
 * @throws ScanError `permission` or `invalid`, before anything is sent.
 */
export async function runScan(
  request: ScanRequest,
  environment: Environment,
  onEvent: (event: ScanEvent) => void,
  signal: AbortSignal,
  options: ScanOptions = {},
): Promise<ScanEnd> {
  const scan = new Scan(request, environment, onEvent, signal, options);
  return scan.run();
}

class Scan {
  private readonly hosts: HostIndex;
  private readonly started = performance.now();
  private readonly random: () => number;
  private readonly progress: Progress;
  /** Groups of the passes that a host has behind it. */
  private readonly groups = new Map<number, PortGroup[]>();
  /** Hosts of a scan without discovery that answered something. */
  private readonly answered: PassHost[] = [];
  private readonly probesPerHost: number;
  private readonly parts: readonly OpenPart[];
  private readonly discovery: Discovery | undefined;
  private readonly troubles = new Set<string>();
  private hostsUp = 0;
  private hostsDown = 0;

  constructor(
    private readonly request: ScanRequest,
    private readonly environment: Environment,
    private readonly onEvent: (event: ScanEvent) => void,
    private readonly signal: AbortSignal,
    private readonly options: ScanOptions,
  ) {
    try {
      this.hosts = new HostIndex(request.targets);
    } catch (error) {
      throw new ScanError('invalid', error instanceof Error ? error.message : 'Bad targets', {
        cause: error,
      });
    }
    this.random = seededRandom(request.seed ?? Math.floor(Math.random() * 0xffffffff));
    this.probesPerHost = request.parts.reduce((sum, part) => sum + countPorts(part.ports), 0);
    if (this.probesPerHost === 0 && request.discovery === 'skip')
      throw new ScanError('invalid', 'There is nothing to scan: no port, and no discovery.');
    this.progress = new Progress(this.hosts.count * this.probesPerHost, onEvent);
    const families = familiesOf(request.targets);
    const opened: { close(): void }[] = [];
    try {
      this.parts = request.parts.map((part) => {
        const open = openPart(part, environment, families);
        opened.push(open.prober);
        return open;
      });
      if (request.discovery !== 'skip')
        this.discovery = new Discovery(request.discovery, environment, families);
    } catch (error) {
      for (const each of opened) each.close();
      throw error;
    }
    options.onOpened?.();
  }

  async run(): Promise<ScanEnd> {
    const { count } = this.hosts;
    const { version, engine } = this.environment;
    this.onEvent({ kind: 'started', hosts: count, probes: count * this.probesPerHost, engine, version });
    this.progress.start();
    try {
      const together = this.discovery === undefined && this.parts.length === 1 ? count : CHUNK;
      for (let first = 0; first < count && !this.signal.aborted; first += together)
        await this.chunk(first, Math.min(first + together, count));
    } finally {
      this.progress.stop();
      this.discovery?.close();
      for (const { prober } of this.parts) prober.close();
    }
    return {
      outcome: this.signal.aborted ? 'cancelled' : 'completed',
      elapsedMs: Math.round(performance.now() - this.started),
      hostsUp: this.hostsUp,
      hostsDown: this.hostsDown,
      packetsSent: this.progress.sent,
    };
  }

  private async chunk(first: number, end: number): Promise<void> {
    if (this.discovery === undefined) {
      const [only] = this.parts;
      // One pass is all: its hosts come one by one, however many there are.
      if (only !== undefined && this.parts.length === 1)
        await this.part(only, this.passHosts(first, end), true);
      else await this.allParts([...this.passHosts(first, end)]);
      await this.tellNeighbours();
      return;
    }
    const { maxRate } = this.options;
    const found = await this.discovery.run([...this.passHosts(first, end)], {
      profile: TIMING_PROFILES[this.request.timing],
      random: this.random,
      signal: this.signal,
      progress: this.progress,
      ...(maxRate === undefined ? {} : { maxRate }),
    });
    for (const host of found) this.tellDiscovered(host);
    const up = found.filter(({ status }) => status.status === 'up');
    this.progress.skip((found.length - up.length) * this.probesPerHost);
    await this.allParts(up.map(({ host, status }) => ({ ...host, status })));
  }

  private async allParts(hosts: readonly PassHost[]): Promise<void> {
    for (const [index, part] of this.parts.entries())
      await this.part(part, hosts, index === this.parts.length - 1);
  }

  private *passHosts(first: number, end: number): Generator<PassHost> {
    for (let index = first; index < end; index++)
      yield { index, address: hostAddress(this.hosts.at(index).address), roundTrip: new RoundTrip() };
  }

  private tellDiscovered({ host, status, mac }: DiscoveredHost): void {
    if (status.status === 'up') this.hostsUp++;
    else this.hostsDown++;
    if (status.status === 'down' && this.hosts.count > DOWN_HOSTS_TOLD) return;
    this.onEvent({ kind: 'host', host: this.facts(host, status, mac) });
  }

  private facts(host: PassHost, status: HostStatus, mac?: string): HostFacts {
    const { name } = this.hosts.at(host.index);
    const latencyMs = host.roundTrip.latency;
    return {
      ...status,
      address: host.address.text,
      ...(name === undefined ? {} : { name }),
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(mac === undefined ? {} : { mac }),
    };
  }

  private async part(part: OpenPart, hosts: Iterable<PassHost>, last: boolean): Promise<void> {
    if (this.signal.aborted) return;
    const { technique, cells, verdicts, prober } = part;
    const { maxRate } = this.options;
    const waiting = hosts[Symbol.iterator]();
    const plan: PassPlan = {
      nextHost: () => {
        const next = waiting.next();
        if (next.done === true) return undefined;
        if (next.value.status === undefined && !this.groups.has(next.value.index)) {
          this.hostsUp++;
          this.onEvent({ kind: 'host', host: this.facts(next.value, USER_SET) });
        }
        return next.value;
      },
      cells: cells.count,
      order: new RandomOrder(cells.count, this.random),
      verdicts,
      profile: TIMING_PROFILES[this.request.timing],
      ...(maxRate === undefined ? {} : { maxRate }),
      oneAnswerIsEnough: false,
      watchesIcmpLimit: technique.protocol !== 'tcp',
      random: this.random,
      onFound: (run, cell, verdict) => {
        const { state, reason } = verdicts.get(verdict);
        this.progress.onOpen();
        const port = { protocol: technique.protocol, port: cells.portOf(cell), state, reason };
        this.onEvent({ kind: 'found', address: run.host.address.text, port });
      },
      onHostDone: (run) => {
        const groups = [...(this.groups.get(run.host.index) ?? []), ...groupsOf(run, part)];
        if (last) this.tellPorts(run, groups);
        else this.groups.set(run.host.index, groups);
      },
      onTrouble: (code) => {
        if (this.troubles.has(code)) return;
        this.troubles.add(code);
        this.onEvent({ kind: 'trouble', code });
      },
    };
    const pass = new Pass(plan, prober);
    this.progress.watch(pass);
    try {
      await pass.run(this.signal);
    } finally {
      this.progress.unwatch(pass);
    }
  }

  private tellPorts(run: HostRun, groups: PortGroup[]): void {
    this.groups.delete(run.host.index);
    const address = run.host.address.text;
    if (run.host.roundTrip.latency !== undefined) {
      this.onEvent({ kind: 'host', host: this.facts(run.host, run.host.status ?? USER_SET) });
      if (this.discovery === undefined && this.answered.length < NEIGHBOURS_TOLD)
        this.answered.push(run.host);
    }
    this.onEvent({ kind: 'ports', address, complete: run.done, groups });
  }

  /** Without discovery the machine learns who its neighbours are by scanning them. */
  private async tellNeighbours(): Promise<void> {
    const answered = this.answered.splice(0);
    if (answered.length === 0) return;
    const macOf = await readNeighbours(this.environment.addon);
    for (const host of answered) {
      const mac = macOf(host.address);
      if (mac !== undefined) this.onEvent({ kind: 'host', host: this.facts(host, USER_SET, mac) });
    }
  }
}

function hostAddress(text: string): HostAddress {
  const address = parseAddress(text);
  if (address === undefined) throw new ScanError('invalid', `${text} is no address`);
  const family = address.family === 'ipv4' ? 4 : 6;
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  let { value } = address;
  for (let index = bytes.length - 1; index >= 0; index--) {
    bytes[index] = Number(value & 0xffn);
    value >>= 8n;
  }
  return { text, family, bytes, scope: scopeOf(address.zone) };
}

/** A part of the request with its sockets open. */
interface OpenPart {
  readonly technique: Technique;
  readonly cells: Cells;
  readonly verdicts: VerdictTable;
  readonly prober: Prober;
}

function openPart(part: ScanPart, environment: Environment, families: ReadonlySet<4 | 6>): OpenPart {
  const technique = TECHNIQUES[part.technique];
  const missing = [...families].find(
    (family) => !technique.families.includes(family === 4 ? 'ipv4' : 'ipv6'),
  );
  if (missing !== undefined)
    throw new ScanError(
      'invalid',
      `The technique ${part.technique} works with IPv4 only; connect, syn and udp do both.`,
    );
  const cells = new Cells(part.ports);
  const verdicts = new VerdictTable(technique);
  return {
    technique,
    cells,
    verdicts,
    prober: openProber(environment, technique, cells, verdicts, families),
  };
}

function familiesOf(targets: ScanRequest['targets']): ReadonlySet<4 | 6> {
  return new Set(targets.map(({ first }) => (first.includes(':') ? 6 : 4)));
}

function groupsOf(run: HostRun, { technique, cells, verdicts }: OpenPart): PortGroup[] {
  const byVerdict = new Map<number, number[]>();
  for (let cell = 0; cell < run.cells; cell++) {
    const verdict = run.verdicts[cell] ?? 0;
    if (verdict === 0) continue;
    const list = byVerdict.get(verdict);
    if (list === undefined) byVerdict.set(verdict, [cells.portOf(cell)]);
    else list.push(cells.portOf(cell));
  }
  const { protocol } = technique;
  return [...byVerdict].map(([verdict, list]) => ({
    protocol,
    ...verdicts.get(verdict),
    ports: rangesOf(list),
  }));
}
