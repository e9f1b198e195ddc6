import { ber } from '../ber';
import { hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Reply, type Step } from '../check';
import { snmp } from '../checks/snmp';
import type { CredentialCheck } from './credential';

const ASKED = 'GET sysDescr.0, community public';
/** SNMPv2c (RFC 3416): one GET of 1.3.6.1.2.1.1.1.0, request id 0x706c. */
const REQUEST = hex(
  '3027 020101 0406 7075626c6963 a01a 0202706c 020100 020100 300e 300c 0608 2b06010201010100 0500',
);

/** A Response (a2) to this very request, with this community and an error status of 0. */
function judge(reply: Reply): Step | 'more' {
  const { bytes } = reply;
  if (bytes.length === 0) return 'more';
  const message = ber(bytes, 0);
  const version = message && ber(bytes, message.start);
  const community = version && ber(bytes, version.start + version.length);
  const pdu = community && ber(bytes, community.start + community.length);
  const id = pdu && ber(bytes, pdu.start);
  const status = id && ber(bytes, id.start + id.length);
  const right =
    message?.tag === 0x30 &&
    version?.length === 1 &&
    community?.tag === 4 &&
    latin1(bytes.subarray(community.start, community.start + community.length)) === 'public' &&
    pdu?.tag === 0xa2 &&
    id?.length === 2 &&
    uint(bytes, id.start, 2) === 0x706c &&
    status?.length === 1;
  if (!right) return undecided('unexpected-reply', ASKED, reply);
  const text = /\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x04[^]{1,3}?([\x20-\x7e]{3,})/u.exec(
    latin1(bytes),
  )?.[1];
  return proved('open-proved', ASKED, text ?? 'a response', {
    account: 'public',
    ...(text !== undefined && { description: text }),
  });
}

export const snmpPublic: CredentialCheck = {
  ...snmp,
  account: 'community public',
  warning: (t) =>
    t(
      'This asks with the community “public”: the agent may log it and report it as a failed authentication.',
    ),
  notTried: 'other communities and users, writing; a wrong community is answered by silence',
  start: () => send(REQUEST, ASKED, judge),
};
