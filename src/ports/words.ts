import type { Translate } from '../base/text';
import { plainText } from '../base/text';
import type { BindScope, Endpoint, Protocol } from './endpoint';
import type { Listener } from './listener';
import type { Owner } from './owner';

/** How a user comes to see a hidden owner. `command` is for a terminal, and never run by us. */
export interface OwnerNote {
  readonly sentence: string;
  readonly command?: string;
}

export function scopeLabel(scope: BindScope, t: Translate): string {
  switch (scope) {
    case 'loopback':
      return t('localhost');
    case 'address':
      return t('one address');
    case 'wildcard':
      return t('every interface');
  }
}

/** The bind scope for a row: `localhost`, `192.168.1.5`, `192.168.1.5 +1` or `every interface`. */
export function scopeWords(listener: Pick<Listener, 'scope' | 'endpoints'>, t: Translate): string {
  if (listener.scope !== 'address') return scopeLabel(listener.scope, t);
  const own = listener.endpoints.filter((endpoint) => endpoint.scope === 'address');
  const [first] = own;
  if (!first) return scopeLabel(listener.scope, t);
  return own.length === 1 ? first.address : `${first.address} +${own.length - 1}`;
}

/** One sentence for each endpoint: what it is bound to and whom that lets in. */
export function bindsWords(endpoints: readonly Endpoint[], t: Translate): string[] {
  return endpoints.map((endpoint) => bindWords(endpoint, t));
}

export function bindWords(endpoint: Endpoint, t: Translate): string {
  const where = addressText(endpoint);
  switch (endpoint.scope) {
    case 'loopback':
      return t('{0}: this machine only', where);
    case 'address':
      return t('{0}: whoever reaches this address', where);
    case 'wildcard':
      return wildcardWords(endpoint, where, t);
  }
}

function wildcardWords(endpoint: Endpoint, where: string, t: Translate): string {
  if (endpoint.family === 'ipv4') return t('{0}: every interface, IPv4', where);
  switch (endpoint.dualStack) {
    case 'yes':
      return t('{0}: every interface, IPv6 and IPv4', where);
    case 'no':
      return t('{0}: every interface, IPv6 only', where);
    case 'probable':
      return t('{0}: every interface, IPv6 and probably also IPv4', where);
    case 'unlikely':
      return t('{0}: every interface, IPv6 and probably not IPv4', where);
    case undefined:
    default:
      return t('{0}: every interface, IPv6', where);
  }
}

/** Address and port as ss(8) writes them: `127.0.0.1:3000`, `[::1]:3000`. */
export function addressText(endpoint: Pick<Endpoint, 'family' | 'address' | 'port'>): string {
  return `${hostText(endpoint)}:${endpoint.port}`;
}

function hostText(endpoint: Pick<Endpoint, 'family' | 'address'>): string {
  return endpoint.family === 'ipv6' ? `[${endpoint.address}]` : endpoint.address;
}

/**
 * A URL that a browser on this machine can open: a wildcard or the usual loopback becomes `localhost`, another
 * address stays, IPv6 in brackets. The port is left out where it is the scheme's own.
 */
export function urlOf(
  endpoint: Pick<Endpoint, 'family' | 'address' | 'port' | 'scope'>,
  scheme: 'http' | 'https',
): string {
  const usual = endpoint.address === '127.0.0.1' || endpoint.address === '::1';
  const host = endpoint.scope === 'wildcard' || usual ? 'localhost' : hostText(endpoint);
  const port = endpoint.port === (scheme === 'http' ? 80 : 443) ? '' : `:${endpoint.port}`;
  return `${scheme}://${host}${port}/`;
}

/** The endpoint to open in a browser: the one that most surely answers on this machine. */
export function endpointForUrl(listener: Pick<Listener, 'endpoints'>): Endpoint | undefined {
  const rank = (endpoint: Endpoint): number =>
    ({ loopback: 0, wildcard: 1, address: 2 })[endpoint.scope] * 2 + (endpoint.family === 'ipv4' ? 0 : 1);
  return [...listener.endpoints].sort((a, b) => rank(a) - rank(b))[0];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Whole units, rounded down, the largest that is not 0: `12 s`, `3 min`, `2 h`, `5 d`. */
export function ageWords(startedAt: number, now: number, t: Translate): string {
  // Clocks may be set back, and start times are counted in ticks: never a negative age.
  const age = Math.max(0, now - startedAt);
  if (age < MINUTE) return t('{0} s', Math.floor(age / SECOND));
  if (age < HOUR) return t('{0} min', Math.floor(age / MINUTE));
  if (age < DAY) return t('{0} h', Math.floor(age / HOUR));
  return t('{0} d', Math.floor(age / DAY));
}

/** When, at the earliest, `ageWords` says something else: for a redraw, in ms from `now`. */
export function ageChangesInMs(startedAt: number, now: number): number {
  const age = Math.max(0, now - startedAt);
  const unit = age < MINUTE ? SECOND : age < HOUR ? MINUTE : age < DAY ? HOUR : DAY;
  return unit - (age % unit);
}

/** How well the owner is known, as sentences, most important first. None for an owner known exactly and ordinary. */
export function ownerNotes(
  listener: Pick<Listener, 'owner' | 'protocol' | 'port'>,
  t: Translate,
): OwnerNote[] {
  const { owner, protocol, port } = listener;
  switch (owner.kind) {
    case 'hidden':
      return [hiddenNote(owner, showOwnerCommand(protocol, port), t)];
    case 'kernel':
      return [
        {
          sentence: t('Held by the kernel, or by a process hidden even from this user.'),
          command: showOwnerCommand(protocol, port),
        },
      ];
    case 'activated':
      return [
        {
          sentence: t(
            '{0} listens for a service and starts it on the first connection (socket activation).',
            plainText(owner.process.name),
          ),
        },
        ...processNotes(owner.process, t),
      ];
    case 'exact':
      return processNotes(owner.process, t);
  }
}

function processNotes(process: Extract<Owner, { process: unknown }>['process'], t: Translate): OwnerNote[] {
  const notes: OwnerNote[] = [];
  if (process.executableDeleted === true) {
    notes.push({
      sentence: t('The executable was deleted or replaced since the process started: it runs old code.'),
    });
  }
  if (process.state === 'Z') {
    notes.push({ sentence: t('The process has ended, but its parent has not collected it yet (zombie).') });
  }
  if (process.socketActivated === true) {
    notes.push({ sentence: t('It was given its socket by the service manager (socket activation).') });
  }
  return notes;
}

function hiddenNote(owner: Extract<Owner, { kind: 'hidden' }>, command: string, t: Translate): OwnerNote {
  const who = userWords(owner);
  return {
    sentence: t('Belongs to another user: {0}. Run “{1}” in a terminal to see the process.', who, command),
    command,
  };
}

/** `uid 999 (redis)`, or `uid 999` where the user has no name. */
export function userWords(owner: { readonly uid: number; readonly user?: string }): string {
  return owner.user === undefined ? `uid ${owner.uid}` : `uid ${owner.uid} (${plainText(owner.user, 64)})`;
}

/** Shows the owners of one port to an administrator (ss(8), filter syntax of its STATE-FILTER section). */
export function showOwnerCommand(protocol: Protocol, port: number): string {
  return `sudo ss -${protocol === 'tcp' ? 't' : 'u'}lnp sport = :${port}`;
}

/** The owner for a row: its process, or in few words why there is none. */
export function ownerLabel(owner: Owner, t: Translate): string {
  switch (owner.kind) {
    case 'exact':
    case 'activated':
      return plainText(owner.process.name, 64);
    case 'hidden':
      return t('hidden, {0}', userWords(owner));
    case 'kernel':
      return t('kernel or hidden');
  }
}
