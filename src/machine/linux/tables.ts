/** State numbers of /proc/net/{tcp,udp}: include/net/tcp_states.h of the kernel. */
export const ESTABLISHED = 0x01;
export const SYN_RECV = 0x03;
export const CLOSE = 0x07;
export const CLOSE_WAIT = 0x08;
export const LISTEN = 0x0a;

/** One row of /proc/net/{tcp,tcp6,udp,udp6} (proc_pid_net(5)). */
export interface Row {
  /** 8 or 32 hexadecimal digits, as printed. */
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly state: number;
  /** Bytes to be read; of a TCP row in LISTEN: connections waiting to be accepted. */
  readonly receiveQueue: number;
  readonly uid: number;
  /** 0 where the socket has no file any more (TIME_WAIT, orphans). */
  readonly inode: number;
}

export interface Parsed {
  readonly rows: readonly Row[];
  /** Lines that are not rows, the title aside. */
  readonly malformed: number;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const COLON = 0x3a;

/** Values of the digits 0-9, A-F, a-f by character code; -1 for everything else. */
const HEX = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  HEX[digit.charCodeAt(0)] = value;
  HEX[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * Parses the bytes of a table: any bytes, never throws. The first line is its title.
 * @param only keep rows of this state; the rows of LISTEN come first in a table of TCP, so with `stop` the first row
 * of another state ends the parsing.
 */
export function parseTable(bytes: Buffer, only?: number, stop = false): Parsed {
  const rows: Row[] = [];
  let malformed = 0;
  let start = bytes.indexOf(NEWLINE) + 1;
  if (start === 0) start = bytes.length;
  while (start < bytes.length) {
    let end = bytes.indexOf(NEWLINE, start);
    if (end < 0) end = bytes.length;
    const row = parseRow(bytes, start, end);
    if (row === undefined) malformed++;
    else if (only === undefined || row.state === only) rows.push(row);
    else if (stop) break;
    start = end + 1;
  }
  return { rows, malformed };
}

/** Whether a line of a table of TCP is a row that is not in LISTEN: then no listener follows. */
export function isPastListeners(line: Buffer): boolean {
  const row = parseRow(line, 0, line.length);
  return row !== undefined && row.state !== LISTEN;
}

/** `  12: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 54321 …` */
function parseRow(bytes: Buffer, start: number, end: number): Row | undefined {
  const colon = bytes.indexOf(COLON, start);
  if (colon < 0 || colon >= end) return undefined;
  const local = colon + 2;
  const localEnd = bytes.indexOf(COLON, local);
  const width = localEnd - local;
  if (width !== 8 && width !== 32) return undefined;
  const remote = localEnd + 6;
  const remoteEnd = remote + width;
  const stateAt = remoteEnd + 6;
  // state, tx_queue:rx_queue, tr:when, retransmits: all of fixed width.
  const uidAt = stateAt + 3 + 17 + 1 + 11 + 1 + 8;
  if (uidAt >= end || bytes[remoteEnd] !== COLON) return undefined;
  const localPort = hex(bytes, localEnd + 1, 4);
  const remotePort = hex(bytes, remoteEnd + 1, 4);
  const state = hex(bytes, stateAt, 2);
  const receiveQueue = hex(bytes, stateAt + 12, 8);
  const uid = decimal(bytes, uidAt, end);
  const timeout = decimal(bytes, uid.next, end);
  const inode = decimal(bytes, timeout.next, end);
  const valid =
    Math.min(localPort, remotePort, state, receiveQueue, uid.value, timeout.value, inode.value) >= 0;
  if (!valid || !isHex(bytes, local, width) || !isHex(bytes, remote, width)) return undefined;
  return {
    local: bytes.toString('latin1', local, localEnd),
    localPort,
    // A listener has no peer: not worth a string for each of thousands.
    remote: state === LISTEN ? '' : bytes.toString('latin1', remote, remoteEnd),
    remotePort,
    state,
    receiveQueue,
    uid: uid.value,
    inode: inode.value,
  };
}

/** -1 where a character is not a digit. */
function hex(bytes: Buffer, at: number, length: number): number {
  let value = 0;
  for (let index = at; index < at + length; index++) {
    const digit = HEX[bytes[index] ?? SPACE] ?? -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function isHex(bytes: Buffer, at: number, length: number): boolean {
  for (let index = at; index < at + length; index++) {
    if ((HEX[bytes[index] ?? SPACE] ?? -1) < 0) return false;
  }
  return true;
}

/** The next number after blanks, and where it ends. -1 where there is none, or one that no counter can be. */
function decimal(bytes: Buffer, at: number, end: number): { value: number; next: number } {
  let next = at;
  while (next < end && bytes[next] === SPACE) next++;
  const first = next;
  let value = 0;
  for (; next < end; next++) {
    const digit = (bytes[next] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const isNumber = next > first && next - first < 16 && (next === end || bytes[next] === SPACE);
  return { value: isNumber ? value : -1, next };
}
