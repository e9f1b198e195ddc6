import { countPorts, rangesOf } from './ports';
import type { PortGroup, PortResult } from './report';
import { PORT_STATES } from './states';

/** The groups of single ports; of two verdicts for one port the later counts. */
export function groupPorts(found: readonly PortResult[]): PortGroup[] {
  const latest = new Map(found.map((result) => [`${result.protocol} ${result.port}`, result]));
  const byVerdict = new Map<string, { result: PortResult; ports: number[] }>();
  for (const result of latest.values()) {
    const key = `${result.protocol} ${result.state} ${result.reason}`;
    const known = byVerdict.get(key);
    if (known === undefined) byVerdict.set(key, { result, ports: [result.port] });
    else known.ports.push(result.port);
  }
  return sortedGroups(
    [...byVerdict.values()].map(({ result: { protocol, state, reason }, ports }) => ({
      protocol,
      state,
      reason,
      ports: rangesOf(ports),
    })),
  );
}

const PROTOCOLS = ['tcp', 'udp', 'ip'];

/** By protocol, then state (open first), then the most ports first. */
export function sortedGroups(groups: readonly PortGroup[]): PortGroup[] {
  return [...groups].sort(
    (a, b) =>
      PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol) ||
      PORT_STATES.indexOf(a.state) - PORT_STATES.indexOf(b.state) ||
      countPorts(b.ports) - countPorts(a.ports) ||
      (a.reason < b.reason ? -1 : 1),
  );
}
