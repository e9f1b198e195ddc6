import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { bytesOf, escapedBytes, evidenceLines, exchangeWords } from '../../../src/exposure/evidence';
import type { CheckResult, Exchange } from '../../../src/exposure/result';

const exchange = (direction: 'in' | 'out', text: string): Exchange => ({
  direction,
  bytes: text.length,
  base64: Buffer.from(text, 'latin1').toString('base64'),
});

describe('evidence', () => {
  it('shows bytes as they went, so that none of them acts on what shows them', () => {
    assert.equal(escapedBytes(Buffer.from('*1\r\n$4\r\nPING\r\n')), '*1\\r\\n$4\\r\\nPING\\r\\n');
    assert.equal(escapedBytes(Buffer.from('\u001b[31m\\\0', 'latin1')), '\\x1b[31m\\\\\\x00');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        assert.match(escapedBytes(bytes), /^[\x20-\x7e]*…?$/u);
      }),
    );
  });

  it('gives back the bytes that travelled', () => {
    assert.deepEqual([...bytesOf(exchange('in', '+PONG\r\n'))], [...Buffer.from('+PONG\r\n')]);
  });

  it('cuts what is long and says how long it was', () => {
    const words = exchangeWords(exchange('in', 'x'.repeat(3000)), english);
    assert.match(words, /^← received 3000 bytes: x{512}…$/u);
  });

  it('says where, how much, and what was left out', () => {
    const result: CheckResult = {
      service: 'redis',
      address: '2001:db8::2',
      port: 6379,
      transport: 'tcp',
      verdict: { kind: 'open-proved', proof: { asked: 'PING', answered: '+PONG' } },
      transcript: [exchange('out', 'PING\r\n'), exchange('in', '+PONG\r\n')],
      tls: true,
      connections: 1,
      packetsOut: 1,
      ms: 3,
      notTried: 'passwords',
    };
    assert.deepEqual(evidenceLines(result, english), [
      'Checked [2001:db8::2]:6379 (TCP through TLS): connections: 1, packets out: 1, 3 ms',
      '→ sent 6 bytes: PING\\r\\n',
      '← received 7 bytes: +PONG\\r\\n',
      'Not tried: passwords',
    ]);
  });
});
