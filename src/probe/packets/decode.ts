/** What a received packet is. One object is filled again and again: a scan decodes millions. */
export interface Decoded {
  kind: 'none' | 'tcp' | 'udp' | 'echo-reply' | 'icmp-error' | 'other';
  protocol: number;
  /** IPv4 identification, 0 for IPv6. */
  identification: number;
  sourcePort: number;
  targetPort: number;
  sequence: number;
  acknowledgment: number;
  flags: number;
  window: number;
  icmpType: number;
  icmpCode: number;
  /** Of an echo reply. */
  echoId: number;
  echoSequence: number;
  /** Where the payload of a datagram or an echo reply starts; where the packet does, without the IP header, of others. */
  payload: number;
  /** The packet that an ICMP error quotes; only read it where `kind` is `icmp-error`. */
  readonly quote: Quote;
}

interface Quote {
  protocol: number;
  identification: number;
  /** Where its source and target address lie in the buffer. */
  source: number;
  target: number;
  /** How many bytes of its transport header are there; the fields below are 0 beyond. */
  transportBytes: number;
  sourcePort: number;
  targetPort: number;
  sequence: number;
}

export function emptyDecoded(): Decoded {
  return {
    kind: 'none',
    protocol: 0,
    identification: 0,
    sourcePort: 0,
    targetPort: 0,
    sequence: 0,
    acknowledgment: 0,
    flags: 0,
    window: 0,
    icmpType: 0,
    icmpCode: 0,
    echoId: 0,
    echoSequence: 0,
    payload: 0,
    quote: {
      protocol: 0,
      identification: 0,
      source: 0,
      target: 0,
      transportBytes: 0,
      sourcePort: 0,
      targetPort: 0,
      sequence: 0,
    },
  };
}

const IP_PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function u32(bytes: Uint8Array, at: number): number {
  return ((u16(bytes, at) << 16) | u16(bytes, at + 2)) >>> 0;
}

/**
 * Reads a packet as an IPv4 raw socket gives it, with its IP header. Any bytes are allowed: what is no whole header
 * gives `none`. Never throws, and never reads beyond `end`.
 */
export function decodeIpv4(bytes: Uint8Array, start: number, end: number, out: Decoded): void {
  out.kind = 'none';
  const header = ((bytes[start] ?? 0) & 0xf) * 4;
  if (end - start < 20 || (bytes[start] ?? 0) >> 4 !== 4 || header < 20 || start + header > end) return;
  // The first fragment has the headers; the later ones have none.
  if ((u16(bytes, start + 6) & 0x1fff) !== 0) return;
  out.protocol = bytes[start + 9] ?? 0;
  out.identification = u16(bytes, start + 4);
  decodeTransport(bytes, start + header, end, 4, out);
}

/** Reads a packet as an IPv6 raw socket for `protocol` gives it: from the transport header on. */
export function decodeIpv6(
  bytes: Uint8Array,
  start: number,
  end: number,
  protocol: number,
  out: Decoded,
): void {
  out.kind = 'none';
  out.protocol = protocol;
  out.identification = 0;
  decodeTransport(bytes, start, end, 6, out);
}

function decodeTransport(bytes: Uint8Array, start: number, end: number, family: 4 | 6, out: Decoded): void {
  switch (out.protocol) {
    case IP_PROTOCOL.tcp:
      if (end - start < 20) return;
      out.sourcePort = u16(bytes, start);
      out.targetPort = u16(bytes, start + 2);
      out.sequence = u32(bytes, start + 4);
      out.acknowledgment = u32(bytes, start + 8);
      out.flags = bytes[start + 13] ?? 0;
      out.window = u16(bytes, start + 14);
      out.kind = 'tcp';
      return;
    case IP_PROTOCOL.udp:
      if (end - start < 8) return;
      out.sourcePort = u16(bytes, start);
      out.targetPort = u16(bytes, start + 2);
      out.payload = start + 8;
      out.kind = 'udp';
      return;
    case family === 4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmp6:
      decodeIcmp(bytes, start, end, family, out);
      return;
    default:
      out.payload = start;
      out.kind = 'other';
  }
}

/** Types that quote the packet they are about: RFC 792 (unreachable, quench, exceeded, parameter), RFC 4443. */
function isError(family: 4 | 6, type: number): boolean {
  return family === 4 ? type === 3 || type === 4 || type === 11 || type === 12 : type >= 1 && type <= 4;
}

function decodeIcmp(bytes: Uint8Array, start: number, end: number, family: 4 | 6, out: Decoded): void {
  if (end - start < 8) return;
  out.icmpType = bytes[start] ?? 0;
  out.icmpCode = bytes[start + 1] ?? 0;
  if (out.icmpType === (family === 4 ? 0 : 129)) {
    out.echoId = u16(bytes, start + 4);
    out.echoSequence = u16(bytes, start + 6);
    out.payload = start + 8;
    out.kind = 'echo-reply';
    return;
  }
  if (!isError(family, out.icmpType)) return;
  const { quote } = out;
  const inner = start + 8;
  let transport: number;
  if (family === 4) {
    const header = ((bytes[inner] ?? 0) & 0xf) * 4;
    if (end - inner < 20 || (bytes[inner] ?? 0) >> 4 !== 4 || header < 20 || inner + header > end) return;
    quote.protocol = bytes[inner + 9] ?? 0;
    quote.identification = u16(bytes, inner + 4);
    quote.source = inner + 12;
    quote.target = inner + 16;
    transport = inner + header;
  } else {
    if (end - inner < 40 || (bytes[inner] ?? 0) >> 4 !== 6) return;
    quote.protocol = bytes[inner + 6] ?? 0;
    quote.identification = 0;
    quote.source = inner + 8;
    quote.target = inner + 24;
    transport = inner + 40;
  }
  const there = end - transport;
  quote.transportBytes = there;
  quote.sourcePort = there >= 2 ? u16(bytes, transport) : 0;
  quote.targetPort = there >= 4 ? u16(bytes, transport + 2) : 0;
  quote.sequence = there >= 8 ? u32(bytes, transport + 4) : 0;
  out.kind = 'icmp-error';
}
