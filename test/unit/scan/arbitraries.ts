import fc from 'fast-check';
import { formatAddress } from '../../../src/scan/address';
import { countPorts, rangesOf, type PortRanges } from '../../../src/scan/ports';
import type { PortGroup } from '../../../src/scan/report';
import { groupPorts } from '../../../src/scan/groups';
import type { HostRecord, ServiceFacts, SessionData } from '../../../src/scan/sessionData';
import { PORT_STATES, REASONS, type PortState, type Reason } from '../../../src/scan/states';

/** Text as an enemy would write it: markup, formulas, controls, lone surrogates, other scripts. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '=HYPERLINK("x")',
    '@SUM(1)',
    '-1+1',
    '<script>',
    ']]>',
    '&lol;',
    '"quoted"',
    'a\r\nb',
    '\u202e',
    '\ud800',
    '端口',
  ),
);

const address = fc.oneof(
  fc.bigInt({ min: 0n, max: 0xffffffffn }).map((value) => formatAddress({ family: 'ipv4', value })),
  fc
    .bigInt({ min: 1n << 100n, max: (1n << 128n) - 1n })
    .map((value) => formatAddress({ family: 'ipv6', value })),
);

/** Each port in exactly one group. */
export const portGroups: fc.Arbitrary<PortGroup[]> = fc
  .array(
    fc.record({
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
      port: fc.integer({ min: 1, max: 400 }),
      state: fc.constantFrom<PortState>(...PORT_STATES),
      reason: fc.constantFrom<Reason>(...REASONS),
    }),
    { maxLength: 120 },
  )
  .map((rows) => {
    const unique = new Map(rows.map((row) => [`${row.protocol} ${row.port}`, row]));
    return groupPorts([...unique.values()]);
  });

const service: fc.Arbitrary<ServiceFacts> = fc.record({
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  port: fc.integer({ min: 1, max: 400 }),
  name: hostileText,
  method: fc.constantFrom('probed' as const, 'table' as const),
});

const host: fc.Arbitrary<HostRecord> = fc
  .record(
    {
      address,
      status: fc.constant('up' as const),
      reason: fc.constantFrom<Reason>(...REASONS),
      complete: fc.boolean(),
      groups: portGroups,
      name: hostileText,
      mac: fc.constant('02:00:5e:10:00:01'),
      latencyMs: fc.integer({ min: 1, max: 1_000_000 }).map((micros) => micros / 1000),
      services: fc.array(service, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['address', 'status', 'reason', 'complete', 'groups'] },
  )
  .map((record) => record as HostRecord);

/** An ended session; whole seconds, since nmap's XML knows no others. */
export const session: fc.Arbitrary<SessionData> = fc
  .record({
    targets: hostileText,
    hosts: fc.uniqueArray(host, { maxLength: 4, selector: ({ address: text }) => text }),
    down: fc.uniqueArray(
      fc.record({ reason: fc.constantFrom<Reason>(...REASONS), hosts: fc.integer({ min: 1, max: 70_000 }) }),
      { maxLength: 2, selector: ({ reason }) => reason },
    ),
    kind: fc.constantFrom('completed' as const, 'cancelled' as const, 'interrupted' as const),
    started: fc.integer({ min: 0, max: 2_000_000_000 }),
    tcp: fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1 }).map(rangesOf),
  })
  // fast-check's records have no prototype; real ones do.
  .map((record) => structuredClone(record))
  .map(({ targets, hosts, down, kind, started, tcp }) => ({
    id: 'scan-1',
    origin: 'scan' as const,
    scanner: { name: 'Portlight', version: '0.1.0' },
    targets,
    ports: '1-400',
    parts: [{ technique: 'syn' as const, ports: tcp }],
    discovery: ['icmp-echo' as const],
    timing: 'polite' as const,
    startedAt: started * 1000,
    endedAt: started * 1000 + 5000,
    status: { kind },
    hosts,
    down,
    hostsTotal: hosts.length + down.reduce((sum, each) => sum + each.hosts, 0),
  }));

export function totalPorts(groups: readonly { readonly ports: PortRanges }[]): number {
  return groups.reduce((sum, { ports }) => sum + countPorts(ports), 0);
}
