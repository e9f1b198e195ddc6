import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Family } from '../../../src/ports/endpoint';
import { isReason, PORT_STATES, REASONS, stateMeaning, stateName } from '../../../src/scan/states';
import {
  impliedProtocol,
  TCP,
  techniqueDetail,
  techniqueName,
  TECHNIQUE_IDS,
  TECHNIQUES,
  type Reply,
  type TechniqueId,
} from '../../../src/scan/techniques';

type Cell = [technique: TechniqueId, family: Family, situation: string, state: string, reason: string];
const { cells } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/nmap-answers.json'), 'utf8'),
) as {
  cells: Cell[];
};

/** What nft's `reject with icmp…` puts on the wire. */
const ICMP: Record<Family, Record<string, [type: number, code: number]>> = {
  ipv4: {
    'net-unreachable': [3, 0],
    'host-unreachable': [3, 1],
    'prot-unreachable': [3, 2],
    'port-unreachable': [3, 3],
    'net-prohibited': [3, 9],
    'host-prohibited': [3, 10],
    'admin-prohibited': [3, 13],
  },
  ipv6: {
    'no-route': [1, 0],
    'admin-prohibited': [1, 1],
    'addr-unreachable': [1, 3],
    'port-unreachable': [1, 4],
    'policy-fail': [1, 5],
    'reject-route': [1, 6],
    'next-header-unknown': [4, 1],
  },
};

/** What Linux makes of those for connect(2): icmp(7), net/ipv6/icmp.c. */
const ERRNO: Record<Family, Record<string, string>> = {
  ipv4: {
    'net-unreachable': 'ENETUNREACH',
    'host-unreachable': 'EHOSTUNREACH',
    'prot-unreachable': 'ENOPROTOOPT',
    'port-unreachable': 'ECONNREFUSED',
    'net-prohibited': 'ENETUNREACH',
    'host-prohibited': 'EHOSTUNREACH',
    'admin-prohibited': 'EHOSTUNREACH',
  },
  ipv6: {
    'no-route': 'ENETUNREACH',
    'admin-prohibited': 'EACCES',
    'addr-unreachable': 'EHOSTUNREACH',
    'port-unreachable': 'ECONNREFUSED',
    'policy-fail': 'EACCES',
    'reject-route': 'EACCES',
  },
};

function icmp(family: Family, name: string): Reply {
  const [type, code] = ICMP[family][name]!;
  return { kind: 'icmp', family, type, code, fromTarget: true };
}

/** The answer that a Linux target gives in a situation; undefined is silence. */
function answer(technique: TechniqueId, family: Family, situation: string): Reply | undefined {
  const reset: Reply = { kind: 'tcp', flags: TCP.rst | TCP.ack, window: 0 };
  if (situation === 'drop' || situation === 'silent') return undefined;
  if (situation.startsWith('icmp ')) {
    const name = situation.slice(5);
    if (technique === 'connect') return { kind: 'connect-error', code: ERRNO[family][name]! };
    return icmp(family, name);
  }
  switch (technique) {
    case 'connect':
      return situation === 'open' ? { kind: 'connected' } : { kind: 'connect-error', code: 'ECONNREFUSED' };
    case 'syn':
      return situation === 'open' ? { kind: 'tcp', flags: TCP.syn | TCP.ack, window: 64240 } : reset;
    case 'udp':
      return situation === 'open' ? { kind: 'udp' } : icmp(family, 'port-unreachable');
    case 'ip-protocol':
      return { kind: 'protocol' };
    case 'fin':
    case 'null':
    case 'xmas':
      // RFC 9293 section 3.10.7.2: a listener drops a segment without SYN, ACK or RST.
      return situation === 'open' ? undefined : reset;
    case 'ack':
    case 'window':
    case 'maimon':
      return reset;
  }
}

describe('techniques', () => {
  it(`say what nmap says in each of ${cells.length} recorded cells`, () => {
    const seen = new Set<string>();
    for (const [id, family, situation, state, reason] of cells) {
      seen.add(id);
      const technique = TECHNIQUES[id];
      const implied = situation === 'implied by proto-unreachable';
      const reply = implied ? icmp(family, 'prot-unreachable') : answer(id, family, situation);
      const verdict =
        reply === undefined
          ? technique.silence
          : implied
            ? impliedProtocol(reply)?.verdict
            : technique.classify(reply);
      assert.deepEqual(verdict, { state, reason }, `${id} ${family} ${situation}`);
    }
    assert.deepEqual([...seen].sort(), [...TECHNIQUE_IDS].sort(), 'every technique has recorded cells');
  });

  it('does not take a router for the target', () => {
    const fromRouter: Reply = { kind: 'icmp', family: 'ipv4', type: 3, code: 3, fromTarget: false };
    for (const id of ['udp', 'ip-protocol'] as const)
      assert.deepEqual(TECHNIQUES[id].classify(fromRouter), { state: 'filtered', reason: 'port-unreach' });
    assert.equal(impliedProtocol(fromRouter), undefined);
  });

  it('waits on where a reply says nothing', () => {
    const tooBig: Reply = { kind: 'icmp', family: 'ipv4', type: 3, code: 4, fromTarget: true };
    for (const id of TECHNIQUE_IDS) assert.equal(TECHNIQUES[id].classify(tooBig), undefined, id);
    assert.equal(TECHNIQUES.syn.classify({ kind: 'tcp', flags: TCP.ack, window: 0 }), undefined);
    assert.equal(TECHNIQUES.connect.classify({ kind: 'connect-error', code: 'EMFILE' }), undefined);
  });

  it('reads the window of a reset where a system leaves one', () => {
    const verdict = TECHNIQUES.window.classify({ kind: 'tcp', flags: TCP.rst, window: 512 });
    assert.deepEqual(verdict, { state: 'open', reason: 'reset' });
  });

  it('gives a known state and reason, or nothing, for any reply', () => {
    const reply = fc.oneof<fc.Arbitrary<Reply>[]>(
      fc.constant({ kind: 'connected' }),
      fc.record({ kind: fc.constant('connect-error' as const), code: fc.string() }),
      fc.record({ kind: fc.constant('tcp' as const), flags: fc.nat(255), window: fc.nat(65535) }),
      fc.constant({ kind: 'udp' }),
      fc.constant({ kind: 'protocol' }),
      fc.record({
        kind: fc.constant('icmp' as const),
        family: fc.constantFrom<Family>('ipv4', 'ipv6'),
        type: fc.nat(255),
        code: fc.nat(255),
        fromTarget: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...TECHNIQUE_IDS), reply, (id, event) => {
        const verdict = TECHNIQUES[id].classify(event);
        if (verdict === undefined) return;
        assert.ok(PORT_STATES.includes(verdict.state) && REASONS.includes(verdict.reason));
      }),
    );
  });

  it('has a name and a detail for each', () => {
    const t = (message: string): string => message;
    const texts = TECHNIQUE_IDS.flatMap((id) => [techniqueName(id, t), techniqueDetail(id, t)]);
    assert.equal(new Set(texts).size, 2 * TECHNIQUE_IDS.length);
    for (const id of TECHNIQUE_IDS) assert.equal(TECHNIQUES[id].id, id);
  });
});

describe('states', () => {
  it('have a name and a meaning each', () => {
    const t = (message: string): string => message;
    for (const state of PORT_STATES) {
      assert.equal(stateName(state, t), state);
      assert.match(stateMeaning(state, t), /\.$/u);
    }
    assert.ok(isReason('syn-ack') && !isReason('because'));
  });
});
