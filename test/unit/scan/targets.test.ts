import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { formatAddress, parseAddress } from '../../../src/scan/address';
import {
  HostIndex,
  namesOf,
  parseTargets,
  resolveTargets,
  scanTargets,
  type Resolution,
} from '../../../src/scan/targets';

const RESOLVED: Resolution[] = [
  { name: 'localhost', addresses: ['::1', '127.0.0.1'] },
  { name: 'six.example', addresses: ['2001:db8::6'] },
  { name: 'gone.example', addresses: [], error: 'ENOTFOUND' },
];

function hosts(text: string): string[] {
  const list = parseTargets(text, english);
  assert.ok(list.ok, text);
  const set = resolveTargets(list.value, RESOLVED, english);
  assert.ok(set.ok, text);
  const index = new HostIndex(scanTargets(set.value));
  assert.equal(BigInt(index.count), set.value.count);
  return Array.from({ length: index.count }, (_, i) => {
    const { address, name } = index.at(i);
    return name === undefined ? address : `${address}=${name}`;
  });
}

/** The wrong part, as the error points at it, with its sentence. */
function wrong(text: string): string[] {
  const list = parseTargets(text, english);
  assert.ok(!list.ok, text);
  return list.errors.map(
    ({ offset, length, message }) => `${text.slice(offset, offset + length)} | ${message}`,
  );
}

describe('parseTargets', () => {
  const cases: [text: string, hosts: string[]][] = [
    ['127.0.0.1', ['127.0.0.1']],
    ['localhost', ['127.0.0.1=localhost']],
    ['LOCALHOST.', ['127.0.0.1=localhost']],
    ['six.example', ['2001:db8::6=six.example']],
    ['::1', ['::1']],
    ['[::1]', ['::1']],
    ['FE80::1%eth0', ['fe80::1%eth0']],
    ['::ffff:10.0.0.1', ['10.0.0.1']],
    ['192.168.1.77/30', ['192.168.1.76', '192.168.1.77', '192.168.1.78', '192.168.1.79']],
    ['2001:db8::/127', ['2001:db8::', '2001:db8::1']],
    ['10.0.0.1,3-4 10.0.0.9', ['10.0.0.1', '10.0.0.3', '10.0.0.4', '10.0.0.9']],
    ['10.0.0.1,10.0.0.2', ['10.0.0.1', '10.0.0.2']],
    ['10.0,1.0.1', ['10.0.0.1', '10.1.0.1']],
    ['10.0.0.254-', ['10.0.0.254', '10.0.0.255']],
    ['10.0.0.-1', ['10.0.0.0', '10.0.0.1']],
    ['10.0.0.0/30 !10.0.0.1 !10.0.0.2-3', ['10.0.0.0']],
    ['10.0.0.0/30,!10.0.0.1', ['10.0.0.0', '10.0.0.2', '10.0.0.3']],
    ['localhost 127.0.0.2 !127.0.0.1', ['127.0.0.2']],
    ['127.0.0.1 127.0.0.2 !localhost', ['127.0.0.2']],
    ['127.0.0.1 localhost', ['127.0.0.1=localhost']],
    ['fe80::1%a fe80::1%b !fe80::1%a', ['fe80::1%b']],
    ['fe80::1%a fe80::2%b !fe80::1', ['fe80::2%b']],
    ['1.2.3.4, 1.2.3.5,', ['1.2.3.4', '1.2.3.5']],
  ];
  for (const [text, expected] of cases)
    it(`reads ${text}`, () => {
      assert.deepEqual(hosts(text), expected);
    });

  it('counts without a list of the hosts', () => {
    const count = (text: string): bigint => {
      const list = parseTargets(text, english);
      assert.ok(list.ok, text);
      return list.value.count;
    };
    assert.equal(count('192.168.1.0-50,60-100,103,200'), 94n);
    assert.equal(count('192.168.*.*'), 65_536n);
    assert.equal(count('10.0.0.0/15 !10.1.0.0/16'), 65_536n);
    assert.equal(count('*.*.7.0'), 65_536n);
    assert.equal(count('a.example a.example b.example 10.0.0.1'), 3n);
  });

  const errors: [text: string, pointed: string[]][] = [
    ['', [' | Type a host name, an address or a range.']],
    ['1.2.3.999', ['999 | An octet is at most 255.']],
    ['10.0.0.1 1.2.3', ['1.2.3 | An IPv4 address has four parts; this has 3.']],
    ['10.0.0.9-3', ['9-3 | The range runs backwards: 9 is above 3.']],
    ['10.0.0.1/33', ['/33 | The prefix length is a number from 0 to 32.']],
    ['::1 fe80::1', ['fe80::1 | A link-local address is reached through a link: fe80::1%eth0.']],
    ['10.0.0.1-2/24', ['1-2 | A prefix length goes with a single address, not with ranges.']],
    ['::1/200', ['/200 | The prefix length is a number from 0 to 128.']],
    ['::ffff:1.2.3.4/8', ['/8 | The prefix of an IPv4-mapped address is at least 96.']],
    ['1:2:3', ['1:2:3 | “1:2:3” is not an IPv6 address.']],
    ['http://a', ['http:// | Type a host name or an address, not a URL.']],
    ['a:80', [':80 | Ports are asked for in the next step; type only the host here.']],
    ['a/24', ['/24 | A prefix length goes with an address, not with a name.']],
    ['a$b', ['$ | “$” cannot be part of a host name.']],
    ['-a-', ['-a- | “-a-” is neither an address nor a host name.']],
    ['10.0.0.1 ! x', ['! | A target is missing after the “!”.']],
    ['10.0.0.1 !10.0.0.0/8', ['10.0.0.1 !10.0.0.0/8 | The exclusions leave no host.']],
    ['10.0.0.0/8', ['10.0.0.0/8 | These are 16,777,216 hosts; at most 65,536 are scanned at once.']],
    ['*.*.*.1', ['*.*.*.1 | These are 16,777,216 hosts; at most 65,536 are scanned at once.']],
    ['10.0.0.0/16 a', ['10.0.0.0/16 a | These are 65,537 hosts; at most 65,536 are scanned at once.']],
    [
      '2001:db8::/64',
      ['2001:db8::/64 | These are 18,446,744,073,709,551,616 hosts; at most 65,536 are scanned at once.'],
    ],
    [
      'x_ 300.1.1.1 y/1',
      ['300 | An octet is at most 255.', '/1 | A prefix length goes with an address, not with a name.'],
    ],
  ];
  for (const [text, pointed] of errors)
    it(`points at the wrong part of “${text}”`, () => {
      assert.deepEqual(wrong(text), pointed);
    });

  it('points at the name that did not resolve', () => {
    const text = '10.0.0.1 gone.example';
    const list = parseTargets(text, english);
    assert.ok(list.ok);
    assert.deepEqual(namesOf(list.value), ['gone.example']);
    assert.deepEqual(resolveTargets(list.value, RESOLVED, english), {
      ok: false,
      errors: [{ offset: 9, length: 12, message: '“gone.example” could not be resolved (ENOTFOUND).' }],
    });
  });

  it('agrees with counting one by one, for any octet patterns and exclusions', () => {
    const range = fc
      .tuple(fc.nat(255), fc.nat(3))
      .map(([a, n]): [number, number] => [a, Math.min(255, a + n)]);
    const octet = fc.array(range, { minLength: 1, maxLength: 2 });
    const pattern = fc.tuple(octet, octet, octet, octet);
    const text = (octets: [number, number][][]): string =>
      octets.map((ranges) => ranges.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(',')).join('.');
    const expand = (octets: [number, number][][]): string[] =>
      octets.reduce<string[]>(
        (heads, ranges) =>
          heads.flatMap((head) =>
            ranges.flatMap(([a, b]) =>
              Array.from({ length: b - a + 1 }, (_, i) => (head === '' ? `${a + i}` : `${head}.${a + i}`)),
            ),
          ),
        [''],
      );
    fc.assert(
      fc.property(pattern, pattern, pattern, (a, b, out) => {
        const left = new Set([...expand(a), ...expand(b)]);
        for (const address of expand(out)) left.delete(address);
        fc.pre(left.size > 0);
        assert.deepEqual(hosts(`${text(a)} ${text(b)} !${text(out)}`).sort(), [...left].sort());
      }),
      { numRuns: 60 },
    );
  });

  it('gives targets or errors within the text, whatever is typed', () => {
    const piece = fc.constantFrom(
      '10',
      '.',
      '*',
      '-',
      ',',
      '/',
      ':',
      '!',
      ' ',
      '%',
      '[',
      ']',
      '255',
      'a',
      '::',
      'é',
      '\0',
    );
    const typed = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 24 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const list = parseTargets(text, english);
        if (list.ok) return;
        assert.ok(list.errors.length > 0);
        for (const { offset, length } of list.errors)
          assert.ok(offset >= 0 && length >= 0 && offset + length <= text.length, text);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('addresses', () => {
  it('come back from their canonical text', () => {
    const value = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
    fc.assert(
      fc.property(value, (bits) => {
        const six = parseAddress(formatAddress({ family: 'ipv6', value: bits }));
        if (bits >> 32n !== 0xffffn) assert.deepEqual(six, { family: 'ipv6', value: bits });
        const four = { family: 'ipv4' as const, value: bits & 0xffffffffn };
        assert.deepEqual(parseAddress(formatAddress(four)), four);
      }),
    );
  });

  it('are nothing shorter or stranger', () => {
    for (const text of [
      '1.2.3',
      '01.2.3.4',
      '0x7f.0.0.1',
      '1.2.3.4.',
      ' 1.2.3.4',
      '::1%',
      '::1%a%b',
      '::1%a b',
      '',
    ])
      assert.equal(parseAddress(text), undefined, text);
  });
});

describe('HostIndex', () => {
  it('refuses what is no range, and more than a /16', () => {
    assert.throws(() => new HostIndex([{ first: '10.0.0.2', last: '10.0.0.1' }]), RangeError);
    assert.throws(() => new HostIndex([{ first: '10.0.0.2', last: '::1' }]), RangeError);
    assert.throws(() => new HostIndex([{ first: 'x', last: 'x' }]), RangeError);
    assert.throws(() => new HostIndex([{ first: '10.0.0.0', last: '10.1.0.0' }]), RangeError);
    assert.throws(() => new HostIndex([]).at(0), RangeError);
  });
});
