import { hex, uint } from '../bytes';
import { notChecked, send, undecided, type Check, type Reply, type Step } from '../check';
import { ber } from '../ber';

const ASKED = 'SNMPv3 discovery';

/**
 * An SNMPv3 GetRequest without a user, to which an engine answers with a Report of its id (RFC 3414, 4): nobody's name
 * or community is in it. Reportable, security model USM, every field that the engine fills in empty.
 */
const DISCOVERY = hex(
  '303a 020103 300f 02020706 0203 00ffe3 040104 020103 0410 300e 0400 020100 020100 0400 0400 0400 3012 0400 0400 a00c 02020708 020100 020100 3000',
);

function judge(reply: Reply): Step | 'more' {
  if (reply.bytes.length === 0) return 'more';
  const message = ber(reply.bytes, 0);
  const version = message?.tag === 0x30 ? ber(reply.bytes, message.start) : undefined;
  const whole = message && message.start + message.length === reply.bytes.length;
  const isThree = version?.tag === 2 && version.length === 1 && uint(reply.bytes, version.start, 1) === 3;
  // The Report (a8) and the OID of usmStatsUnknownEngineIDs, 1.3.6.1.6.3.15.1.1.4.
  const report = indexOf(reply.bytes, hex('060a 2b060106030f01010400'));
  return whole === true && isThree && report > 0
    ? notChecked('needs-credentials', 'Report usmStatsUnknownEngineIDs')
    : undecided('unexpected-reply', ASKED, reply);
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.length <= bytes.length; at += 1)
    if (part.every((byte, index) => bytes[at + index] === byte)) return at;
  return -1;
}

/** Whether the community "public" is accepted is told by the explicit action only (credentials/snmp.ts). */
export const snmp: Check = {
  service: 'snmp',
  name: 'SNMP agent',
  transport: 'udp',
  tls: 'never',
  recognition: { processes: /^snmpd$/u, ports: [161] },
  notTried: 'communities (“public” only as an explicit action) and users; a lost datagram looks like silence',
  start: () => send(DISCOVERY, ASKED, judge),
};
