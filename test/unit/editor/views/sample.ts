import type { Endpoint } from '../../../../src/ports/endpoint';
import type { Listener } from '../../../../src/ports/listener';
import type { Owner, Process } from '../../../../src/ports/owner';
import type { Limit, Snapshot } from '../../../../src/ports/snapshot';

/** Listeners for tests of the tree: ordinary ones, changed where a test says so. */

export const NOW = Date.UTC(2026, 0, 2, 12, 0, 0);

export function aProcess(fields: Partial<Process> = {}): Process {
  return {
    pid: 812,
    startTicks: 99123,
    parentPid: 700,
    name: 'node',
    commandLine: ['node', '/home/me/shop/node_modules/.bin/vite', 'dev'],
    executable: '/usr/bin/node',
    cwd: '/home/me/shop',
    uid: 1000,
    user: 'me',
    startedAt: NOW - 5 * 60_000,
    state: 'S',
    project: { folder: '/home/me/shop', name: 'shop' },
    ...fields,
  };
}

/** A process of which little is known: no executable, working directory or project. */
export function aBareProcess(fields: Partial<Process> = {}): Process {
  const bare: Record<string, unknown> = { ...aProcess() };
  for (const field of ['executable', 'cwd', 'project']) Reflect.deleteProperty(bare, field);
  return { ...(bare as unknown as Process), ...fields };
}

type SeenOwner = Extract<Owner, { process: unknown }>;

export function anOwner(process: Partial<Process> = {}, fields: Partial<SeenOwner> = {}): SeenOwner {
  return { kind: 'exact', process: aProcess(process), parents: [], coOwners: [], ...fields };
}

export function anEndpoint(fields: Partial<Endpoint> = {}): Endpoint {
  return { protocol: 'tcp', family: 'ipv4', address: '127.0.0.1', port: 3000, scope: 'loopback', ...fields };
}

export function aListener(fields: Partial<Listener> = {}): Listener {
  const port = fields.port ?? 3000;
  const protocol = fields.protocol ?? 'tcp';
  const scope = fields.scope ?? 'loopback';
  const address = scope === 'wildcard' ? '0.0.0.0' : '127.0.0.1';
  return {
    id: `${protocol}:${port}:812@99123`,
    protocol,
    port,
    endpoints: [anEndpoint({ protocol, port, scope, address })],
    scope,
    owner: anOwner(),
    inodes: [port],
    ...fields,
  };
}

export function aSnapshot(listeners: readonly Listener[], limits: readonly Limit[] = []): Snapshot {
  return {
    takenAt: NOW,
    machine: {
      hostname: 'box',
      platform: 'linux',
      ephemeralPorts: [32768, 60999],
      uid: 1000,
      user: 'me',
      addresses: ['192.0.2.2'],
    },
    listeners: new Map(listeners.map((listener) => [listener.id, listener])),
    limits,
  };
}
