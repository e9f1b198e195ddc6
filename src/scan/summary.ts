import { parseAddress } from './address';
import { countPorts, eachPort, type PortRanges } from './ports';
import type { PortGroup } from './report';
import type { HostRecord, SessionData } from './sessionData';
import { PORT_STATES, type PortState, type Reason } from './states';
import type { ScanProtocol } from './techniques';

/** Ports of one protocol and state, with what each reason counts. */
export interface StateSummary {
  readonly protocol: ScanProtocol;
  readonly state: PortState;
  readonly count: number;
  /** Most first. */
  readonly reasons: readonly {
    readonly reason: Reason;
    readonly count: number;
    readonly ports: PortRanges;
  }[];
}

/** A port with its verdict, one by one. */
export interface PortRow {
  readonly protocol: ScanProtocol;
  readonly port: number;
  readonly state: PortState;
  readonly reason: Reason;
}

/** A state with more ports than this is summed up, as long as it is not `open`: as nmap does. */
export const FOLD_ABOVE = 25;

export function summarize(groups: readonly PortGroup[]): StateSummary[] {
  const byState = new Map<string, StateSummary>();
  for (const { protocol, state, reason, ports } of groups) {
    const key = `${protocol} ${state}`;
    const count = countPorts(ports);
    const known = byState.get(key);
    byState.set(key, {
      protocol,
      state,
      count: (known?.count ?? 0) + count,
      reasons: [...(known?.reasons ?? []), { reason, count, ports }].sort((a, b) => b.count - a.count),
    });
  }
  return [...byState.values()];
}

/**
 * Splits a host's ports in those that are shown one by one and those that are summed up.
 * @param folds whether a state is summed up.
 */
export function splitPorts(
  groups: readonly PortGroup[],
  folds: (summary: StateSummary) => boolean = foldsLikeNmap,
): { readonly rows: PortRow[]; readonly folded: StateSummary[] } {
  const folded = summarize(groups).filter(folds);
  const hidden = new Set(folded.map(({ protocol, state }) => `${protocol} ${state}`));
  const shown = groups.filter(({ protocol, state }) => !hidden.has(`${protocol} ${state}`));
  return { rows: portRows(shown), folded };
}

function foldsLikeNmap({ state, count }: StateSummary): boolean {
  return state !== 'open' && count > FOLD_ABOVE;
}

const PROTOCOLS: readonly ScanProtocol[] = ['tcp', 'udp', 'ip'];

/** One row a port, by protocol and number. */
export function portRows(groups: readonly PortGroup[]): PortRow[] {
  return groups
    .flatMap(({ protocol, state, reason, ports }) =>
      Array.from(eachPort(ports), (port): PortRow => ({ protocol, port, state, reason })),
    )
    .sort((a, b) => PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol) || a.port - b.port);
}

/** How many ports of a host are in each state. */
export function countStates(groups: readonly PortGroup[]): Partial<Record<PortState, number>> {
  const counts: Partial<Record<PortState, number>> = {};
  for (const { state, ports } of groups) counts[state] = (counts[state] ?? 0) + countPorts(ports);
  return counts;
}

export function openCount(host: Pick<HostRecord, 'groups'>): number {
  return countStates(host.groups).open ?? 0;
}

export function totalOpen(data: Pick<SessionData, 'hosts'>): number {
  return data.hosts.reduce((sum, host) => sum + openCount(host), 0);
}

export const HOST_SORTS = ['address', 'name', 'open', 'latency'] as const;
export type HostSort = (typeof HOST_SORTS)[number];

/** Sorted copies; hosts without the value that is sorted by come last. Ties go by address. */
export function sortHosts(hosts: readonly HostRecord[], by: HostSort): HostRecord[] {
  const keyed = hosts.map((host) => ({ host, key: addressKey(host.address), open: openCount(host) }));
  const byAddress = (a: { key: string }, b: { key: string }): number =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  keyed.sort((a, b) => {
    switch (by) {
      case 'address':
        return byAddress(a, b);
      case 'open':
        return b.open - a.open || byAddress(a, b);
      case 'latency':
        return (a.host.latencyMs ?? Infinity) - (b.host.latencyMs ?? Infinity) || byAddress(a, b);
      case 'name':
        return compareNames(a.host.name, b.host.name) || byAddress(a, b);
    }
  });
  return keyed.map(({ host }) => host);
}

function compareNames(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A text that sorts like the address: IPv4 first, then by number. */
function addressKey(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return `z${text}`;
  return `${address.family} ${address.value.toString(16).padStart(32, '0')} ${address.zone ?? ''}`;
}

/** Only the groups of the chosen states. */
export function filterGroups(groups: readonly PortGroup[], states: ReadonlySet<PortState>): PortGroup[] {
  return states.size === PORT_STATES.length ? [...groups] : groups.filter(({ state }) => states.has(state));
}
