import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import {
  countPorts,
  eachPort,
  formatPortList,
  formatRanges,
  normalizeRanges,
  parsePorts,
  rangesOf,
  type PortNames,
  type PortRange,
} from '../../../src/scan/ports';

const names: PortNames = (name, protocol) =>
  name === 'http' && protocol === 'tcp' ? rangesOf([80, 8080]) : name === 'domain' ? [[53, 53]] : [];

function read(text: string, main: 'tcp' | 'udp' | 'ip' = 'tcp'): string {
  const parsed = parsePorts(text, main, names, english);
  if (parsed.ok)
    return Object.entries(parsed.value)
      .map(([protocol, ranges]) => `${protocol} ${formatRanges(ranges)}`)
      .join('; ');
  return parsed.errors
    .map(({ offset, length, message }) => `${text.slice(offset, offset + length)} | ${message}`)
    .join('; ');
}

describe('parsePorts', () => {
  const cases: [text: string, read: string][] = [
    ['80', 'tcp 80'],
    ['21,23', 'tcp 21,23'],
    ['1-1024', 'tcp 1-1024'],
    ['1024-', 'tcp 1024-65535'],
    ['-100', 'tcp 1-100'],
    ['-', 'tcp 1-65535'],
    ['0', 'tcp 0'],
    ['T:80,U:53', 'tcp 80; udp 53'],
    ['t:80,81,u:domain,54', 'tcp 80-81; udp 53-54'],
    ['80,U:53,T:81', 'tcp 80-81; udp 53'],
    ['http', 'tcp 80,8080'],
    [' 3 - 5 , 1-3,HTTP ', 'tcp 1-5,80,8080'],
    ['P:6', 'ip 6'],
    ['70000', '70000 | 70000 is above 65535, the highest there is.'],
    ['1,5-70000', '70000 | 70000 is above 65535, the highest there is.'],
    ['90-80', '90-80 | The range runs backwards: 90 is above 80.'],
    ['80,htp,90', 'htp | “htp” is neither a port, a range, nor the name of a service.'],
    ['U:http', 'http | “http” is neither a port, a range, nor the name of a service.'],
    ['80 90', '80 90 | “80 90” is neither a port, a range, nor the name of a service.'],
    ['X:80', 'X: | X: is no protocol; use T: (TCP), U: (UDP) or P: (IP protocol).'],
    [
      'a,b',
      'a | “a” is neither a port, a range, nor the name of a service.; b | “b” is neither a port, a range, nor the name of a service.',
    ],
  ];
  for (const [text, expected] of cases)
    it(`reads ${text}`, () => {
      assert.equal(read(text), expected);
    });

  it('knows the limits of IP protocols', () => {
    assert.equal(read('-', 'ip'), 'ip 0-255');
    assert.equal(read('256', 'ip'), '256 | 256 is above 255, the highest there is.');
  });

  it('asks for something where nothing is', () => {
    for (const text of ['', '  ']) assert.equal(parsePorts(text, 'tcp', names, english).ok, false);
    assert.equal(read('80,,90'), ' | A port is missing here.');
  });

  it('reads back what formatPortList writes', () => {
    const ranges = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 65535 }), fc.nat(300)), { minLength: 1, maxLength: 20 })
      .map((pairs) => normalizeRanges(pairs.map(([a, n]): PortRange => [a, Math.min(65535, a + n)])));
    fc.assert(
      fc.property(ranges, fc.option(ranges), (tcp, udp) => {
        const list = udp === null ? { tcp } : { tcp, udp };
        const parsed = parsePorts(formatPortList(list, 'tcp'), 'tcp', names, english);
        assert.deepEqual(parsed, { ok: true, value: list });
      }),
    );
  });

  it('gives ports or errors within the text, whatever is typed', () => {
    const piece = fc.constantFrom('1', '-', ',', ':', 'T:', 'http', ' ', '65535', 'é', '\0', '99999999999');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const parsed = parsePorts(text, 'tcp', names, english);
          if (parsed.ok) return;
          assert.ok(parsed.errors.length > 0);
          for (const { offset, length } of parsed.errors)
            assert.ok(offset >= 0 && length >= 0 && offset + length <= text.length, text);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('port ranges', () => {
  it('are the set that went in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 200 }), (ports) => {
        const ranges = rangesOf(ports);
        const sorted = [...new Set(ports)].sort((a, b) => a - b);
        assert.deepEqual([...eachPort(ranges)], sorted);
        assert.deepEqual(rangesOf(sorted), ranges);
        assert.equal(countPorts(ranges), sorted.length);
        for (const [index, [first]] of ranges.entries())
          assert.ok(index === 0 || first > ranges[index - 1]![1] + 1, 'never adjacent');
      }),
    );
  });
});
