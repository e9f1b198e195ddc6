import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { english } from '../../src/base/text';
import { firewallWords, type FirewallReading } from '../../src/exposure/firewall/firewall';
import { readFirewall } from '../../src/machine/firewall';
import type { Protocol } from '../../src/ports/endpoint';
import { runOrThrow } from '../support/run';
import { skip } from '../support/skip';

const NFT = `add table inet filter
add set inet filter open { type inet_service; elements = { 81, 8081 }; }
add chain inet filter input { type filter hook input priority 0; policy drop; }
add rule inet filter input tcp dport 6379 drop
add rule inet filter input ip saddr 10.0.0.0/8 tcp dport { 80, 9000-9010 } accept
add rule inet filter input tcp dport @open accept
add rule inet filter input udp dport 53 reject
add rule inet filter input counter reject`;

const IPTABLES = `iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 6379 -j DROP
iptables -A INPUT -p tcp -m multiport --dports 80,8000:8010 -m comment --comment 'not "-j DROP"' -j ACCEPT
iptables -A INPUT -s 10.0.0.0/8 -p tcp ! --dport 22 -j REJECT
ip6tables -A INPUT -p udp --dport 53 -j REJECT
iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.1:80
iptables -A INPUT -j REJECT`;

/** Its own files, so that this machine's stay as they are. */
const UFW = `cp -a /etc/ufw "$folder/ufw"
mount --bind "$folder/ufw" /etc/ufw
ufw deny 6379/tcp
ufw allow from 192.0.2.0/24 to any port 5432 proto tcp
ufw allow out 9999
ufw allow 80,8000:8010/tcp comment 'not out'
ufw --force enable`;

/** What is told of a port where these commands made the rules: in namespaces that end with them. */
async function toldAfter(commands: string): Promise<(protocol: Protocol, port: number) => string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'portlight-firewall-'));
  try {
    const read =
      "require('./src/machine/firewall.ts').readFirewall().then((told) => console.log(JSON.stringify(told)))";
    const script = `set -e; folder=$1; { ${commands}\n} >/dev/null; exec "$2" --import tsx -e "$3"`;
    const args = ['--net', '--mount', 'sh', '-c', script, 'sh', folder, process.execPath, read];
    const output = await runOrThrow('unshare', args, { timeoutMs: 60_000 });
    const reading = JSON.parse(output.slice(output.indexOf('{'))) as FirewallReading;
    return (protocol, port) => firewallWords(reading, { protocol, port }, english);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a firewall', () => {
  before(function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) skip(this, 'firewalls need root on Linux');
  });

  it('tells its own rules for a port, as nft writes them', async () => {
    const told = await toldAfter(`nft '${NFT}'`);
    const place = 'nftables, table inet filter, chain input';
    const [first, last] = [`${place}: policy drop`, `${place}: everything else reject`];
    assert.deepEqual(told('tcp', 6379), [first, `${place}: tcp dport 6379 drop`, last]);
    const some = `${place}: tcp dport 9005 accept (under further conditions)`;
    assert.deepEqual(told('tcp', 9005), [first, some, last]);
    assert.deepEqual(told('tcp', 81), [first, `${place}: tcp dport 81 accept`, last]);
    assert.deepEqual(told('udp', 53), [first, `${place}: udp dport 53 reject`, last]);
    assert.deepEqual(told('tcp', 53), [first, last]);
  });

  it('tells them once where iptables made them, with the conditions that nft does not know', async () => {
    const told = await toldAfter(IPTABLES);
    const place = 'iptables, table filter, chain INPUT';
    const first = `${place}: policy drop`;
    const last = [
      `${place}: tcp dport not excluded: PORT reject (under further conditions)`,
      `${place}: everything else reject`,
    ];
    const lastOf = (port: number): string[] => last.map((line) => line.replace('PORT', `${port}`));
    assert.deepEqual(told('tcp', 6379), [first, `${place}: tcp dport 6379 drop`, ...lastOf(6379)]);
    assert.deepEqual(told('tcp', 8005), [first, `${place}: tcp dport 8005 accept`, ...lastOf(8005)]);
    assert.deepEqual(told('tcp', 22), [first, `${place}: everything else reject`]);
    const udp = 'ip6tables, table filter, chain INPUT: udp dport 53 reject';
    assert.deepEqual(told('udp', 53), [first, `${place}: everything else reject`, udp]);
    const forwarded = 'iptables, table nat, chain PREROUTING: tcp dport 8080 dnat';
    assert.deepEqual(told('tcp', 8080), [first, ...lastOf(8080), forwarded]);
  });

  it("tells those of the kernel's older filter, which nft does not show", async () => {
    const told = await toldAfter(`iptables-legacy -A INPUT -p tcp --dport 6379 -j DROP
ip6tables-legacy -A INPUT -p tcp --dport 6000:6400 -j DROP`);
    const rule = 'table filter, chain INPUT: tcp dport 6379 drop';
    assert.deepEqual(told('tcp', 6379), [`iptables, ${rule}`, `ip6tables, ${rule}`]);
    assert.deepEqual(told('tcp', 22), ['No rule names this port, and none drops what is left.']);
  });

  it('tells what ufw was told', async () => {
    const told = await toldAfter(UFW);
    const ufw = (port: number): string[] => told('tcp', port).filter((line) => line.startsWith('ufw'));
    const first = 'ufw, incoming by default: drop';
    // For IPv4 and for IPv6.
    const twice = (line: string): string[] => [first, line, line];
    assert.deepEqual(ufw(6379), twice('ufw, tcp dport 6379 deny'));
    assert.deepEqual(ufw(8005), twice('ufw, tcp dport 8005 allow'));
    assert.deepEqual(ufw(5432), [first, 'ufw, tcp dport 5432 allow (under further conditions)']);
    assert.deepEqual(ufw(9999), [first]);
    const kernel = 'iptables, table filter, chain ufw-user-input: tcp dport 6379 drop';
    assert.ok(told('tcp', 6379).includes(kernel), told('tcp', 6379).join('\n'));
  });
});

describe('the firewall of this machine', () => {
  it('is read without elevating: where this user may not, that is said', async () => {
    const { nftables, iptables } = await readFirewall();
    const kinds = [nftables, ...iptables.map(({ told }) => told)].map(({ kind }) => kind);
    const never = process.getuid?.() === 0 ? 'unreadable' : 'text';
    assert.ok(!kinds.includes(never), kinds.join());
  });
});
