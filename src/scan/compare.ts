import { countPorts, intersectPorts, normalizeRanges, type PortRanges } from './ports';
import type { PortGroup } from './report';
import type { SessionData } from './sessionData';
import type { PortState } from './states';
import type { ScanProtocol } from './techniques';

/** Ports of a host whose state is another one than before. */
export interface PortChange {
  readonly protocol: ScanProtocol;
  /** `new`: open now and not before; `gone`: the other way round; `changed`: neither. */
  readonly kind: 'new' | 'gone' | 'changed';
  /** Absent where the host was not up in that session. */
  readonly before?: PortState;
  readonly after?: PortState;
  readonly ports: PortRanges;
}

export interface HostChange {
  readonly address: string;
  readonly name?: string;
  /** `new`: up now and not before; `gone`: up before, and not now; `both`: up both times. */
  readonly kind: 'new' | 'gone' | 'both';
  readonly ports: readonly PortChange[];
}

export interface Comparison {
  /** Only hosts with a difference. */
  readonly hosts: readonly HostChange[];
  /** Ports that were scanned in one session only, and so not compared. */
  readonly notCompared: number;
}

/**
 * What is another way than in an earlier session. Only ports that both looked at are compared; of a host that
 * appeared or vanished, the open ones are listed.
 */
export function compareSessions(before: SessionData, after: SessionData): Comparison {
  const earlier = new Map(before.hosts.map((host) => [host.address, host]));
  const hosts: HostChange[] = [];
  let notCompared = 0;
  for (const host of after.hosts) {
    const old = earlier.get(host.address);
    earlier.delete(host.address);
    const named =
      host.name === undefined ? { address: host.address } : { address: host.address, name: host.name };
    if (old === undefined) {
      hosts.push({ ...named, kind: 'new', ports: openOnly(host.groups, 'new') });
      continue;
    }
    const ports = changes(old.groups, host.groups);
    notCompared += countPortsOnlyOnce(old.groups, host.groups);
    if (ports.length > 0) hosts.push({ ...named, kind: 'both', ports });
  }
  for (const old of earlier.values()) {
    const named =
      old.name === undefined ? { address: old.address } : { address: old.address, name: old.name };
    hosts.push({ ...named, kind: 'gone', ports: openOnly(old.groups, 'gone') });
  }
  return { hosts, notCompared };
}

function openOnly(groups: readonly PortGroup[], kind: 'new' | 'gone'): PortChange[] {
  return joined(
    groups
      .filter(({ state }) => state === 'open')
      .map(({ protocol, ports }) => ({
        protocol,
        kind,
        ...(kind === 'new' ? { after: 'open' } : { before: 'open' }),
        ports,
      })),
  );
}

function changes(before: readonly PortGroup[], after: readonly PortGroup[]): PortChange[] {
  const found: PortChange[] = [];
  for (const old of before) {
    for (const now of after) {
      if (old.protocol !== now.protocol || old.state === now.state) continue;
      const ports = intersectPorts(old.ports, now.ports);
      if (ports.length === 0) continue;
      const kind = now.state === 'open' ? 'new' : old.state === 'open' ? 'gone' : 'changed';
      found.push({ protocol: now.protocol, kind, before: old.state, after: now.state, ports });
    }
  }
  return joined(found);
}

/** One entry for each change of state, whatever its reasons. */
function joined(found: readonly PortChange[]): PortChange[] {
  const byChange = new Map<string, PortChange>();
  for (const change of found) {
    const key = `${change.protocol} ${change.before ?? '-'} ${change.after ?? '-'}`;
    const known = byChange.get(key);
    byChange.set(key, { ...change, ports: normalizeRanges([...(known?.ports ?? []), ...change.ports]) });
  }
  const order = ['new', 'gone', 'changed'];
  return [...byChange.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function countPortsOnlyOnce(before: readonly PortGroup[], after: readonly PortGroup[]): number {
  let count = 0;
  for (const protocol of new Set([...before, ...after].map((group) => group.protocol))) {
    const all = (groups: readonly PortGroup[]): PortRanges =>
      normalizeRanges(groups.filter((group) => group.protocol === protocol).flatMap(({ ports }) => ports));
    const [old, now] = [all(before), all(after)];
    count += countPorts(old) + countPorts(now) - 2 * countPorts(intersectPorts(old, now));
  }
  return count;
}
