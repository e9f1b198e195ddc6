// What a UDP service answers to. Silent services say nothing to an empty datagram; each of these is the smallest
// harmless question of its protocol, built from the document that is named.

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/gu, ''), 'hex'));

/** RFC 1035: a query for the root's name servers, recursion not desired. */
const DNS = hex('5a17 0000 0001 0000 0000 0000 00 0002 0001');
/** RFC 6762: a query for the list of services, answered to us alone (the QU bit). */
const MDNS = hex(
  '0000 0000 0001 0000 0000 0000 09 5f7365727669636573 07 5f646e732d7364 04 5f756470 05 6c6f63616c 00 000c 8001',
);
/** RFC 5905: version 4, mode 3 (client). */
const NTP = Uint8Array.from({ length: 48 }, (_, index) => (index === 0 ? 0x23 : 0));
/** RFC 3416: GetRequest of sysDescr.0 over SNMPv3 discovery (RFC 3414 section 4): needs no community. */
const SNMP = hex(
  '303a 020103 300f 02024a69 020300ffe3 040104 020103 0410 300e 0400 020100 020100 0400 0400 0400 3012 0400 0400 a00c 02020a1b 020100 020100 3000',
);
/** RFC 1350: read request for a file that is not there; a server says so. */
const TFTP = new Uint8Array([0, 1, ...ascii('portlight-probe'), 0, ...ascii('octet'), 0]);
/** RFC 3261 section 11: OPTIONS, answered by any SIP element. */
const SIP = ascii(
  'OPTIONS sip:ping SIP/2.0\r\nVia: SIP/2.0/UDP probe;branch=z9hG4bKportlight;rport\r\nMax-Forwards: 0\r\n' +
    'From: <sip:ping>;tag=p\r\nTo: <sip:ping>\r\nCall-ID: p\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n',
);
/** RFC 1831 call of procedure 0 (null) of the portmapper, program 100000 version 2 (RFC 1833). */
const RPC = hex('50724c31 00000000 00000002 000186a0 00000002 00000000 00000000 00000000 00000000 00000000');
/** RFC 1002 section 4.2.17: node status of every name. */
const NETBIOS = new Uint8Array([
  ...hex('5a18 0000 0001 0000 0000 0000 20'),
  ...ascii(`CK${'A'.repeat(30)}`),
  ...hex('00 0021 0001'),
]);
/** The text protocol over UDP (memcached's protocol.txt, "UDP protocol"): frame header, then `version`. */
const MEMCACHED = new Uint8Array([0x5a, 0x19, 0, 0, 0, 1, 0, 0, ...ascii('version\r\n')]);
/** UPnP device architecture 2.0, section 1.3.2: unicast M-SEARCH. */
const SSDP = ascii(
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
);
/** RFC 7252: confirmable GET of /.well-known/core. */
const COAP = new Uint8Array([0x40, 0x01, 0x5a, 0x1a, 0xbb, ...ascii('.well-known'), 0x04, ...ascii('core')]);
/** RFC 5389: binding request. */
const STUN = hex('0001 0000 2112a442 706f72746c69676874505242');
/** Source engine query A2S_INFO (Valve developer wiki). */
const A2S = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x54, ...ascii('Source Engine Query'), 0]);
/** RFC 868, 865, 862: any datagram is answered. */
const ANY = ascii('\r\n');

const BY_PORT: ReadonlyMap<number, Uint8Array> = new Map([
  [7, ANY],
  [13, ANY],
  [17, ANY],
  [19, ANY],
  [37, ANY],
  [53, DNS],
  [69, TFTP],
  [111, RPC],
  [123, NTP],
  [137, NETBIOS],
  [161, SNMP],
  [1900, SSDP],
  [3478, STUN],
  [5060, SIP],
  [5353, MDNS],
  [5683, COAP],
  [11211, MEMCACHED],
  [27015, A2S],
]);

const NOTHING = new Uint8Array(0);

/** What is sent to a UDP port: its protocol's question, or an empty datagram. */
export function payloadFor(port: number): Uint8Array {
  return BY_PORT.get(port) ?? NOTHING;
}

export const PAYLOAD_MAX = Math.max(...[...BY_PORT.values()].map(({ length }) => length));
