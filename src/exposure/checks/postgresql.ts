import { ascii, concat, hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type CheckContext, type Reply, type Step } from '../check';

/** Authentication methods by the code in the server's R message (PostgreSQL, "Message Formats"). */
const methods: Readonly<Record<number, string>> = {
  2: 'Kerberos V5',
  3: 'cleartext password',
  5: 'MD5 password',
  7: 'GSSAPI',
  9: 'SSPI',
  10: 'SASL (SCRAM)',
};

/**
 * A start-up with a role that does not exist: a `trust` line answers AuthenticationOk before the role is looked up,
 * so that the way in is proved and no session begins. The server notes one FATAL line about the role in its log.
 */
function startup({ nonce }: CheckContext): Uint8Array {
  const body = ascii(`user\0portlight_${nonce}\0database\0postgres\0\0`);
  const length = body.length + 8;
  return concat(hex('0000'), Uint8Array.of(length >> 8, length & 0xff), hex('00030000'), body);
}

const SSL_REQUEST = hex('00000008 04d2162f');
const ASKED = 'StartupMessage';

/**
 * TLS where the server has it: `host` and `hostssl` lines both count then, and "no line" is not said only because
 * the connection was not encrypted. The one byte must stand alone: what follows it unencrypted is not the server's.
 */
function tlsOrNot(reply: Reply, context: CheckContext): Step | 'more' {
  const [answer] = reply.bytes;
  if (answer === undefined) return 'more';
  const start = (): Step => send(startup(context), ASKED, judge);
  if (answer === 0x53 && reply.bytes.length === 1) return { kind: 'start-tls', then: start };
  if (answer === 0x4e && reply.bytes.length === 1) return start();
  return undecided('unexpected-reply', 'SSLRequest', reply);
}

function judge(reply: Reply): Step | 'more' {
  const type = uint(reply.bytes, 0, 1);
  const length = uint(reply.bytes, 1, 4);
  if (type === undefined) return 'more';
  if (type !== 0x52 && type !== 0x45) return undecided('unexpected-reply', ASKED, reply);
  if (length === undefined) return 'more';
  if (length < 8 || length > 4000) return undecided('unexpected-reply', ASKED, reply);
  if (reply.bytes.length < length + 1) return 'more';
  const message = reply.bytes.subarray(5, length + 1);
  return type === 0x52 ? judgeAuthentication(message, reply) : judgeError(message);
}

function judgeAuthentication(message: Uint8Array, reply: Reply): Step {
  const code = uint(message, 0, 4);
  if (code === 0 && message.length === 4)
    return proved('open-proved', ASKED, 'AuthenticationOk', { method: 'trust' });
  const method = code === undefined ? undefined : methods[code];
  if (method === undefined) return undecided('unexpected-reply', ASKED, reply);
  return proved('auth-required', ASKED, `Authentication: ${method}`, { method });
}

/**
 * An ErrorResponse. The server's language does not matter: SQLSTATE (C) and the routine (R) decide. 28000 out of
 * ClientAuthentication is "no pg_hba.conf entry" or an explicit reject; out of auth_failed it is a method that does
 * not use passwords (peer, ident, cert).
 */
function judgeError(message: Uint8Array): Step {
  const fields = new Map(
    latin1(message)
      .split('\0')
      .filter((field) => field !== '')
      .map((field) => [field.charAt(0), field.slice(1)]),
  );
  const state = fields.get('C') ?? '';
  const answered = `${fields.get('S') ?? 'ERROR'} ${state} ${fields.get('M') ?? ''}`;
  if (state === '28000' && fields.get('R') === 'ClientAuthentication')
    return proved('refused-by-policy', ASKED, answered, { policy: 'pg_hba' });
  if ((state === '28000' || state === '28P01') && fields.get('R') === 'auth_failed')
    return proved('auth-required', ASKED, answered);
  return undecided('unexpected-reply', ASKED, answered);
}

/** PostgreSQL and what speaks its protocol (frontend/backend protocol 3.0). */
export const postgresql: Check = {
  service: 'postgresql',
  name: 'PostgreSQL',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^(?:postgres|postmaster|pgbouncer|cockroach)$/u, ports: [5432, 5433, 26257] },
  notTried:
    'passwords, real roles, other databases, lines of pg_hba.conf for other networks; hostnossl lines where the server has TLS',
  start: (context) => send(SSL_REQUEST, 'SSLRequest', (reply) => tlsOrNot(reply, context)),
};
