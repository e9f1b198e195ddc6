import type { HostAddress } from '../engine/host';

/** Where a received packet lies: `buffer[start, end)`, its sender's address at `source` (4 or 16 bytes) of the same. */
export type PacketSink = (buffer: Uint8Array, start: number, end: number, source: number) => void;

/** Before the packet of a record: its host's place (u16) and its length (u16), in this machine's byte order. */
export const RECORD_HEADER = 4;

/**
 * One raw socket. Records to send lie one every `stride` bytes. IPv4 packets are received with their IP header, IPv6
 * ones without.
 */
export interface PacketIo {
  setHost(place: number, address: HostAddress): void;
  /**
   * Sends `count` records. @returns how many could not be sent now; they are moved to the front of `records`.
   * What the system refuses to send is reported by its errno name, and counts as sent.
   */
  send(records: Uint8Array, stride: number, count: number, onRefused: (code: string) => void): number;
  /** Hands over what waits. */
  receive(sink: PacketSink): void;
  watch(callback: () => void): void;
  close(): void;
}

export interface PacketIoOptions {
  readonly family: 4 | 6;
  /** IP protocol; 255 sends only. */
  readonly protocol: number;
  /** IPv4 packets to send carry their own header. */
  readonly ownHeader?: boolean;
  /** A classic BPF program, see filter.ts. */
  readonly filter?: Uint32Array;
}

export interface PacketIoFactory {
  readonly name: 'addon' | 'raw-socket';
  /** @throws Error with `code` where the system refuses. */
  open(options: PacketIoOptions): PacketIo;
  /** Where packets to an address leave from; undefined without a route. */
  readonly sourceFor: (address: HostAddress) => Uint8Array | undefined;
  /** 8 bytes that nobody can guess. */
  readonly randomKey: () => Uint8Array;
}
