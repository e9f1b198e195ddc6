// Classic BPF for raw sockets (linux/filter.h): four words an instruction (code, jump if true, if false, operand).
// On an IPv4 raw socket a packet starts with its IP header, on an IPv6 one after it.
const LOAD_IP_HEADER_LENGTH = [0xb1, 0, 0, 0];
const ACCEPT = [0x06, 0, 0, 0x40000];
const REJECT = [0x06, 0, 0, 0];

/** TCP or UDP to a destination port from `low` to `high`. */
export function portFilter(family: 4 | 6, low: number, high: number): Uint32Array {
  const load = family === 4 ? [...LOAD_IP_HEADER_LENGTH, 0x48, 0, 0, 2] : [0x28, 0, 0, 2];
  return Uint32Array.from([...load, 0x35, 0, 2, low, 0x25, 1, 0, high, ...ACCEPT, ...REJECT]);
}

/** ICMP errors and echo replies. */
export function icmpFilter(family: 4 | 6): Uint32Array {
  const types = family === 4 ? [3, 11, 12, 0] : [1, 2, 3, 4, 129];
  const load = family === 4 ? [...LOAD_IP_HEADER_LENGTH, 0x50, 0, 0, 0] : [0x30, 0, 0, 0];
  const tests = types.flatMap((type, index) => [0x15, types.length - index, 0, type]);
  return Uint32Array.from([...load, ...tests, ...REJECT, ...ACCEPT]);
}
