// Not from node:fs/promises: that would be loaded with every scan.
import { promises } from 'node:fs';
import { endianness } from 'node:os';
import type { NativeAddon } from '../native';
import type { HostAddress } from './host';

/** The hardware address (`02:aa:64:cc:4d:3a`) that answers for an address, where the machine knows it. */
export type Neighbours = (address: HostAddress) => string | undefined;

/**
 * The machine's tables of neighbours (ARP, and neighbour discovery of IPv6). The kernel tells both to the addon;
 * without one /proc/net/arp has those of IPv4. Linux only; elsewhere it knows nobody.
 */
export async function readNeighbours(addon: NativeAddon | undefined): Promise<Neighbours> {
  if (addon?.neighbours !== undefined) {
    try {
      return neighboursOf(addon.neighbours());
    } catch (error) {
      // A sandbox may refuse netlink; what /proc tells is still worth having.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }
  const table = await readArpTable();
  return ({ text }) => table.get(text);
}

const littleEndian = endianness() === 'LE';

/** `record_t` of native/src/neighbours.c. */
const RECORD = { bytes: 28, mac: 2, link: 8, address: 12 } as const;

export function neighboursOf(records: Uint8Array): Neighbours {
  const view = Buffer.from(records.buffer, records.byteOffset, records.byteLength);
  const found = new Map<string, string>();
  for (let at = 0; at + RECORD.bytes <= view.length; at += RECORD.bytes) {
    const length = view[at] === 4 ? 4 : 16;
    const mac = view.subarray(at + RECORD.mac, at + RECORD.mac + 6);
    const bytes = view.subarray(at + RECORD.address, at + RECORD.address + length);
    const link = littleEndian ? view.readUInt32LE(at + RECORD.link) : view.readUInt32BE(at + RECORD.link);
    // Multicast groups and the like are in the table of the kernel, too, with an address of zeros on some links.
    if (mac.some((byte) => byte !== 0))
      found.set(keyOf(bytes, link), [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join(':'));
  }
  return ({ bytes, scope }) => found.get(keyOf(bytes, scope));
}

/** A link-local address means another host on every link. */
function keyOf(bytes: Uint8Array, link: number): string {
  const text = Buffer.from(bytes).toString('hex');
  const linkLocal = bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
  return linkLocal ? `${text}%${link}` : text;
}

/** ATF_COM of linux/if_arp.h: the entry has a hardware address. */
const COMPLETE = 0x2;

async function readArpTable(): Promise<ReadonlyMap<string, string>> {
  try {
    return parseArpTable(await promises.readFile('/proc/net/arp', 'utf8'));
  } catch {
    // Another system, or no /proc: no hardware addresses, everything else works.
    return new Map();
  }
}

/** Columns: IP address, HW type, Flags, HW address, Mask, Device. Incomplete entries are left out. */
export function parseArpTable(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n').slice(1)) {
    const [address, , flags, mac] = line.trim().split(/\s+/u);
    if (address === undefined || mac === undefined || !/^(?:[\da-f]{2}:){5}[\da-f]{2}$/iu.test(mac)) continue;
    if ((Number(flags) & COMPLETE) !== 0 && mac !== '00:00:00:00:00:00')
      found.set(address, mac.toLowerCase());
  }
  return found;
}
