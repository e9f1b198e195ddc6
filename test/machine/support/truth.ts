import type { Listener } from '../../../src/ports/listener';
import type { SsSocket } from './ss';

/** Both sides as comparable lines: `tcp 8080 ::,0.0.0.0 inodes 12,13`, and the same with the holders' pids. */
export interface Lines {
  readonly sockets: readonly string[];
  readonly owners: readonly string[];
}

export function linesOf(listeners: Iterable<Listener>): Lines {
  const sockets: string[] = [];
  const owners: string[] = [];
  for (const { protocol, port, endpoints, inodes, owner } of listeners) {
    const addresses = endpoints.map(({ address }) => address).sort();
    const pids =
      'process' in owner
        ? [owner.process.pid, ...owner.coOwners.map(({ pid }) => pid)].sort((a, b) => a - b)
        : [];
    const line = `${protocol} ${port} ${addresses.join(',')} inodes ${inodes.join(',')}`;
    sockets.push(line);
    owners.push(`${line} pids ${pids.join(',')}`);
  }
  return { sockets: sockets.sort(), owners: owners.sort() };
}

/** The sockets of ss, put together as the listeners are: those that a listener has as its inodes make one line. */
export function linesOfSs(sockets: readonly SsSocket[], listeners: Iterable<Listener>): Lines {
  const groupOf = new Map<number, string>();
  for (const { id, inodes } of listeners) for (const inode of inodes) groupOf.set(inode, id);
  const groups = new Map<string, SsSocket[]>();
  for (const socket of sockets) {
    const id = groupOf.get(socket.inode) ?? `inode ${socket.inode}`;
    groups.set(id, [...(groups.get(id) ?? []), socket]);
  }
  const lines = [...groups.values()].map((group) => {
    const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
    const addresses = unique(group.map(addressOf)).sort();
    const inodes = group.map(({ inode }) => inode).sort((a, b) => a - b);
    const pids = unique(group.flatMap((socket) => [...socket.pids])).sort((a, b) => a - b);
    const [first] = group;
    const line = `${first?.protocol} ${first?.port} ${addresses.join(',')} inodes ${inodes.join(',')}`;
    return { line, owners: `${line} pids ${pids.join(',')}` };
  });
  return { sockets: lines.map(({ line }) => line).sort(), owners: lines.map(({ owners }) => owners).sort() };
}

function addressOf({ local }: SsSocket): string {
  const address = local
    .slice(0, local.lastIndexOf(':'))
    .replace(/%.*$/, '')
    .replace(/^\[|\]$/g, '');
  return address === '*' ? '::' : address;
}
