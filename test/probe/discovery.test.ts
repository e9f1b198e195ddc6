import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostFacts } from '../../src/scan/report';
import { Network, TARGET } from './support/network';
import { needs } from './support/needs';
import { probeFile, probeScan } from './support/scans';

/** Lets nothing in but what a link needs to find its neighbours. */
const SILENT = `table inet quiet {
  chain input {
    type filter hook input priority 0; policy drop;
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  }
}`;

/** Nobody has this address. */
const NOBODY = { ipv4: '10.77.0.9', ipv6: 'fd77::9' };

describe('host discovery', () => {
  let network: Network;
  let mac: string;
  let linkLocal: string;

  before(async function () {
    await needs(this, 'nft');
    network = await Network.make();
    mac = (await network.in('target', 'cat', '/sys/class/net/eth0/address')).trim();
    // A link-local address is of use when nobody else turned out to have it.
    for (const host of ['scanner', 'target'] as const)
      while ((await network.in(host, 'ip', '-6', 'addr', 'show', 'tentative')) !== '') await delay(50);
    const text = await network.in('target', 'ip', '-6', 'addr', 'show', 'dev', 'eth0', 'scope', 'link');
    const found = /inet6 (fe80:[\da-f:]+)/u.exec(text)?.[1];
    assert.ok(found, text);
    linkLocal = `${found}%eth0`;
  });
  after(() => network.remove());

  /** What a scan of one port of each address says of the hosts. */
  async function discover(targets: readonly string[], methods: string, ...more: string[]): Promise<string[]> {
    const args = [...targets, '-p', '9', '--timing', 'fast', '--discovery', methods, ...more];
    const { events } = await probeScan(network, args);
    const up = new Map<string, HostFacts>();
    for (const event of events)
      if (event.kind === 'host' && event.host.status === 'up')
        up.set(event.host.address, { ...up.get(event.host.address), ...event.host });
    return [...up.values()].map(({ address, reason, mac: known = '-' }) => `${address} ${reason} ${known}`);
  }

  it('names the hardware address of IPv4 and IPv6 neighbours, link-local ones too', async () => {
    assert.deepEqual(await discover([TARGET.ipv4, NOBODY.ipv4], 'icmp-echo'), [
      `${TARGET.ipv4} echo-reply ${mac}`,
    ]);
    assert.deepEqual(await discover([TARGET.ipv6, NOBODY.ipv6], 'icmp-echo'), [
      `${TARGET.ipv6} echo-reply ${mac}`,
    ]);
    assert.deepEqual(await discover([linkLocal], 'icmp-echo'), [`${linkLocal} echo-reply ${mac}`]);
  });

  it('names it also where discovery is skipped, in the text as in the XML', async () => {
    const scan = async (format: string): Promise<string> => {
      const args = ['scan', TARGET.ipv6, '-p', '9', '--skip-discovery', '--format', format];
      return network.in('scanner', await probeFile(), ...args);
    };
    assert.match(await scan('text'), new RegExp(`^MAC Address: ${mac.toUpperCase()}$`, 'mu'));
    assert.match(await scan('xml'), new RegExp(`<address addr="${mac.toUpperCase()}" addrtype="mac"`, 'u'));
  });

  it('finds a neighbour that answers nothing at all, with and without raw sockets', async () => {
    await network.rules(SILENT);
    for (const methods of ['icmp-echo,neighbour', 'tcp-connect,neighbour']) {
      assert.deepEqual(await discover([TARGET.ipv4, NOBODY.ipv4], methods), [
        `${TARGET.ipv4} arp-response ${mac}`,
      ]);
      assert.deepEqual(await discover([TARGET.ipv6, NOBODY.ipv6], methods), [
        `${TARGET.ipv6} nd-response ${mac}`,
      ]);
    }
    assert.deepEqual(await discover([TARGET.ipv4], 'icmp-echo'), []);
  });
});
