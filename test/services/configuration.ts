import type { NotCheckedReason, UnknownReason, VerdictKind } from '../../src/exposure/verdict';
import type { Server } from './host';

/** One server in one configuration, and what a check must find out about it. */
export interface Configuration {
  /** `redis: password`. */
  readonly name: string;
  /** The check that must be chosen for it. */
  readonly service: string;
  /** `fake`: not installable here, written after the protocol's specification; the docs say so. */
  readonly kind: 'real' | 'fake';
  readonly port: number;
  /** Its well-known account is tried, as the user may ask for. */
  readonly credential?: true;
  /** Where it is checked; the namespace's IPv4 address where absent. */
  readonly address?: string;
  /** Configurations in a row with the same key are one running server: only the first starts it. */
  readonly shared?: string;
  readonly expected:
    | Exclude<VerdictKind, 'unknown' | 'not-checked'>
    | { readonly kind: 'unknown'; readonly reason: UnknownReason }
    | { readonly kind: 'not-checked'; readonly reason: NotCheckedReason };
  /** Facts that must be found beside the verdict. */
  readonly facts?: Readonly<Record<string, string | RegExp>>;
  start(server: Server): Promise<unknown>;
  /** What the server itself tells of its data, client lists and sessions, beside its {@link Footprint}. */
  state?(server: Server): Promise<string>;
  /** Files in its folder that it writes by itself, asked or not. */
  readonly mayWrite?: RegExp;
  /** The only lines that the server may add to its log. Absent: none. */
  readonly mayLog?: RegExp;
}

/** A configuration of a real server, in one call. */
export function real(
  service: string,
  name: string,
  port: number,
  expected: Configuration['expected'],
  start: Configuration['start'],
  rest: Pick<
    Configuration,
    'facts' | 'state' | 'mayWrite' | 'mayLog' | 'address' | 'shared' | 'credential'
  > = {},
): Configuration {
  return { name: `${service}: ${name}`, service, kind: 'real', port, expected, start, ...rest };
}

/** Greets, and whether an account would do is not tried. */
export const needsCredentials = { kind: 'not-checked', reason: 'needs-credentials' } as const;
export const notProvable = { kind: 'unknown', reason: 'not-provable' } as const;
