import type { Family } from '../ports/endpoint';
import type { Reason } from './states';

/** Type 3 codes: RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1. */
const V4_UNREACHABLE: Readonly<Record<number, Reason>> = {
  0: 'net-unreach',
  1: 'host-unreach',
  2: 'proto-unreach',
  3: 'port-unreach',
  9: 'net-prohibited',
  10: 'host-prohibited',
  13: 'admin-prohibited',
};

/** Type 1 codes: RFC 4443 section 3.1. */
const V6_UNREACHABLE: Readonly<Record<number, Reason>> = {
  0: 'no-route',
  1: 'admin-prohibited',
  2: 'beyond-scope',
  3: 'host-unreach',
  4: 'port-unreach',
  5: 'admin-prohibited',
  6: 'reject-route',
};

/** @returns the reason that an ICMP error stands for, undefined for messages that are no error about our probe. */
export function icmpReason(message: {
  readonly family: Family;
  readonly type: number;
  readonly code: number;
}): Reason | undefined {
  const { family, type, code } = message;
  if (family === 'ipv4') {
    // Code 4 asks for smaller packets: path MTU discovery, nothing about the port.
    if (type === 3 && code !== 4) return V4_UNREACHABLE[code] ?? 'dest-unreach';
    return type === 11 ? 'time-exceeded' : undefined;
  }
  if (type === 1) return V6_UNREACHABLE[code] ?? 'dest-unreach';
  if (type === 3) return 'time-exceeded';
  return type === 4 ? 'param-problem' : undefined;
}
