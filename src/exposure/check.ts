import { plainText } from '../base/text';
import { latin1 } from './bytes';
import {
  unknown,
  type Facts,
  type NotCheckedReason,
  type Proof,
  type UnknownReason,
  type Verdict,
} from './verdict';

/** What a check may spend: the runner enforces it, whatever a check asks for. */
export const budget = {
  /** Passive wait for a greeting, ms. */
  greetingMs: 400,
  /** From connecting to the verdict, ms. */
  totalMs: 2000,
  /** The same where an account is tried: servers answer a failed login late, on purpose. */
  accountMs: 5000,
  packetsOut: 2,
  bytesIn: 4096,
} as const;

/** Where a check runs. */
export interface CheckContext {
  /** Literal IP address, which is also what stands in a Host header: servers compare it. */
  readonly address: string;
  readonly port: number;
  /** Six random letters and digits, for names that must not exist (a database role, a file). */
  readonly nonce: string;
}

/** What came since the last bytes were sent. */
export interface Reply {
  readonly bytes: Uint8Array;
  /** Absent while more may come. `client-certificate`: the server ended TLS because we have no certificate. */
  readonly ended?: 'quiet' | 'closed' | 'full' | 'client-certificate';
}

/** Judges a reply: a step, or `more` while it is incomplete. Called again with all the bytes when more came. */
export type Next = (reply: Reply) => Step | 'more';

/** A check is a chain of these; each continuation is a pure function of the reply. */
export type Step =
  | { readonly kind: 'listen'; readonly then: Next }
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly asked: string; readonly then: Next }
  /** Ends this connection and goes on with a new one: only where the protocol forces it (rsync closes after its list). */
  | { readonly kind: 'reconnect'; readonly then: () => Step }
  /** Goes on through TLS on this connection, where the server has just agreed to (PostgreSQL's SSLRequest). */
  | { readonly kind: 'start-tls'; readonly then: () => Step }
  /** `farewell` is sent before closing where the protocol would log its absence, and counts as a packet. */
  | { readonly kind: 'done'; readonly verdict: Verdict; readonly farewell?: Uint8Array };

/** How a listener is taken for a service. */
export interface Recognition {
  /** Names of the process or of its executable's file (`redis-server`), matched whole. */
  readonly processes?: RegExp;
  /** Matched on the arguments joined by a blank, for services inside a runtime (java, node, python). */
  readonly commandLine?: RegExp;
  readonly ports?: readonly number[];
  /** Matched on the first bytes of a greeting, one character a byte. */
  readonly greeting?: RegExp;
  /** Matched on the answer to `GET /`: header lines with names in lower case, a blank line, the body. */
  readonly page?: RegExp;
}

/** One service. Its file in checks/ is all there is of it; checks/index.ts lists it. */
export interface Check {
  /** Stable id, for example `redis`. */
  readonly service: string;
  /** As its makers write it. */
  readonly name: string;
  readonly transport: 'tcp' | 'udp';
  /**
   * `never`: the protocol has no TLS of its own. `after`: plain first; a second connection through TLS where the
   * first was answered by a TLS alert (a connection that got a plain request cannot be reused). `first`: TLS at once.
   */
  readonly tls: 'never' | 'after' | 'first';
  readonly recognition: Recognition;
  /** What a credential-free check of this service cannot tell or leaves out. English, for the table in docs. */
  readonly notTried: string;
  /** Only in credentials/: the account that everybody knows and that it tries, in the service's own words. */
  readonly account?: string;
  start(context: CheckContext): Step;
}

export const listen = (then: Next): Step => ({ kind: 'listen', then });

export const send = (bytes: Uint8Array, asked: string, then: Next): Step => ({
  kind: 'send',
  bytes,
  asked,
  then,
});

export function proved(
  kind: 'open-proved' | 'auth-required' | 'refused-by-policy' | 'no-auth-by-design',
  asked: string | undefined,
  answered: string,
  facts?: Facts,
  farewell?: Uint8Array,
): Step {
  const verdict: Verdict = {
    kind,
    proof: proofOf(asked, answered),
    ...(facts ? { facts: clean(facts) } : {}),
  };
  return { kind: 'done', verdict, ...(farewell ? { farewell } : {}) };
}

export function notChecked(reason: NotCheckedReason, answered: string, facts?: Facts): Step {
  const proof = proofOf(undefined, answered);
  return {
    kind: 'done',
    verdict: { kind: 'not-checked', reason, proof, ...(facts ? { facts: clean(facts) } : {}) },
  };
}

export function undecided(
  reason: UnknownReason,
  asked?: string,
  reply?: Reply | string,
  facts?: Facts,
): Step {
  const answered = typeof reply === 'string' ? reply : reply === undefined ? '' : firstLine(reply.bytes);
  return {
    kind: 'done',
    verdict: unknown(
      reason,
      answered === '' ? undefined : proofOf(asked, answered),
      facts ? clean(facts) : undefined,
    ),
  };
}

function proofOf(asked: string | undefined, answered: string): Proof {
  const answer = plainText(answered, 200);
  return asked === undefined ? { answered: answer } : { asked, answered: answer };
}

function clean(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, plainText(value, 200)]));
}

/** The first line of a reply, for the evidence. */
export function firstLine(bytes: Uint8Array, limit = 160): string {
  const text = latin1(bytes.subarray(0, limit + 1));
  const end = text.search(/[\r\n]/u);
  return plainText(end < 0 ? text : text.slice(0, end), limit);
}

/** A whole line ended by LF (and a CR before it), or undefined while it is incomplete. */
export function wholeLine(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(10);
  return end < 0 ? undefined : latin1(bytes.subarray(0, end)).replace(/\r$/u, '');
}

/** Why a reply that says nothing ended, as a reason. */
export function endReason(reply: Reply): UnknownReason {
  if (reply.ended === 'full') return 'too-much';
  if (reply.ended === 'closed') return reply.bytes.length === 0 ? 'closed' : 'incomplete';
  return reply.bytes.length === 0 ? 'silent' : 'incomplete';
}

const tlsRecord = /^[\x14-\x17]\x03[\x00-\x04]/u;

/** A TLS record (RFC 8446, 5.1): an alert is what a TLS server answers to a plain request. */
export function looksLikeTls(bytes: Uint8Array): boolean {
  return tlsRecord.test(latin1(bytes.subarray(0, 3)));
}

/** Go's, nginx's and Apache's HTTPS listeners answer a plain request in plain HTTP. */
export function saysHttps(bytes: Uint8Array): boolean {
  return /^HTTP\/1\.[01] 400 [^]*?(?:HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|requires TLS)/u.test(
    latin1(bytes.subarray(0, 1024)),
  );
}

/** Runs one continuation; what a check leaves undecided when the reply has ended becomes `unknown` here, for all. */
export function advance(next: Next, reply: Reply, asked: string | undefined): Step | 'more' {
  if (reply.ended === 'client-certificate')
    return proved('auth-required', asked, 'TLS alert: certificate required');
  const step = next(reply);
  if (step !== 'more' || reply.ended === undefined) return step;
  return undecided(endReason(reply), asked, reply);
}

/** Notes in the verdict's facts which service answered, where it is not the one that was expected. */
export function identified(step: Step, service: string): Step {
  switch (step.kind) {
    case 'done':
      return { ...step, verdict: { ...step.verdict, facts: { ...step.verdict.facts, service } } };
    case 'reconnect':
    case 'start-tls':
      return { ...step, then: () => identified(step.then(), service) };
    case 'listen':
    case 'send':
      return {
        ...step,
        then: (reply) => {
          const next = step.then(reply);
          return next === 'more' ? 'more' : identified(next, service);
        },
      };
  }
}
