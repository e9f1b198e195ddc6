import { constants } from 'node:os';
import type { HostAddress } from '../engine/host';
import type { NativeAddon, NativeHandle } from '../native';
import type { PacketIo, PacketIoFactory, PacketIoOptions, PacketSink } from './io';

/** A received record: length (u16), family (u16), source (16 bytes), then the packet. RECEIVED_* in native/src/packets.c. */
const RECEIVED_STRIDE = 192;
const RECEIVED_HEADER = 20;
const RECEIVED_SOURCE = 4;
const RECEIVED_BATCH = 256;
/** Half of a 200,000 packet flood was lost with the default, none with this. */
const RECEIVE_BUFFER = 32 * 1024 * 1024;

const ERRNO_NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

type RawAddon = Required<NativeAddon>;

/** Packets in batches through the addon (sendmmsg, recvmmsg, a filter in the kernel). */
export function batchIoFactory(addon: RawAddon): PacketIoFactory {
  return {
    name: 'addon',
    open: (options) => new BatchIo(addon, options),
    randomKey: () => addon.randomKey(),
    sourceFor: ({ family, bytes, scope }) => {
      try {
        return addon.localAddress(family, bytes, scope);
      } catch (error) {
        // No route: told to the user by the pass, as a trouble of that host.
        if (error instanceof Error && 'code' in error) return undefined;
        throw error;
      }
    },
  };
}

export function hasRawFunctions(addon: NativeAddon): addon is RawAddon {
  return addon.rawOpen !== undefined;
}

class BatchIo implements PacketIo {
  private readonly handle: NativeHandle;
  private readonly received = new Uint8Array(RECEIVED_STRIDE * RECEIVED_BATCH);
  private readonly lengths = new Uint16Array(this.received.buffer);
  private readonly results = new Uint32Array(2);

  constructor(
    private readonly addon: RawAddon,
    options: PacketIoOptions,
  ) {
    const ownHeader = options.ownHeader === true ? 1 : 0;
    this.handle = addon.rawOpen(options.family, options.protocol, ownHeader, RECEIVE_BUFFER);
    if (options.filter !== undefined) addon.rawFilter(this.handle, options.filter);
  }

  setHost(place: number, { family, bytes, scope }: HostAddress): void {
    this.addon.rawHost(this.handle, place, family, bytes, scope);
  }

  send(records: Uint8Array, stride: number, count: number, onRefused: (code: string) => void): number {
    const left = this.addon.rawSend(this.handle, records, stride, count, this.results);
    const [refused = 0, errno = 0] = this.results;
    if (refused > 0) onRefused(ERRNO_NAMES.get(errno) ?? `errno ${errno}`);
    return left;
  }

  receive(sink: PacketSink): void {
    for (;;) {
      const count = this.addon.rawReceive(this.handle, this.received);
      for (let index = 0; index < count; index++) {
        const record = index * RECEIVED_STRIDE;
        const start = record + RECEIVED_HEADER;
        const length = Math.min(this.lengths[record / 2] ?? 0, RECEIVED_STRIDE - RECEIVED_HEADER);
        sink(this.received, start, start + length, record + RECEIVED_SOURCE);
      }
      if (count < RECEIVED_BATCH) return;
    }
  }

  watch(callback: () => void): void {
    this.addon.rawWatch(this.handle, callback);
  }

  close(): void {
    this.addon.rawClose(this.handle);
  }
}
