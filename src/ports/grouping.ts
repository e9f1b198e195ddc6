import type { BindScope, DualStack, Endpoint, Family, Protocol } from './endpoint';
import type { Listener } from './listener';
import { sameProcess, type Owner, type Process } from './owner';

/** One listening socket, as the machine shows it. */
export interface ListeningSocket {
  readonly protocol: Protocol;
  readonly family: Family;
  /** Canonical text. */
  readonly address: string;
  readonly port: number;
  /** 0 where the machine tells none. */
  readonly inode: number;
  /** The user who opened it. */
  readonly uid: number;
  /** TCP: connections waiting to be accepted. */
  readonly backlog?: number;
}

/** What grouping has to be told besides the sockets. */
export interface GroupingFacts {
  /** Every process that holds the socket. */
  holders(inode: number): readonly Process[];
  /** From the parent up. */
  parents(process: Process): readonly Process[];
  /** A socket without a visible holder: does it belong to a user whose processes may not be looked into? */
  isHidden(socket: ListeningSocket): boolean;
  userName(uid: number): string | undefined;
  /** A connection over IPv4 was accepted by this socket of IPv6. */
  servesBoth(inode: number): boolean;
  /** What a `::` bind is where nothing proves it: the machine's default (net.ipv6.bindv6only). */
  readonly dualStackDefault: DualStack;
  /** First and last. */
  readonly ephemeralPorts: readonly [number, number];
}

/**
 * Programs that listen for others and start these on the first connection, by the kernel's name for them (15 bytes).
 * One line each. Not complete: a super server that is missing here is shown as an ordinary owner.
 */
const ACTIVATORS: ReadonlySet<string> = new Set([
  'systemd',
  'systemd-socket-',
  'inetd',
  'inetutils-inetd',
  'xinetd',
  'launchd',
  'tcpserver',
  's6-tcpserver',
]);

/**
 * Groups the sockets of **one protocol and port** into rows: one row an owner, with all the endpoints it has there.
 * Sockets that share a port by SO_REUSEPORT are rows of their own where their owners differ.
 * Pure; the order of the answer does not depend on the order of the sockets.
 */
export function groupPort(sockets: readonly ListeningSocket[], facts: GroupingFacts): Listener[] {
  const rows = new Map<string, { owner: Owner; sockets: ListeningSocket[] }>();
  for (const socket of sockets) {
    const owner = ownerOf(socket, facts);
    const id = `${socket.protocol}:${socket.port}:${ownerId(owner)}`;
    const row = rows.get(id);
    if (row === undefined) rows.set(id, { owner, sockets: [socket] });
    else {
      row.owner = mergeOwners(row.owner, owner);
      row.sockets.push(socket);
    }
  }
  const listeners: Listener[] = [];
  for (const [id, row] of rows) listeners.push(listenerOf(id, row.owner, row.sockets, sockets, facts));
  return listeners.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function listenerOf(
  id: string,
  owner: Owner,
  own: readonly ListeningSocket[],
  all: readonly ListeningSocket[],
  facts: GroupingFacts,
): Listener {
  const endpoints = endpointsOf(own, all, facts);
  const [first] = own;
  if (first === undefined) throw new Error('A row without a socket');
  const { protocol, port } = first;
  const [low, high] = facts.ephemeralPorts;
  return {
    id,
    protocol,
    port,
    endpoints,
    scope: widest(endpoints),
    owner,
    inodes: own.map(({ inode }) => inode).sort((a, b) => a - b),
    ...(protocol === 'tcp' ? { backlog: own.reduce((sum, { backlog }) => sum + (backlog ?? 0), 0) } : {}),
    ...(protocol === 'udp' && port >= low && port <= high ? { ephemeralUdp: true } : {}),
  };
}

/** Forked workers hold the same socket: the one above all others is its owner, the others are co-owners. */
function ownerOf(socket: ListeningSocket, facts: GroupingFacts): Owner {
  const holders = facts.holders(socket.inode);
  if (holders.length === 0) {
    const { uid } = socket;
    if (!facts.isHidden(socket)) return { kind: 'kernel', uid };
    const user = facts.userName(uid);
    return { kind: 'hidden', uid, ...(user === undefined ? {} : { user }) };
  }
  // An activator keeps the socket while the service that it started uses it: the service is the owner then.
  const services = holders.filter((holder) => !isActivator(holder));
  const candidates = services.length > 0 ? services : holders;
  const hasHolderAbove = (holder: Process): boolean =>
    facts.parents(holder).some((parent) => candidates.some((other) => sameProcess(other, parent)));
  const top = candidates.filter((holder) => !hasHolderAbove(holder));
  const owner = [...(top.length > 0 ? top : candidates)].sort(byAge)[0];
  if (owner === undefined) throw new Error('A holder that is none');
  return {
    kind: services.length > 0 ? 'exact' : 'activated',
    process: owner,
    parents: facts.parents(owner),
    coOwners: holders.filter((holder) => !sameProcess(holder, owner)).sort(byAge),
  };
}

function isActivator({ name }: Process): boolean {
  return ACTIVATORS.has(name);
}

function ownerId(owner: Owner): string {
  switch (owner.kind) {
    case 'exact':
    case 'activated':
      return `${owner.process.pid}@${owner.process.startTicks}`;
    case 'hidden':
      return `uid${owner.uid}`;
    case 'kernel':
      return 'kernel';
  }
}

/** Of the same process: only the co-owners may differ from socket to socket. */
function mergeOwners(a: Owner, b: Owner): Owner {
  if (!('process' in a) || !('process' in b)) return a;
  const more = b.coOwners.filter((other) => !a.coOwners.some((known) => sameProcess(known, other)));
  return more.length === 0 ? a : { ...a, coOwners: [...a.coOwners, ...more].sort(byAge) };
}

function byAge(a: Process, b: Process): number {
  return a.startTicks - b.startTicks || a.pid - b.pid;
}

function endpointsOf(
  own: readonly ListeningSocket[],
  all: readonly ListeningSocket[],
  facts: GroupingFacts,
): Endpoint[] {
  const byAddress = new Map<string, Endpoint>();
  for (const socket of own) {
    const { protocol, family, address, port } = socket;
    const dualStack = address === '::' ? dualStackOf(socket, all, facts) : undefined;
    const known = byAddress.get(address);
    if (known !== undefined && (known.dualStack === 'yes' || dualStack !== 'yes')) continue;
    const scope = bindScope(address);
    byAddress.set(address, {
      protocol,
      family,
      address,
      port,
      scope,
      ...(dualStack === undefined ? {} : { dualStack }),
    });
  }
  return [...byAddress.values()].sort(
    (a, b) =>
      a.family.localeCompare(b.family) ||
      SCOPES.indexOf(b.scope) - SCOPES.indexOf(a.scope) ||
      (a.address < b.address ? -1 : 1),
  );
}

function dualStackOf(
  socket: ListeningSocket,
  all: readonly ListeningSocket[],
  facts: GroupingFacts,
): DualStack {
  if (facts.servesBoth(socket.inode)) return 'yes';
  const count = (address: string): number => all.filter((other) => other.address === address).length;
  // With SO_REUSEPORT several sockets may be bound to one address, and then both families to both: no proof.
  return count('0.0.0.0') === 1 && count('::') === 1 ? 'no' : facts.dualStackDefault;
}

/** From the narrowest to the widest. */
const SCOPES: readonly BindScope[] = ['loopback', 'address', 'wildcard'];

function widest(endpoints: readonly Endpoint[]): BindScope {
  const index = Math.max(...endpoints.map(({ scope }) => SCOPES.indexOf(scope)));
  return SCOPES[index] ?? 'wildcard';
}

/** @param address canonical text; `::ffff:a.b.c.d` reaches as far as the IPv4 address in it. */
export function bindScope(address: string): BindScope {
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  if (plain === '0.0.0.0' || plain === '::') return 'wildcard';
  return plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain) ? 'loopback' : 'address';
}
