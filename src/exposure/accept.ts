import type { Protocol } from '../ports/endpoint';
import type { Listener } from '../ports/listener';

/** Kept in the workspace, so that a team shares it: `.vscode/portlight.json`. */
export const ACCEPT_FILE = '.vscode/portlight.json';

/** "This is meant so": one finding on one port, with a reason, and an end. */
export interface Acceptance {
  /** A finding's id, for example `open.redis`. */
  readonly finding: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly reason: string;
  /** Last day on which it counts, `2026-12-31`; absent: for good. */
  readonly until?: string;
}

/** Of the same finding on the same port. */
export function sameTarget(a: Acceptance, b: Pick<Acceptance, 'finding' | 'port' | 'protocol'>): boolean {
  return a.finding === b.finding && a.port === b.port && a.protocol === b.protocol;
}

/** The acceptance that counts now; its last day counts to its end, in UTC. */
export function acceptanceOf(
  finding: string,
  { port, protocol }: Pick<Listener, 'port' | 'protocol'>,
  acceptances: readonly Acceptance[],
  now: number,
): Acceptance | undefined {
  const today = new Date(now).toISOString().slice(0, 10);
  return acceptances.find(
    (acceptance) =>
      sameTarget(acceptance, { finding, port, protocol }) && (acceptance.until ?? today) >= today,
  );
}
