import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { formatAddress } from '../../../src/scan/address';
import { admit, judgeLiterals, permit, rangeText, scopesOf } from '../../../src/scan/guard';
import type { ScopeLimit } from '../../../src/scan/scopeLimit';
import { parseTargets, type Resolution } from '../../../src/scan/targets';

const OWN = ['127.0.0.1', '::1', '192.0.2.2', '8.8.4.4', 'fe80::42%eth0'];

function judged(text: string, limit: ScopeLimit = 'ask', resolutions: Resolution[] = []): string {
  const list = parseTargets(text, english);
  assert.ok(list.ok, text);
  const admitted = admit(list.value, resolutions, { ownAddresses: OWN, limit }, english);
  if (!admitted.ok) return admitted.errors.map(({ message }) => message).join(' ');
  const { permission } = admitted.value;
  if (permission.kind !== 'ask') return permission.kind;
  return `ask ${permission.parts.map(({ scope, ranges }) => `${scope} ${ranges.map(rangeText).join(' ')}`).join('; ')}`;
}

describe('the scope guard', () => {
  const cases: [text: string, expected: string | RegExp][] = [
    ['127.0.0.1', 'run'],
    ['127.9.9.9', 'run'],
    ['::1', 'run'],
    ['10.1.2.3 172.31.0.1 192.168.0.0/24', 'run'],
    ['fd00::1', 'run'],
    ['169.254.1.1', 'run'],
    ['fe80::1%eth0', 'run'],
    // Own addresses, whatever their range.
    ['192.0.2.2', 'run'],
    ['8.8.4.4', 'run'],
    ['fe80::42%eth1', 'run'],
    ['8.8.8.8', 'ask public 8.8.8.8'],
    ['172.32.0.1', 'ask public 172.32.0.1'],
    ['8.8.4.3-5', 'ask public 8.8.4.3 8.8.4.5'],
    ['9.255.255.254 10.0.0.1', 'ask public 9.255.255.254'],
    ['100.64.0.1', 'ask shared 100.64.0.1'],
    ['2600::1', 'ask public 2600::1'],
    ['64:ff9b::808:808', 'ask public 64:ff9b::808:808'],
    ['224.0.0.1', '224.0.0.1 is a multicast address (RFC 5771) and never scanned.'],
    ['ff02::1', 'ff02::1 is a multicast address (RFC 4291) and never scanned.'],
    ['255.255.255.255', '255.255.255.255 is a broadcast address (RFC 919) and never scanned.'],
    ['0.0.0.0', '0.0.0.0 is a reserved address (RFC 791) and never scanned.'],
    ['192.0.2.3', '192.0.2.3 is a reserved address (RFC 5737) and never scanned.'],
    ['240.0.0.1', '240.0.0.1 is a reserved address (RFC 1112) and never scanned.'],
    ['2001:db8::1', '2001:db8::1 is a reserved address (RFC 3849) and never scanned.'],
    ['::', ':: is a reserved address (RFC 4291) and never scanned.'],
    ['4000::1', '4000::1 is a reserved address (RFC 4291) and never scanned.'],
    ['127.0.0.1 223.255.255.255 224.0.0.0', /^224\.0\.0\.0 is a multicast/u],
    ['::ffff:224.0.0.1', /multicast/u],
  ];
  for (const [text, expected] of cases)
    it(`judges ${text}`, () => {
      if (typeof expected === 'string') assert.equal(judged(text), expected);
      else assert.match(judged(text), expected);
    });

  it('points at the target that is refused, while it is typed', () => {
    const typed = (text: string, limit: ScopeLimit = 'ask'): string => {
      const list = parseTargets(text, english);
      assert.ok(list.ok, text);
      const result = judgeLiterals(list.value, { ownAddresses: OWN, limit }, english);
      if (result.ok) return result.value.kind;
      const { offset, length } = result.errors[0]!;
      return text.slice(offset, offset + length);
    };
    assert.equal(typed('10.0.0.1 224.0.0.1 db.example'), '224.0.0.1');
    assert.equal(typed('10.0.0.1,8.8.8.8 db.example'), 'ask');
    assert.equal(typed('10.0.0.1 8.8.8.8', 'private'), '8.8.8.8');
    assert.equal(typed('db.example 192.0.2.2'), 'run');
    assert.equal(typed('10.0.0.0/24 223.255.255.0/23 !224.0.0.0/24', 'ask'), 'ask');
  });

  it('judges a name by every address that it has', () => {
    const mixed = [{ name: 'rebind.example', addresses: ['127.0.0.1', '8.8.8.8'] }];
    assert.equal(judged('rebind.example', 'ask', mixed), 'ask public 8.8.8.8');
    const multicast = [{ name: 'm.example', addresses: ['10.0.0.1', 'ff02::1'] }];
    assert.match(judged('m.example', 'ask', multicast), /multicast/u);
  });

  it('does not judge the names that are left out', () => {
    const excluded = [{ name: 'out.example', addresses: ['8.8.8.8'] }];
    assert.equal(judged('127.0.0.1 !out.example', 'ask', excluded), 'run');
  });

  it('is only ever narrowed by the setting', () => {
    assert.match(judged('8.8.8.8', 'private'), /a public address, which the setting/u);
    assert.match(judged('100.64.0.1', 'private'), /which the setting/u);
    assert.equal(judged('10.0.0.1', 'private'), 'run');
    assert.match(judged('10.0.0.1', 'own'), /10\.0\.0\.1 is a private address, which the setting/u);
    assert.equal(judged('127.0.0.1 192.0.2.2', 'own'), 'run');
    const rank = { run: 0, ask: 1, refuse: 2 };
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 0xffffffffn }),
        fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
        (four, six) => {
          const parts = scopesOf(
            [
              { family: 'ipv4', first: four, last: four },
              { family: 'ipv6', first: six, last: six },
            ],
            OWN,
          );
          const [ask, narrow, own] = (['ask', 'private', 'own'] as const).map(
            (limit) => rank[permit(parts, limit).kind],
          );
          assert.ok(ask! <= narrow! && narrow! <= own!);
        },
      ),
    );
  });

  it('puts each address into exactly one scope', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 0xffffffffn }), fc.nat(100_000), (first, more) => {
        const last = first + BigInt(more) > 0xffffffffn ? 0xffffffffn : first + BigInt(more);
        const parts = scopesOf([{ family: 'ipv4', first, last }], OWN);
        const sum = parts
          .flatMap(({ ranges }) => ranges)
          .reduce((n, range) => n + range.last - range.first + 1n, 0n);
        assert.equal(sum, last - first + 1n, formatAddress({ family: 'ipv4', value: first }));
      }),
    );
  });
});
