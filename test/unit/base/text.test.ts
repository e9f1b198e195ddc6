import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english, plainText } from '../../../src/base/text';

describe('plainText', () => {
  it('leaves ordinary text alone, in any script', () => {
    assert.equal(plainText('node — 开发服务器 ñ'), 'node — 开发服务器 ñ');
  });

  it('shows escapes, line breaks and bidirectional overrides instead of obeying them', () => {
    assert.equal(plainText('a\u001b[31mb\nc\u202ed\u200be'), 'a�[31mb�c�d�e');
  });

  it('is one line within the limit, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        (text, limit) => {
          const out = plainText(text, limit);
          assert.ok(out.length <= limit);
          assert.doesNotMatch(out, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        },
      ),
    );
  });
});

describe('english', () => {
  it('fills the places by number and leaves a place without a value as it is', () => {
    assert.equal(english('{1} before {0}, {2}', 'a', 7), '7 before a, {2}');
  });
});
