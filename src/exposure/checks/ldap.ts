import { ber } from '../ber';
import { hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** LDAPv3 anonymous simple bind, message 1 (RFC 4511, 4.2). */
const BIND = hex('300c 020101 6007 020103 0400 8000');
const ASKED = 'anonymous bind';
/** resultCode: 8 strongerAuthRequired, 48 inappropriateAuthentication, 49 invalidCredentials, 53 unwillingToPerform. */
const refusals: Readonly<Record<number, string>> = {
  8: 'strongerAuthRequired',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  53: 'unwillingToPerform',
};

function judge(reply: Reply): Step | 'more' {
  if (reply.bytes.length < 2) return 'more';
  const message = ber(reply.bytes, 0);
  if (message?.tag !== 0x30 || message.length > 4000) return undecided('unexpected-reply', ASKED, reply);
  if (reply.bytes.length < message.start + message.length) return 'more';
  const id = ber(reply.bytes, message.start);
  const response = id?.tag === 2 && id.length === 1 ? ber(reply.bytes, id.start + 1) : undefined;
  const code = response?.tag === 0x61 ? ber(reply.bytes, response.start) : undefined;
  if (id === undefined || uint(reply.bytes, id.start, 1) !== 1 || code?.tag !== 10 || code.length !== 1)
    return undecided('unexpected-reply', ASKED, reply);
  const result = uint(reply.bytes, code.start, 1) ?? -1;
  if (result === 0)
    return proved('open-proved', ASKED, 'bindResponse success (0)', { allows: 'anonymous bind' });
  const name = refusals[result];
  const diagnostic = /[\x20-\x7e]{8,}/u.exec(latin1(reply.bytes))?.[0] ?? '';
  const answered = `bindResponse ${name ?? ''} (${result}) ${diagnostic}`.trim();
  return name === undefined
    ? undecided('unexpected-reply', ASKED, answered)
    : proved('auth-required', ASKED, answered);
}

export const ldap: Check = {
  service: 'ldap',
  name: 'LDAP directory',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^(?:slapd|ns-slapd)$/u, ports: [389, 1389] },
  notTried: 'names and passwords, searches: what an anonymous client may read depends on access rules',
  start: () => send(BIND, ASKED, judge),
};
