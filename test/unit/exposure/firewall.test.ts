import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { firewallWords, type FirewallReading } from '../../../src/exposure/firewall/firewall';
import { iptablesRules } from '../../../src/exposure/firewall/iptables';
import { nftRules } from '../../../src/exposure/firewall/nftables';

const NOTHING: FirewallReading = { nftables: { kind: 'absent' }, iptables: [], ufw: undefined };
const wordsOf = (reading: Partial<FirewallReading>): string =>
  firewallWords({ ...NOTHING, ...reading }, { protocol: 'tcp', port: 6379 }, english).join('\n');

describe('the rules of a firewall', () => {
  it('say plainly where they could not be read', () => {
    assert.match(wordsOf({ nftables: { kind: 'unreadable' } }), /^Not all rules could be read/u);
    assert.match(wordsOf({}), /is installed/u);
    assert.match(
      wordsOf({ nftables: { kind: 'text', text: '{"nftables":[]}' } }),
      /No rule names this port/u,
    );
    assert.match(wordsOf({ nftables: { kind: 'text', text: 'not JSON' } }), /Not all rules could be read/u);
  });

  it('are told by ufw to everybody as far as its files are for everybody', () => {
    const files = { config: 'ENABLED=yes\n', defaults: 'DEFAULT_INPUT_POLICY="DROP"\n', rules: [undefined] };
    const words = wordsOf({ ufw: files });
    assert.match(words, /^ufw, incoming by default: drop\nNot all rules could be read/u);
    assert.match(wordsOf({ ufw: { ...files, config: 'ENABLED=no\n' } }), /^No rule names this port/u);
  });

  it('are read from any text of iptables without a throw', () => {
    const piece = fc.oneof(
      fc.constantFrom(...'-A INPUT -p tcp ! --dport 1:2 -m -j DROP *filter COMMIT'.split(' '), '\n', '"'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const rules = iptablesRules(pieces.join(' '), { protocol: 'tcp', port: 1 });
        assert.ok(rules.every((rule) => typeof rule === 'string'));
      }),
    );
  });

  it('are read from any JSON without a throw', () => {
    const json = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .jsonValue()
        .map((value) => JSON.stringify({ nftables: [{ rule: { expr: value } }, { set: value }] })),
      fc.jsonValue().map((right) =>
        JSON.stringify({
          nftables: [
            {
              rule: {
                expr: [
                  { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right } },
                ],
              },
            },
          ],
        }),
      ),
    );
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: 65_535 }), (text, port) => {
        const rules = nftRules(text, { protocol: 'tcp', port });
        assert.ok(rules === undefined || rules.every((rule) => typeof rule === 'string'));
      }),
    );
  });
});
