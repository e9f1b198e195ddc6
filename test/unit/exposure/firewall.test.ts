import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { firewallWords, nftRules } from '../../../src/exposure/firewall';

describe('the rules of a firewall', () => {
  it('say plainly where they could not be read', () => {
    assert.match(firewallWords({ kind: 'unreadable' }, 'tcp', 1, english).join(), /could not be read/u);
    assert.match(firewallWords({ kind: 'absent' }, 'tcp', 1, english).join(), /not installed/u);
    const empty = firewallWords({ kind: 'nftables', json: '{"nftables":[]}' }, 'tcp', 1, english);
    assert.match(empty.join(), /No rule of nftables names this port/u);
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
        const rules = nftRules(text, 'tcp', port);
        assert.ok(rules === undefined || rules.every((rule) => typeof rule === 'string'));
      }),
    );
  });
});
