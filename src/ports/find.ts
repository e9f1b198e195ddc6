import type { Translate } from '../base/text';
import type { Protocol } from './endpoint';
import type { Listener } from './listener';
import type { Snapshot } from './snapshot';

/** Everything that listens on a port: TCP first, then the widest scope first. */
export function usersOfPort(snapshot: Pick<Snapshot, 'listeners'>, port: number): Listener[] {
  const reach = { wildcard: 0, address: 1, loopback: 2 };
  return [...snapshot.listeners.values()]
    .filter((listener) => listener.port === port)
    .sort((a, b) => a.protocol.localeCompare(b.protocol) || reach[a.scope] - reach[b.scope]);
}

export type PortInput = { readonly port: number } | { readonly error: string };

/** What a user typed: `3000`, `:3000`, `localhost:3000`, `http://localhost:3000/x`, full-width digits too. */
export function parsePort(text: string, t: Translate): PortInput {
  const typed = text.normalize('NFKC').trim();
  if (typed === '') return { error: t('Type a port number, 1 to 65535.') };
  const afterHost = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\[[0-9a-f:.%]+\]|[^/:\s[\]]*):(\d+)(?:[/?#].*)?$/iu.exec(
    typed,
  );
  const digits = afterHost?.[1] ?? typed;
  if (!/^[+-]?\d+$/u.test(digits))
    return { error: t('“{0}” is not a port: type a number, 1 to 65535.', typed) };
  const port = Number(digits);
  if (port < 1 || port > 65535) return { error: t('{0} is out of range: ports are 1 to 65535.', digits) };
  return { port };
}

/**
 * Ports that browsers refuse to open, whatever listens there: the bad ports of the Fetch standard
 * (https://fetch.spec.whatwg.org/#port-blocking, as of April 2024).
 */
export const BROWSER_BLOCKED_PORTS: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Why a port was passed over. */
export type SkipReason = 'listed' | 'browser-blocked' | 'privileged' | 'cannot-bind';

export interface FreePort {
  readonly port: number;
  /** The wished port first, where it was not to be had. */
  readonly skipped: readonly { readonly port: number; readonly reason: SkipReason }[];
}

export interface FreePortOptions {
  readonly protocol?: Protocol;
  /** First port that any user may bind; 1024 unless the machine says otherwise (ip_unprivileged_port_start). */
  readonly firstUnprivileged?: number;
  /** How many binds to try at most. */
  readonly tries?: number;
}

/**
 * The nearest free port at or above the wished one, then below it.
 * @param canBind tries a real bind: what is bound and does not listen is in no table
 * @returns undefined where `tries` binds failed
 */
export async function freePortNear(
  snapshot: Pick<Snapshot, 'listeners' | 'machine'>,
  wished: number,
  canBind: (port: number) => Promise<boolean>,
  options: FreePortOptions = {},
): Promise<FreePort | undefined> {
  const { protocol = 'tcp', firstUnprivileged = 1024, tries = 200 } = options;
  const taken = new Set<number>();
  for (const listener of snapshot.listeners.values())
    if (listener.protocol === protocol) taken.add(listener.port);
  const lowest = snapshot.machine.uid === 0 ? 1 : firstUnprivileged;
  const skipped: { port: number; reason: SkipReason }[] = [];
  let left = tries;
  for (const port of nearest(wished, lowest)) {
    const known = refusal(port, taken, lowest);
    if (known) {
      skipped.push({ port, reason: known });
      continue;
    }
    if (left-- <= 0) return undefined;
    if (await canBind(port)) return { port, skipped };
    skipped.push({ port, reason: 'cannot-bind' });
  }
  return undefined;
}

function refusal(port: number, taken: ReadonlySet<number>, lowest: number): SkipReason | undefined {
  if (taken.has(port)) return 'listed';
  if (port < lowest) return 'privileged';
  return BROWSER_BLOCKED_PORTS.has(port) ? 'browser-blocked' : undefined;
}

/** The wished port, those above it, then those below down to the lowest. A privileged wish goes on at the lowest. */
function* nearest(wished: number, lowest: number): Generator<number> {
  yield wished;
  for (let port = Math.max(wished + 1, lowest); port <= 65535; port++) yield port;
  for (let port = wished - 1; port >= lowest; port--) yield port;
}

export function skipWords(reason: SkipReason, t: Translate): string {
  switch (reason) {
    case 'listed':
      return t('in use');
    case 'browser-blocked':
      return t('browsers refuse to open it');
    case 'privileged':
      return t('needs administrator rights');
    case 'cannot-bind':
      return t('cannot be bound');
  }
}
