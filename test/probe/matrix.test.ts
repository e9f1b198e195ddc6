import assert from 'node:assert/strict';
import { TECHNIQUES, type TechniqueId } from '../../src/scan/techniques';
import { Network, TARGET } from './support/network';
import { compileRelay, needs } from './support/needs';
import { nmapScan, probeScan, type Verdicts } from './support/scans';

/** One port a cell: what the target does with it. 7004 has no UDP rule: its service answers. */
const CELLS = [7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008];
const LIST = '7001-7008';
const RULES = `
table inet cells {
  chain input {
    type filter hook input priority 0; policy accept;
    tcp dport 7003 drop
    tcp dport 7004 reject with tcp reset
    tcp dport 7005 reject with icmpx type port-unreachable
    tcp dport 7006 reject with icmpx type admin-prohibited
    tcp dport 7007 reject with icmpx type host-unreachable
    udp dport 7003 drop
    udp dport 7005 reject with icmpx type port-unreachable
    udp dport 7006 reject with icmpx type admin-prohibited
    udp dport 7007 reject with icmpx type host-unreachable
    ip protocol 33 reject with icmp type admin-prohibited
    ip protocol 47 reject with icmp type prot-unreachable
    ip protocol 103 reject with icmp type port-unreachable
    ip protocol 132 drop
  }
}
`;
/** TCP 7002 and 7008 are closed; UDP 7002 is, and 7008 has a service that says nothing. */
const TCP_SERVICES = [7001, 7003, 7004, 7005, 7006, 7007];
const UDP_SERVICES = [7001, 7003, 7004, 7005, 7006, 7007];
const SILENT_UDP = [7008];
const PROTOCOLS = [2, 6, 17, 33, 41, 47, 50, 103, 132, 136, 200];

const IPV6: readonly TechniqueId[] = ['connect', 'syn', 'udp'];

function table(verdicts: Verdicts): Record<string, string> {
  return Object.fromEntries(
    [...verdicts].sort(([a], [b]) => a - b).map(([port, verdict]) => [String(port), verdict]),
  );
}

describe('the states of every technique, beside nmap', () => {
  let network: Network;
  let made: Network | undefined;
  let relay: Awaited<ReturnType<typeof compileRelay>> | undefined;

  before(async function () {
    await needs(this, 'nmap', 'nft', 'cc');
    relay = await compileRelay();
    // Over a wire that takes a millisecond: on a bare veth pair an ICMP error arrives inside nmap's own system call,
    // which loses it for IPv6.
    network = made = await Network.make({ delayMs: 1 }, relay.folder);
    await network.rules(RULES);
    await network.listen(TCP_SERVICES, UDP_SERVICES, SILENT_UDP);
  });

  after(async () => {
    await made?.remove();
    await relay?.remove();
  });

  for (const technique of Object.values(TECHNIQUES).filter(({ protocol }) => protocol !== 'ip')) {
    for (const family of ['ipv4', 'ipv6'] as const) {
      if (family === 'ipv6' && !IPV6.includes(technique.id)) continue;
      it(`${technique.id} over ${family}`, async () => {
        const target = TARGET[family];
        const ours = await probeScan(network, [
          target,
          '-p',
          LIST,
          '--technique',
          technique.id,
          '--timing',
          'normal',
        ]);
        const six = family === 'ipv6' ? ['-6'] : [];
        const theirs = await nmapScan(network, [...six, technique.nmapOption, '-p', LIST, target], CELLS);
        assert.deepEqual(table(ours.verdicts), table(theirs));
      });
    }
  }

  it('ip-protocol over ipv4', async () => {
    const list = PROTOCOLS.join(',');
    const args = [TARGET.ipv4, '-p', list, '--technique', 'ip-protocol', '--timing', 'normal'];
    const ours = await probeScan(network, args);
    assert.deepEqual(
      table(ours.verdicts),
      table(await nmapScan(network, ['-sO', '-p', list, TARGET.ipv4], PROTOCOLS)),
    );
  });

  it('any ICMP error of the host proves the protocol ICMP', async () => {
    const ours = await probeScan(network, [
      TARGET.ipv4,
      '-p',
      '1,41',
      '--technique',
      'ip-protocol',
      '--timing',
      'normal',
    ]);
    assert.match(ours.verdicts.get(1) ?? '', /^open /u);
    assert.equal(ours.verdicts.get(41), 'closed proto-unreach');
  });

  for (const technique of ['syn', 'udp'] as const)
    for (const family of ['ipv4', 'ipv6'] as const)
      it(`${technique} over ${family} through raw-socket says the same as through the addon`, async () => {
        const args = [TARGET[family], '-p', LIST, '--technique', technique, '--timing', 'normal'];
        const batches = await probeScan(network, args);
        const single = await probeScan(network, [...args, '--engine', 'raw-socket']);
        assert.deepEqual(table(single.verdicts), table(batches.verdicts));
      });

  it('connects through Node’s own sockets say the same as through the addon', async () => {
    const args = [TARGET.ipv4, '-p', LIST, '--timing', 'normal'];
    const addon = await probeScan(network, args);
    const net = await probeScan(network, [...args, '--engine', 'net']);
    assert.deepEqual(table(net.verdicts), table(addon.verdicts));
  });
});
