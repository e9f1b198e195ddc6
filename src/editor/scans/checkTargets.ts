import { isLoopback, portsWithCheck, type RemotePort } from '../../exposure/remote';
import { eachPort, intersectPorts, rangesOf } from '../../scan/ports';
import type { HostRecord } from '../../scan/sessionData';

/** A port of a scan that can be asked who gets in. */
export interface CheckTarget extends RemotePort {
  readonly sessionId: string;
}

const KNOWN = { tcp: rangesOf(portsWithCheck('tcp')), udp: rangesOf(portsWithCheck('udp')) } as const;

/** The open ports of a host that a check knows; none of a debugger, and none of this machine's loopback. */
export function checkable(sessionId: string, { address, groups }: HostRecord): CheckTarget[] {
  if (isLoopback(address)) return [];
  return groups.flatMap(({ protocol, state, ports }) => {
    if (state !== 'open' || protocol === 'ip') return [];
    const known = intersectPorts(ports, KNOWN[protocol]);
    return Array.from(eachPort(known), (port): CheckTarget => ({ sessionId, address, port, protocol }));
  });
}
