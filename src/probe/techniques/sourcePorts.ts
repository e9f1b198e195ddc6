import { readFileSync } from 'node:fs';

const ATTEMPTS = 16;
const DATAGRAM_PORTS = 4_096;

/** Ports that probes leave from: outside the range that the system gives to its own connections, where there is room. */
function firstFreePort(count: number): number {
  const [low = 32_768, high = 60_999] = ephemeralRange();
  if (high + count < 65_536) return high + 1;
  return low - count > 1_024 ? low - count : 65_536 - count;
}

function ephemeralRange(): number[] {
  try {
    return readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/u).map(Number);
  } catch {
    // No such file outside Linux, nor where /proc is not mounted: Linux's default.
    return [];
  }
}

/** TCP: the try is told by the port, so that an answer shows which one it is for. */
export interface AttemptPorts {
  readonly low: number;
  readonly high: number;
}

export function attemptPorts(random: () => number): AttemptPorts {
  const span = DATAGRAM_PORTS - ATTEMPTS;
  const low = firstFreePort(DATAGRAM_PORTS) + Math.floor(random() * span);
  return { low, high: low + ATTEMPTS - 1 };
}

/** UDP: the port is all of a datagram that its answer repeats, so it holds as much of the cookie as fits. */
export function datagramPorts(): AttemptPorts {
  const low = firstFreePort(DATAGRAM_PORTS);
  return { low, high: low + DATAGRAM_PORTS - 1 };
}
