import { EventEmitter } from 'node:events';
import { parseAddress } from '../../scan/address';
import type { HostAddress } from '../engine/host';
import {
  RECORD_HEADER,
  type PacketIo,
  type PacketIoFactory,
  type PacketIoOptions,
  type PacketSink,
} from './io';

/**
 * The addon of `raw-socket` (https://www.npmjs.com/package/raw-socket, it brings no types). Its JavaScript part is
 * left out: it hands over one packet per event, and loads the addon by a path that an executable does not have.
 */
export interface RawSocketAddon {
  /** `addressFamily`: 1 IPv4, 2 IPv6. */
  readonly SocketWrap: new (protocol: number, addressFamily: number) => SocketWrap;
  readonly SocketLevel: { readonly SOL_SOCKET: number; readonly IPPROTO_IP: number };
  readonly SocketOption: { readonly SO_RCVBUF: number; readonly IP_HDRINCL: number };
}

interface SocketWrap extends EventEmitter {
  send(buffer: Buffer, offset: number, length: number, address: string, sent: () => void): void;
  recv(buffer: Buffer, received: (buffer: Buffer, bytes: number, source: string) => void): void;
  setOption(level: number, option: number, value: number): void;
  close(): void;
}

const RECEIVE_BUFFER = 32 * 1024 * 1024;
const PACKET_MAX = 2048;
/** Packets taken in one turn; more than a burst of ours can bring. */
const TURN_MAX = 1024;
/** strerror(EAGAIN), ENOBUFS, ENOMEM: the module's errors have no code, only this text (glibc, C locale). */
const FULL = /temporarily unavailable|No buffer space|Cannot allocate memory/u;

const ERRORS: readonly (readonly [RegExp, string])[] = [
  [/Operation not permitted/u, 'EPERM'],
  [/Permission denied/u, 'EACCES'],
  [/Network is unreachable/u, 'ENETUNREACH'],
  [/No route to host/u, 'EHOSTUNREACH'],
  [/Network is down/u, 'ENETDOWN'],
];

/**
 * Packets through `raw-socket`. Its documented calls handle one packet per event of the loop; calling the addon's
 * `send` and `recv` in loops is three times as fast.
 */
export function rawSocketIoFactory(
  addon: RawSocketAddon,
  { sourceFor, randomKey }: Pick<PacketIoFactory, 'sourceFor' | 'randomKey'>,
): PacketIoFactory {
  // The addon emits events, and leaves it to JavaScript to make it an emitter.
  for (const [name, value] of Object.entries(EventEmitter.prototype)) {
    const prototype = addon.SocketWrap.prototype as Record<string, unknown>;
    prototype[name] = value;
  }
  return { name: 'raw-socket', open: (options) => new RawSocketIo(addon, options), sourceFor, randomKey };
}

/** Sockets that nobody references are collected, and their descriptors closed in mid-scan. */
const open = new Set<RawSocketIo>();

class RawSocketIo implements PacketIo {
  private readonly socket: SocketWrap;
  private readonly addresses: string[] = [];
  private readonly buffer = Buffer.alloc(16 + PACKET_MAX);
  private readonly packet = this.buffer.subarray(16);
  private ready: () => void = () => undefined;

  constructor(
    addon: RawSocketAddon,
    private readonly options: PacketIoOptions,
  ) {
    this.socket = new addon.SocketWrap(options.protocol, options.family === 4 ? 1 : 2);
    const { SocketLevel, SocketOption } = addon;
    this.socket.setOption(SocketLevel.SOL_SOCKET, SocketOption.SO_RCVBUF, RECEIVE_BUFFER);
    if (options.ownHeader === true) this.socket.setOption(SocketLevel.IPPROTO_IP, SocketOption.IP_HDRINCL, 1);
    this.socket.on('recvReady', () => {
      this.ready();
    });
    this.socket.on('error', () => {
      this.ready();
    });
    open.add(this);
  }

  setHost(place: number, address: HostAddress): void {
    this.addresses[place] = address.text;
  }

  send(records: Uint8Array, stride: number, count: number, onRefused: (code: string) => void): number {
    const buffer = Buffer.from(records.buffer, records.byteOffset, records.byteLength);
    const view = new DataView(records.buffer, records.byteOffset);
    for (let index = 0; index < count; index++) {
      const at = index * stride;
      const address = this.addresses[view.getUint16(at, true)] ?? '';
      try {
        this.socket.send(buffer, at + RECORD_HEADER, view.getUint16(at + 2, true), address, () => undefined);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (FULL.test(message)) {
          records.copyWithin(0, at, count * stride);
          return count - index;
        }
        onRefused(ERRORS.find(([pattern]) => pattern.test(message))?.[1] ?? message);
      }
    }
    return 0;
  }

  receive(sink: PacketSink): void {
    let more = true;
    const take = (_buffer: Buffer, bytes: number, source: string): void => {
      if (this.options.family === 4) this.packet.copy(this.buffer, 0, 12, 16);
      else writeIpv6(source, this.buffer);
      if (!this.accepts(bytes)) return;
      sink(this.buffer, 16, 16 + bytes, 0);
    };
    for (let count = 0; more && count < TURN_MAX; count++) {
      try {
        this.socket.recv(this.packet, take);
      } catch (error) {
        if (error instanceof Error && !FULL.test(error.message)) throw error;
        more = false;
      }
    }
  }

  /** The module attaches no filter to its socket: packets of others, and short ones, are left out here. */
  private accepts(bytes: number): boolean {
    return bytes > 0 && bytes <= PACKET_MAX;
  }

  watch(callback: () => void): void {
    this.ready = callback;
  }

  close(): void {
    if (!open.delete(this)) return;
    this.socket.close();
  }
}

function writeIpv6(text: string, out: Uint8Array): void {
  const address = parseAddress(text);
  let value = address?.value ?? 0n;
  for (let index = 15; index >= 0; index--) {
    out[index] = Number(value & 0xffn);
    value >>= 8n;
  }
}
