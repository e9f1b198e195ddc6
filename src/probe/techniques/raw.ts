import { ScanError } from '../../scan/client';
import type { Verdict } from '../../scan/states';
import type { Reply } from '../../scan/techniques';
import type { HostRun } from '../engine/host';
import type { Prober, ProbeSink } from '../engine/prober';
import type { VerdictTable } from '../engine/verdicts';
import { pseudoHeaderSum } from '../packets/checksum';
import type { Cookies } from '../packets/cookie';
import { decodeIpv4, decodeIpv6, emptyDecoded, type Decoded } from '../packets/decode';
import { icmpFilter } from '../packets/filter';
import { RECORD_HEADER, type PacketIo, type PacketIoFactory, type PacketIoOptions } from '../packets/io';

const BATCH = 1024;
/** IPPROTO_RAW: a socket that receives nothing. */
export const SEND_ONLY = 255;
export const ICMP_PROTOCOL: Readonly<Record<4 | 6, number>> = { 4: 1, 6: 58 };

/** What a prober keeps of a host while it is scanned. */
export interface Peer {
  readonly run: HostRun;
  readonly source: Uint8Array;
  readonly cookie: number;
  /** An address of this machine: our own packets to it come back to our raw sockets. */
  readonly self: boolean;
  /** What the checksum of every packet to it starts from. */
  readonly checksum: number;
}

/** A packet that came from a host under scan. */
export interface Arrival {
  readonly peer: Peer;
  readonly decoded: Decoded;
  readonly buffer: Uint8Array;
  readonly end: number;
  /** Sent by the host itself, not by a router on the way. */
  readonly fromTarget: boolean;
}

/** How one kind of probe looks on the wire, and which replies are its own. */
export interface ProbeShape {
  /** The raw sockets that it is sent through, and which of them a cell takes (the first, unless told). */
  readonly send: (family: 4 | 6) => readonly PacketIoOptions[];
  readonly senderOf?: (cell: number) => number;
  /** More sockets to receive from, besides those and ICMP. */
  readonly listen?: (family: 4 | 6) => readonly PacketIoOptions[];
  /** Bytes that the longest packet takes. */
  readonly maxBytes: number;
  /** Writes one packet at `at`. @returns its length. */
  write(peer: Peer, cell: number, attempt: number, out: Uint8Array, at: number): number;
  /** Finds the probe that a packet answers, and tells it. What fits no probe is left alone. */
  match(arrival: Arrival, tell: Tell): void;
  /** The same for an ICMP error that quotes a packet of ours to that peer. */
  matchQuote(arrival: Arrival, tell: Tell): void;
  /** What such an error proves besides, about another cell. */
  implied?(arrival: Arrival): { readonly cell: number; readonly verdict: Verdict } | undefined;
}

/** Told of an arrival that answers a probe. `key` stands for what matters of the reply (see VerdictTable.classify). */
export type Tell = (
  arrival: Arrival,
  cell: number,
  attempt: number,
  key: number,
  replyOf: (arrival: Arrival) => Reply,
  icmp: boolean,
) => void;

interface Sender {
  readonly io: PacketIo;
  readonly records: Uint8Array;
  queued: number;
}

interface Link {
  readonly family: 4 | 6;
  readonly senders: readonly Sender[];
  readonly receivers: readonly { readonly io: PacketIo; readonly protocol: number }[];
}

/** Sends probes of one shape over raw sockets, and matches what comes back. */
export class RawProber implements Prober {
  readonly capacity = Number.POSITIVE_INFINITY;
  readonly deadlineSlack = 0;
  private readonly links: readonly Link[];
  private readonly stride: number;
  private readonly peers: (Peer | undefined)[] = [];
  private readonly byIpv4 = new Map<number, Peer>();
  private readonly byIpv6 = new Map<string, Peer>();
  private readonly decoded = emptyDecoded();
  private refused: string | undefined;
  private ready: () => void = () => undefined;
  private watching = false;
  private sink: ProbeSink | undefined;
  /** Packets that answered a probe. */
  private told = 0;

  constructor(
    private readonly packets: PacketIoFactory,
    private readonly shape: ProbeShape,
    private readonly cookies: Cookies,
    private readonly verdicts: VerdictTable,
    families: ReadonlySet<4 | 6>,
  ) {
    this.stride = Math.ceil((RECORD_HEADER + shape.maxBytes) / 4) * 4;
    const opened: PacketIo[] = [];
    try {
      this.links = [...families].map((family) => this.openLink(family, opened));
    } catch (error) {
      for (const io of opened) io.close();
      throw asScanError(error);
    }
  }

  private openLink(family: 4 | 6, opened: PacketIo[]): Link {
    const open = (options: PacketIoOptions): PacketIo => {
      const io = this.packets.open(options);
      opened.push(io);
      return io;
    };
    const receivers: { io: PacketIo; protocol: number }[] = [];
    const senders = this.shape.send(family).map((options): Sender => {
      const io = open(options);
      if (options.protocol !== SEND_ONLY) receivers.push({ io, protocol: options.protocol });
      return { io, records: new Uint8Array(this.stride * BATCH), queued: 0 };
    });
    const others = [
      ...(this.shape.listen?.(family) ?? []),
      { family, protocol: ICMP_PROTOCOL[family], filter: icmpFilter(family) },
    ];
    for (const options of others)
      if (!receivers.some(({ protocol }) => protocol === options.protocol))
        receivers.push({ io: open(options), protocol: options.protocol });
    return { family, senders, receivers };
  }

  admit(run: HostRun): void {
    const { address, source } = run.host;
    const from = source ?? this.packets.sourceFor(address);
    const link = this.linkOf(address.family);
    if (from === undefined || link === undefined) return;
    const peer: Peer = {
      run,
      source: from,
      cookie: this.cookies.ofHost(address.bytes),
      self: sameBytes(address.bytes, 0, from),
      checksum: pseudoHeaderSum(from, address.bytes),
    };
    this.peers[run.place] = peer;
    if (address.family === 4) this.byIpv4.set(ipv4Key(address.bytes, 0), peer);
    else this.byIpv6.set(ipv6Key(address.bytes, 0), peer);
    for (const { io } of link.senders) io.setHost(run.place, address);
  }

  release(run: HostRun): void {
    const { bytes, family } = run.host.address;
    this.peers[run.place] = undefined;
    if (family === 4) this.byIpv4.delete(ipv4Key(bytes, 0));
    else this.byIpv6.delete(ipv6Key(bytes, 0));
  }

  private linkOf(family: 4 | 6): Link | undefined {
    return this.links.find((link) => link.family === family);
  }

  send(run: HostRun, cell: number, attempt: number): boolean {
    const peer = this.peers[run.place];
    // No route: nothing can be sent, and the pass hears of it when it looks for replies.
    if (peer === undefined) {
      this.refused = 'ENETUNREACH';
      return true;
    }
    const link = this.links.length === 1 ? this.links[0] : this.linkOf(run.host.address.family);
    const sender = link?.senders[this.shape.senderOf?.(cell) ?? 0];
    if (sender === undefined || sender.queued >= BATCH) return false;
    const { records } = sender;
    const at = sender.queued * this.stride;
    const length = this.shape.write(peer, cell, attempt, records, at + RECORD_HEADER);
    if (length === 0) return true;
    // The addon reads these two in the machine's byte order: little on every Linux that Node runs on but s390x.
    records[at] = run.place & 0xff;
    records[at + 1] = run.place >> 8;
    records[at + 2] = length & 0xff;
    records[at + 3] = length >> 8;
    sender.queued++;
    return true;
  }

  flush(): void {
    for (const { senders } of this.links)
      for (const sender of senders)
        if (sender.queued > 0)
          sender.queued = sender.io.send(sender.records, this.stride, sender.queued, this.onRefused);
  }

  private readonly onRefused = (code: string): void => {
    this.refused = code;
  };

  receive(sink: ProbeSink): void {
    this.sink = sink;
    for (const link of this.links) {
      for (const { io, protocol } of link.receivers) {
        io.receive((buffer, start, end, source) => {
          if (link.family === 4) decodeIpv4(buffer, start, end, this.decoded);
          else decodeIpv6(buffer, start, end, protocol, this.decoded);
          this.hand(link.family, buffer, end, source);
        });
      }
    }
    if (this.refused === undefined) return;
    sink.onTrouble(this.refused);
    this.refused = undefined;
  }

  private hand(family: 4 | 6, buffer: Uint8Array, end: number, source: number): void {
    const { decoded } = this;
    if (decoded.kind === 'none') return;
    const isError = decoded.kind === 'icmp-error';
    // An error may come from a router: whose probe it is about stands in what it quotes.
    const peer = this.peerAt(family, buffer, isError ? decoded.quote.target : source);
    if (peer === undefined || (isError && !sameBytes(buffer, decoded.quote.source, peer.source))) return;
    const fromTarget = !isError || sameBytes(buffer, source, peer.run.host.address.bytes);
    const arrival = { peer, decoded, buffer, end, fromTarget };
    if (!isError) {
      this.shape.match(arrival, this.tell);
      return;
    }
    const { told } = this;
    this.shape.matchQuote(arrival, this.tell);
    const implied = this.told > told ? this.shape.implied?.(arrival) : undefined;
    if (implied !== undefined)
      this.sink?.onReply(peer.run, implied.cell, -1, this.verdicts.numberOf(implied.verdict), true);
  }

  /** One function for all packets: a scan reads a million of them. */
  private readonly tell: Tell = (arrival, cell, attempt, key, replyOf, icmp) => {
    this.told++;
    this.sink?.onReply(arrival.peer.run, cell, attempt, this.verdicts.classify(key, replyOf, arrival), icmp);
  };

  private peerAt(family: 4 | 6, buffer: Uint8Array, at: number): Peer | undefined {
    return family === 4 ? this.byIpv4.get(ipv4Key(buffer, at)) : this.byIpv6.get(ipv6Key(buffer, at));
  }

  watch(callback: () => void): void {
    this.ready = callback;
    if (this.watching) return;
    this.watching = true;
    for (const link of this.links)
      for (const { io } of link.receivers)
        io.watch(() => {
          this.ready();
        });
  }

  cancel(): void {
    for (const { senders } of this.links) for (const sender of senders) sender.queued = 0;
  }

  close(): void {
    for (const { senders, receivers } of this.links)
      for (const io of new Set([...senders, ...receivers].map((each) => each.io))) io.close();
  }
}

function ipv4Key(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  );
}

function ipv6Key(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 16));
}

function sameBytes(buffer: Uint8Array, at: number, bytes: Uint8Array): boolean {
  return bytes.every((byte, index) => buffer[at + index] === byte);
}

function asScanError(error: unknown): ScanError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  // raw-socket's errors have no code, only the text of strerror.
  const denied = code === 'EPERM' || code === 'EACCES' || message.includes('not permitted');
  return new ScanError(denied ? 'permission' : 'internal', `Raw socket: ${message}`, { cause: error });
}

/** The number that stands for an ICMP error in the table of verdicts; apart from those of TCP and UDP replies. */
export function icmpKey(decoded: Decoded, fromTarget: boolean): number {
  return 0x100000 | (decoded.icmpType << 10) | (decoded.icmpCode << 2) | (fromTarget ? 1 : 0);
}

/** The reply that an ICMP error is. */
export function icmpReply({ decoded, peer, fromTarget }: Arrival): Extract<Reply, { readonly kind: 'icmp' }> {
  const family = peer.run.host.address.family === 4 ? 'ipv4' : 'ipv6';
  return { kind: 'icmp', family, type: decoded.icmpType, code: decoded.icmpCode, fromTarget };
}
