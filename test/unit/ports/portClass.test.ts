import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { portClass, portClassWords } from '../../../src/ports/portClass';

describe('portClass', () => {
  for (const [port, name, ephemeral] of [
    [0, 'well-known', false],
    [1023, 'well-known', false],
    [1024, 'registered', false],
    [32767, 'registered', false],
    [32768, 'registered', true],
    [49151, 'registered', true],
    [49152, 'dynamic', true],
    [60999, 'dynamic', true],
    [61000, 'dynamic', false],
    [65535, 'dynamic', false],
  ] as const) {
    it(`${port} is ${name}, ${ephemeral ? 'inside' : 'outside'} 32768–60999`, () => {
      assert.deepEqual(portClass(port, [32768, 60999]), { name, ephemeral });
      assert.match(
        portClassWords(port, [32768, 60999], english),
        ephemeral ? /, inside .*32768–60999/u : /, outside/u,
      );
    });
  }

  it('holds both ends of any range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65534 }), fc.nat(1000), (first, length) => {
        const range = [first, first + length] as const;
        assert.ok(portClass(range[0], range).ephemeral && portClass(range[1], range).ephemeral);
        assert.ok(!portClass(range[0] - 1, range).ephemeral && !portClass(range[1] + 1, range).ephemeral);
      }),
    );
  });
});
