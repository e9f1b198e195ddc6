/** What only a reply can prove. */
export const PROVED_KINDS = [
  'open-proved',
  'auth-required',
  'refused-by-policy',
  'no-auth-by-design',
] as const;
export type ProvedKind = (typeof PROVED_KINDS)[number];

/**
 * What a check found out about one listener.
 * - `open-proved`: a handshake without credentials succeeded;
 * - `auth-required`: the service asked for credentials (or a client certificate);
 * - `refused-by-policy`: it turned this peer away whatever its credentials (protected mode, no pg_hba line, an ACL);
 * - `no-auth-by-design`: the protocol has no authentication, and it was this protocol that answered;
 * - `unknown`: nothing was proved. Never shown as safe;
 * - `not-checked`: no packet was sent, or none that could tell.
 */
export type Verdict =
  | {
      readonly kind: ProvedKind;
      readonly proof: Proof;
      readonly facts?: Facts;
    }
  | {
      readonly kind: 'unknown';
      readonly reason: UnknownReason;
      readonly proof?: Proof;
      readonly facts?: Facts;
    }
  | {
      readonly kind: 'not-checked';
      readonly reason: NotCheckedReason;
      readonly proof?: Proof;
      readonly facts?: Facts;
    };

export type VerdictKind = Verdict['kind'];

/** What was asked and what came back, in the protocol's own words: shown as they are, in every language. */
export interface Proof {
  /** Absent: the service greeted by itself. */
  readonly asked?: string;
  readonly answered: string;
}

/** What else the replies told: `version`, `product`, `mechanisms`, … Hostile text, already cleaned and cut. */
export type Facts = Readonly<Record<string, string>>;

export const UNKNOWN_REASONS = [
  /** The connection was refused or reset before anything was said. */
  'connection-refused',
  'unreachable',
  /** Connected, and not one byte came. */
  'silent',
  /** It closed the connection without the reply that was waited for. */
  'closed',
  /** The reply stopped in the middle. */
  'incomplete',
  /** It sent more than a check reads. */
  'too-much',
  /** The reply is not of the protocol that was expected. */
  'unexpected-reply',
  /** It wants TLS, and the check does not speak this protocol through TLS, or the handshake failed. */
  'tls',
  /** It is the service, but no harmless request tells whether it asks for credentials. */
  'not-provable',
  'cancelled',
  /** A fault of the check itself; the log has it. */
  'error',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

export const NOT_CHECKED_REASONS = [
  /** A debugger: connecting alone may resume, stop or occupy the program. */
  'debugger',
  /** Any request would run code (PHP-FPM). */
  'unsafe',
  /** The service has accounts; trying one would be guessing. */
  'needs-credentials',
  'loopback-only',
  'unrecognised',
  'no-target',
  'policy-off',
  'policy-ask',
  'excepted',
  'untrusted-workspace',
] as const;
export type NotCheckedReason = (typeof NOT_CHECKED_REASONS)[number];

export const unknown = (reason: UnknownReason, proof?: Proof, facts?: Facts): Verdict => ({
  kind: 'unknown',
  reason,
  ...(proof ? { proof } : {}),
  ...(facts ? { facts } : {}),
});
