import assert from 'node:assert/strict';
import { nftRules } from '../../src/exposure/firewall';
import { readFirewall } from '../../src/machine/firewall';
import { run } from '../support/run';
import { skip } from '../support/skip';

const RULES = `add table inet filter
add set inet filter open { type inet_service; elements = { 81, 8081 }; }
add chain inet filter input { type filter hook input priority 0; policy drop; }
add rule inet filter input tcp dport 6379 drop
add rule inet filter input ip saddr 10.0.0.0/8 tcp dport { 80, 9000-9010 } accept
add rule inet filter input tcp dport @open accept
add rule inet filter input udp dport 53 reject`;

describe('a firewall', () => {
  it('tells its own rules for a port, as the real nft writes them', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) skip(this, 'nft needs root on Linux');
    // In a network namespace that ends with the command.
    const script = 'nft "$1" && nft -j list ruleset';
    const { code, output } = await run('unshare', ['-n', 'sh', '-c', script, 'sh', RULES], {
      timeoutMs: 20_000,
    });
    assert.equal(code, 0, output);
    const place = 'table inet filter, chain input';
    const rules = (protocol: 'tcp' | 'udp', port: number): string[] | undefined =>
      nftRules(output, protocol, port);
    assert.deepEqual(rules('tcp', 6379), [`${place}: policy drop`, `${place}: tcp dport 6379 drop`]);
    const some = `${place}: tcp dport 9005 accept (under further conditions)`;
    assert.deepEqual(rules('tcp', 9005), [`${place}: policy drop`, some]);
    assert.deepEqual(rules('tcp', 81), [`${place}: policy drop`, `${place}: tcp dport 81 accept`]);
    assert.deepEqual(rules('udp', 53), [`${place}: policy drop`, `${place}: udp dport 53 reject`]);
    assert.deepEqual(rules('tcp', 53), [`${place}: policy drop`]);
  });

  it('is read without elevating: as root its rules, else that they cannot be read', async () => {
    const { kind } = await readFirewall();
    assert.ok(process.getuid?.() === 0 ? kind !== 'unreadable' : kind !== 'nftables', kind);
  });
});
