import assert from 'node:assert/strict';
import { shuffled } from '../support/shuffled';
import { Network, TARGET, type Wire } from './support/network';
import { compileRelay, needs } from './support/needs';
import { nmapScan, openPorts, probeScan, type ProbeScan } from './support/scans';

const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1);
const LISTENERS = 20;

/** Twenty ports of all; those that our probes leave from are not among them. */
function randomPorts(seed: number): number[] {
  return shuffled(60_000, seed)
    .slice(0, LISTENERS)
    .map((port) => port + 1)
    .sort((a, b) => a - b);
}

/** Every port has its verdict, and the right one: open where somebody listens, closed elsewhere. */
function assertExact(scan: ProbeScan, open: readonly number[], closed: string): void {
  assert.equal(scan.verdicts.size, 65_535);
  assert.deepEqual(openPorts(scan.verdicts), open);
  const wrong = [...scan.verdicts].filter(([, verdict]) => verdict !== 'open syn-ack' && verdict !== closed);
  assert.deepEqual(wrong, []);
  const told = scan.events.flatMap((event) => (event.kind === 'found' ? [event.port.port] : []));
  assert.deepEqual(
    told.sort((a, b) => a - b),
    open,
  );
}

async function withHost(
  open: readonly number[],
  wire: Wire | undefined,
  tools: string,
  work: (network: Network) => Promise<void>,
): Promise<void> {
  const network = await Network.make(wire, tools);
  try {
    await network.listen(open);
    await work(network);
  } finally {
    await network.remove();
  }
}

describe('all 65,535 ports of a host with 20 random listeners', () => {
  let relay: Awaited<ReturnType<typeof compileRelay>> | undefined;

  before(async function () {
    await needs(this, 'nmap', 'cc');
    relay = await compileRelay();
  });
  after(() => relay?.remove());

  const scans = [
    { technique: 'syn', closed: 'closed reset' },
    { technique: 'connect', closed: 'closed conn-refused' },
  ] as const;

  for (const seed of SEEDS)
    it(`seed ${seed}: the lists of syn, connect and nmap are equal`, () =>
      withHost(randomPorts(seed), undefined, relay?.folder ?? '', async (network) => {
        const open = randomPorts(seed);
        for (const { technique, closed } of scans)
          assertExact(await probeScan(network, allPorts(technique)), open, closed);
        const theirs = await nmapScan(network, ['-sS', '-T4', '-p-', '--open', TARGET.ipv4], []);
        assert.deepEqual(openPorts(theirs), open);
      }));

  const wires: readonly { readonly name: string; readonly wire: Wire }[] = [
    { name: '50 ms and 2 % loss', wire: { delayMs: 25, lossPercent: 2, seed: 2 } },
    { name: '50 ms and 5 % loss', wire: { delayMs: 25, lossPercent: 5, seed: 5 } },
    { name: 'a bottleneck of 10,000 packets a second', wire: { packetsPerSecond: 10_000, queue: 200 } },
  ];
  for (const { name, wire } of wires)
    for (const { technique, closed } of scans)
      it(`${technique} through ${name}`, () =>
        withHost(randomPorts(77), wire, relay?.folder ?? '', async (network) => {
          assertExact(await probeScan(network, allPorts(technique)), randomPorts(77), closed);
        }));

  function allPorts(technique: string): string[] {
    return [TARGET.ipv4, '-p', '-', '--technique', technique, '--timing', 'fast'];
  }
});

describe('a target that limits its ICMP errors', () => {
  const open = [7010, 7020];

  before(async function () {
    await needs(this);
  });

  it('gets every closed UDP port right, and takes its time', () =>
    withHost([], undefined, '', async (network) => {
      await network.listen([], open);
      await network.limitIcmp(true);
      const scan = await probeScan(network, [
        TARGET.ipv4,
        '-p',
        '7001-7040',
        '--technique',
        'udp',
        '--timing',
        'normal',
      ]);
      const wrong = [...scan.verdicts].filter(
        ([port, verdict]) => verdict !== (open.includes(port) ? 'open udp-response' : 'closed port-unreach'),
      );
      assert.deepEqual(wrong, []);
      assert.equal(scan.verdicts.size, 40);
    }));

  it('is fast where there is no limit', () =>
    withHost([], undefined, '', async (network) => {
      await network.listen([], open);
      const scan = await probeScan(network, [
        TARGET.ipv4,
        '-p',
        '7001-8000',
        '--technique',
        'udp',
        '--timing',
        'normal',
      ]);
      assert.equal(
        [...scan.verdicts.values()].filter((verdict) => verdict === 'closed port-unreach').length,
        998,
      );
      assert.deepEqual(openPorts(scan.verdicts), open);
    }));
});
