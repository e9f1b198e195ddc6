import type { DiscoveryMethod, HostStatus } from '../../scan/report';
import type { Reason, Verdict } from '../../scan/states';
import type { Reply } from '../../scan/techniques';
import { icmpReason } from '../../scan/icmp';
import { rangesOf } from '../../scan/ports';
import { Cookies } from '../packets/cookie';
import { ConnectProber } from '../techniques/connect';
import { discoveryShape, DISCOVERY_PROBES, type DiscoveryProbe } from '../techniques/discoveryShape';
import { NetConnectProber } from '../techniques/netConnect';
import { RawProber } from '../techniques/raw';
import { Cells } from './cells';
import type { Environment } from './environment';
import type { PassHost } from './host';
import { readNeighbours } from './neighbours';
import { RandomOrder } from './order';
import { Pass } from './pass';
import type { Prober } from './prober';
import type { Progress } from './progress';
import type { TimingProfile } from './timing';
import { VerdictTable } from './verdicts';

export interface DiscoveredHost {
  readonly host: PassHost;
  readonly status: HostStatus;
  readonly mac?: string;
}

export interface DiscoverySettings {
  readonly profile: TimingProfile;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly maxRate?: number;
}

/** Whatever answers is up: a refusal as much as a welcome. */
const ANSWERS = {
  silence: { state: 'filtered', reason: 'no-response' } satisfies Verdict,
  classify: (reply: Reply): Verdict | undefined => {
    const reason = upReason(reply);
    return reason === undefined ? undefined : { state: 'open', reason };
  },
};

function upReason(reply: Reply): Reason | undefined {
  switch (reply.kind) {
    case 'connected':
      return 'syn-ack';
    case 'connect-error':
      return reply.code === 'ECONNREFUSED' ? 'conn-refused' : undefined;
    case 'tcp':
      return (reply.flags & 4) !== 0 ? 'reset' : 'syn-ack';
    case 'udp':
      return 'udp-response';
    case 'protocol':
      return 'echo-reply';
    case 'icmp':
      // A router that says "unreachable" proves nothing about the host.
      return reply.fromTarget ? icmpReason(reply) : undefined;
  }
}

/** A host has several chances already: one for each way to knock. */
const TRIES = 2;

/** Ports that discovery knocks at: whatever they answer, somebody is there. */
const CONNECT_CELLS = new Cells(rangesOf([22, 80, 443]));

/** One way to look for hosts; opened before a scan drops its rights, used for every chunk of hosts. */
interface Step {
  readonly prober: Prober;
  readonly verdicts: VerdictTable;
  readonly cells: number;
}

export class Discovery {
  private readonly steps: Step[] = [];

  constructor(
    private readonly methods: readonly DiscoveryMethod[],
    private readonly environment: Environment,
    families: ReadonlySet<4 | 6>,
  ) {
    const probes = DISCOVERY_PROBES.filter(({ method }) => methods.includes(method));
    if (!('missing' in environment.packets) && probes.length > 0)
      this.steps.push(rawStep(environment.packets, probes, families));
    // The neighbour table only knows hosts to which something was sent; without raw sockets a connect is all we have.
    if (methods.includes('tcp-connect') || this.steps.length === 0) this.steps.push(connectStep(environment));
  }

  async run(hosts: readonly PassHost[], settings: DiscoverySettings): Promise<DiscoveredHost[]> {
    const up = new Map<number, HostStatus>();
    for (const step of this.steps) {
      const left = hosts.filter(({ index }) => !up.has(index));
      await runStep(step, left, settings, up);
    }
    const neighbours = await readNeighbours(this.environment.addon);
    return hosts.map((host) => {
      const mac = neighbours(host.address);
      const asked = mac !== undefined && this.methods.includes('neighbour');
      const status: HostStatus =
        up.get(host.index) ??
        (asked
          ? { status: 'up', reason: host.address.family === 4 ? 'arp-response' : 'nd-response' }
          : { status: 'down', reason: 'no-response' });
      return mac === undefined ? { host, status } : { host, status, mac };
    });
  }

  close(): void {
    for (const { prober } of this.steps) prober.close();
  }
}

function rawStep(
  packets: Exclude<Environment['packets'], { readonly missing: unknown }>,
  probes: readonly DiscoveryProbe[],
  families: ReadonlySet<4 | 6>,
): Step {
  const verdicts = new VerdictTable(ANSWERS);
  const cookies = new Cookies(packets.randomKey());
  const prober = new RawProber(packets, discoveryShape(probes, cookies), cookies, verdicts, families);
  return { prober, verdicts, cells: probes.length };
}

function connectStep({ addon, files }: Environment): Step {
  const verdicts = new VerdictTable(ANSWERS);
  const prober =
    addon === undefined
      ? new NetConnectProber(CONNECT_CELLS, verdicts)
      : new ConnectProber(addon, CONNECT_CELLS, verdicts, { files, threads: 1 });
  return { prober, verdicts, cells: CONNECT_CELLS.count };
}

async function runStep(
  { prober, verdicts, cells }: Step,
  hosts: readonly PassHost[],
  settings: DiscoverySettings,
  up: Map<number, HostStatus>,
): Promise<void> {
  if (hosts.length === 0 || settings.signal.aborted) return;
  const waiting = hosts[Symbol.iterator]();
  const pass = new Pass(
    {
      nextHost: () => {
        const next = waiting.next();
        return next.done === true ? undefined : next.value;
      },
      cells,
      order: new RandomOrder(cells, settings.random),
      verdicts,
      profile: { ...settings.profile, tries: TRIES, silentTries: TRIES },
      ...(settings.maxRate === undefined ? {} : { maxRate: settings.maxRate }),
      oneAnswerIsEnough: true,
      watchesIcmpLimit: false,
      random: settings.random,
      onFound: (run, _cell, verdict) => {
        up.set(run.host.index, { status: 'up', reason: verdicts.get(verdict).reason });
      },
      onHostDone: () => undefined,
      onTrouble: () => undefined,
    },
    prober,
  );
  settings.progress.watch(pass, false);
  try {
    await pass.run(settings.signal);
  } finally {
    settings.progress.unwatch(pass, false);
  }
}
