import assert from 'node:assert/strict';
import fc from 'fast-check';
import { budget } from '../../../src/exposure/check';
import { checks } from '../../../src/exposure/checks/index';
import { credentialChecks } from '../../../src/exposure/credentials/index';
import { converse, context } from './conversation';

/** How a check is named in a test. */
const title = (check: (typeof checks)[number]): string =>
  check.account !== undefined ? `${check.service} with its well-known account` : check.service;

describe('every check', () => {
  it('has a service of its own, a name, and says what it leaves out', () => {
    assert.equal(new Set(checks.map((check) => check.service)).size, checks.length);
    for (const check of checks) assert.ok(check.name !== '' && check.notTried !== '', check.service);
  });

  it('is recognised by something', () => {
    for (const { service, recognition } of checks) {
      assert.ok(
        Object.values(recognition).some((value) => value !== undefined),
        service,
      );
    }
  });

  for (const check of [...checks, ...credentialChecks]) {
    it(`${title(check)}: any bytes give a verdict, never "open, proved"`, () => {
      const ended = fc.constantFrom('quiet' as const, 'closed' as const, 'full' as const);
      const reply = fc.record({ bytes: fc.uint8Array({ maxLength: 600 }), ended });
      fc.assert(
        fc.property(fc.array(reply, { minLength: 1, maxLength: 3 }), fc.boolean(), (replies, dribble) => {
          const { verdict, sent } = converse(check, replies, dribble);
          assert.notEqual(verdict.kind, 'open-proved');
          assert.ok(sent.length <= budget.packetsOut);
        }),
      );
    });

    it(`${title(check)}: real replies with bytes broken never throw`, () => {
      const openings = [
        'HTTP/1.1 200 OK\r\n\r\n{',
        'HTTP/1.1 401 x\r\nA:b',
        '+PONG',
        '@RSYNCD: 31.0\n',
        'RFB 003.008\n',
      ];
      fc.assert(
        fc.property(
          fc.constantFrom(...openings),
          fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 3 }),
          (opening, tails) => {
            const replies = tails.map((tail) => ({
              bytes: Buffer.concat([Buffer.from(opening), tail]),
              ended: 'closed' as const,
            }));
            converse(check, replies);
          },
        ),
      );
    });
  }

  it('sends the literal address as Host, and no credentials', () => {
    for (const check of checks) {
      for (const address of ['192.0.2.2', 'fd00::2']) {
        const step = check.start({ ...context, address });
        if (step.kind !== 'send') continue;
        const text = Buffer.from(step.bytes).toString('latin1');
        if (!text.includes(' HTTP/1.1\r\n')) continue;
        assert.doesNotMatch(text, /authorization|cookie|origin/iu, check.service);
        const host = address.includes(':') ? `[${address}]:4000` : `${address}:4000`;
        assert.ok(
          text.includes(`\r\nHost: ${check.service === 'http-proxy' ? '127.0.0.1:1' : host}\r\n`),
          text,
        );
      }
    }
  });
});
