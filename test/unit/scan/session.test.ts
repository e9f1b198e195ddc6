import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareSessions } from '../../../src/scan/compare';
import { eachPort } from '../../../src/scan/ports';
import type { PortGroup } from '../../../src/scan/report';
import { ScanSession, type SessionChange, type SessionHead } from '../../../src/scan/session';
import type { HostRecord, SessionData } from '../../../src/scan/sessionData';
import { PORT_STATES, type PortState } from '../../../src/scan/states';
import {
  countStates,
  filterGroups,
  portRows,
  sortHosts,
  splitPorts,
  summarize,
  totalOpen,
} from '../../../src/scan/summary';
import { portGroups, totalPorts } from './arbitraries';

const HEAD: SessionHead = {
  id: 's1',
  origin: 'scan',
  scanner: { name: 'Portlight', version: '?' },
  targets: '10.0.0.0/30',
  ports: '1-100',
  parts: [{ technique: 'connect', ports: [[1, 100]] }],
  discovery: 'skip',
  timing: 'normal',
  startedAt: 1000,
  hostsTotal: 4,
};

function open(port: number): { protocol: 'tcp'; port: number; state: 'open'; reason: 'syn-ack' } {
  return { protocol: 'tcp', port, state: 'open', reason: 'syn-ack' };
}

describe('ScanSession', () => {
  it('fills while the scan runs, and keeps what the end says', () => {
    const session = new ScanSession(HEAD);
    const changes: SessionChange['kind'][] = [];
    session.onDidChange(({ kind }) => changes.push(kind));
    session.apply({ kind: 'started', hosts: 4, probes: 400, engine: 'addon', version: '0.1.0' });
    session.apply({ kind: 'host', host: { address: '10.0.0.1', status: 'up', reason: 'user-set' } });
    session.apply({ kind: 'host', host: { address: '10.0.0.2', status: 'down', reason: 'no-response' } });
    session.apply({ kind: 'host', host: { address: '10.0.0.3', status: 'down', reason: 'no-response' } });
    session.apply({ kind: 'found', address: '10.0.0.1', port: open(22) });
    session.apply({ kind: 'found', address: '10.0.0.1', port: open(80) });
    session.apply({ kind: 'found', address: '10.0.0.1', port: open(23) });
    assert.deepEqual(session.host('10.0.0.1')?.groups, [
      {
        protocol: 'tcp',
        state: 'open',
        reason: 'syn-ack',
        ports: [
          [22, 23],
          [80, 80],
        ],
      },
    ]);
    assert.equal(session.host('10.0.0.1')?.complete, false);
    const progress = { done: 10, total: 400, rate: 100, open: 3, secondsLeft: 4 };
    session.apply({ kind: 'progress', progress });
    assert.deepEqual(session.progress, progress);
    const closed: PortGroup = {
      protocol: 'tcp',
      state: 'closed',
      reason: 'conn-refused',
      ports: [
        [1, 21],
        [24, 100],
      ],
    };
    const found: PortGroup = { protocol: 'tcp', state: 'open', reason: 'syn-ack', ports: [[22, 23]] };
    session.apply({ kind: 'ports', address: '10.0.0.1', complete: true, groups: [closed, found] });
    session.apply({
      kind: 'host',
      host: { address: '10.0.0.1', status: 'up', reason: 'user-set', latencyMs: 2 },
    });
    session.finish({ outcome: 'completed', elapsedMs: 9, hostsUp: 1, hostsDown: 2, packetsSent: 400 }, 1009);
    const data = session.data();
    assert.deepEqual(data.hosts, [
      {
        address: '10.0.0.1',
        status: 'up',
        reason: 'user-set',
        latencyMs: 2,
        complete: true,
        groups: [found, closed],
      },
    ]);
    assert.deepEqual(data.down, [{ reason: 'no-response', hosts: 2 }]);
    assert.deepEqual([data.engine, data.scanner.version, data.endedAt], ['addon', '0.1.0', 1009]);
    assert.equal(totalOpen(data), 2);
    assert.deepEqual([changes[0], changes.at(-1)], ['whole', 'whole']);
  });

  it('keeps what was found when the helper dies, and hears nothing of it afterwards', () => {
    const session = new ScanSession(HEAD);
    session.apply({ kind: 'found', address: '10.0.0.1', port: open(22) });
    session.fail('helper-died', 'killed', 2000);
    session.apply({ kind: 'found', address: '10.0.0.1', port: open(23) });
    session.finish({ outcome: 'completed', elapsedMs: 1, hostsUp: 1, hostsDown: 0, packetsSent: 1 }, 3000);
    const data = session.data();
    assert.deepEqual(data.status, { kind: 'failed', code: 'helper-died', message: 'killed' });
    assert.deepEqual([data.endedAt, totalOpen(data)], [2000, 1]);
  });

  it('holds 65,535 open ports of a tarpit in one range', () => {
    const session = new ScanSession(HEAD);
    for (let port = 65535; port > 0; port--)
      session.apply({ kind: 'found', address: '10.0.0.1', port: open(port) });
    assert.deepEqual(session.host('10.0.0.1')?.groups[0]?.ports, [[1, 65535]]);
  });
});

describe('summaries', () => {
  it('neither lose nor double a port', () => {
    fc.assert(
      fc.property(portGroups, (groups) => {
        const { rows, folded } = splitPorts(groups);
        assert.equal(rows.length + folded.reduce((sum, each) => sum + each.count, 0), totalPorts(groups));
        assert.ok(folded.every(({ state, count }) => state !== 'open' && count > 25));
        const counts = Object.values(countStates(groups)).reduce((sum, count) => sum + count, 0);
        assert.equal(counts, totalPorts(groups));
        for (const summary of summarize(groups))
          assert.equal(
            summary.count,
            summary.reasons.reduce((sum, reason) => sum + reason.count, 0),
          );
        const some = new Set<PortState>(PORT_STATES.slice(0, 2));
        assert.ok(filterGroups(groups, some).every(({ state }) => some.has(state)));
      }),
    );
  });

  it('sort hosts by what is asked, then by address as a number', () => {
    const host = (address: string, more: Partial<HostRecord> = {}): HostRecord => ({
      address,
      status: 'up',
      reason: 'user-set',
      complete: true,
      groups: [],
      ...more,
    });
    const hosts = [
      host('::1'),
      host('10.0.0.10', { name: 'b', latencyMs: 1 }),
      host('10.0.0.9', {
        name: 'c',
        groups: [{ protocol: 'tcp', state: 'open', reason: 'syn-ack', ports: [[1, 2]] }],
      }),
      host('9.0.0.1', { latencyMs: 0.5 }),
    ];
    const order = (by: Parameters<typeof sortHosts>[1]): string =>
      sortHosts(hosts, by)
        .map(({ address }) => address)
        .join(' ');
    assert.equal(order('address'), '9.0.0.1 10.0.0.9 10.0.0.10 ::1');
    assert.equal(order('open'), '10.0.0.9 9.0.0.1 10.0.0.10 ::1');
    assert.equal(order('latency'), '9.0.0.1 10.0.0.10 10.0.0.9 ::1');
    assert.equal(order('name'), '10.0.0.10 10.0.0.9 9.0.0.1 ::1');
  });
});

describe('compareSessions', () => {
  const data = (hosts: Record<string, PortGroup[]>): SessionData => ({
    ...new ScanSession(HEAD).data(),
    hosts: Object.entries(hosts).map(([address, groups]) => ({
      address,
      status: 'up',
      reason: 'user-set',
      complete: true,
      groups,
    })),
  });
  const group = (state: PortState, ...ports: [number, number][]): PortGroup => ({
    protocol: 'tcp',
    state,
    reason: state === 'open' ? 'syn-ack' : 'reset',
    ports,
  });

  it('tells new, gone and changed ports and hosts', () => {
    const before = data({
      '10.0.0.1': [group('open', [22, 23]), group('closed', [1, 21], [24, 50])],
      '10.0.0.2': [group('open', [80, 80])],
      '10.0.0.4': [group('open', [1, 1])],
    });
    const after = data({
      '10.0.0.1': [group('open', [23, 24]), group('closed', [1, 22]), group('filtered', [25, 60])],
      '10.0.0.3': [group('open', [443, 443]), group('closed', [1, 9])],
      '10.0.0.4': [group('open', [1, 1])],
    });
    assert.deepEqual(compareSessions(before, after), {
      hosts: [
        {
          address: '10.0.0.1',
          kind: 'both',
          ports: [
            { protocol: 'tcp', kind: 'new', before: 'closed', after: 'open', ports: [[24, 24]] },
            { protocol: 'tcp', kind: 'gone', before: 'open', after: 'closed', ports: [[22, 22]] },
            { protocol: 'tcp', kind: 'changed', before: 'closed', after: 'filtered', ports: [[25, 50]] },
          ],
        },
        {
          address: '10.0.0.3',
          kind: 'new',
          ports: [{ protocol: 'tcp', kind: 'new', after: 'open', ports: [[443, 443]] }],
        },
        {
          address: '10.0.0.2',
          kind: 'gone',
          ports: [{ protocol: 'tcp', kind: 'gone', before: 'open', ports: [[80, 80]] }],
        },
      ],
      notCompared: 10,
    });
  });

  it('agrees with comparing port by port', () => {
    const states = (groups: PortGroup[]): Map<string, PortState> =>
      new Map(portRows(groups).map(({ protocol, port, state }) => [`${protocol} ${port}`, state]));
    fc.assert(
      fc.property(portGroups, portGroups, (old, now) => {
        const compared = compareSessions(data({ '10.0.0.1': old }), data({ '10.0.0.1': now }));
        const [a, b] = [states(old), states(now)];
        const expected = [...b]
          .filter(([key, state]) => a.has(key) && a.get(key) !== state)
          .map(([key, state]) => `${key} ${a.get(key)} ${state}`);
        const actual = compared.hosts
          .flatMap(({ ports }) => ports)
          .flatMap((change) =>
            [...eachPort(change.ports)].map(
              (port) => `${change.protocol} ${port} ${change.before} ${change.after}`,
            ),
          );
        assert.deepEqual(actual.sort(), expected.sort());
        const once = [...a.keys(), ...b.keys()].filter((key) => a.has(key) !== b.has(key)).length;
        assert.equal(compared.notCompared, once);
      }),
    );
  });
});
