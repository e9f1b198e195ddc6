import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import type { ConnectionState, Peer } from '../../../src/ports/connections';
import { isLeakingPeer, leaksOf, leakWords, MANY_CLOSE_WAIT } from '../../../src/ports/leaks';

function summary(...peers: Peer[]) {
  const byState: Partial<Record<ConnectionState, number>> = {};
  for (const peer of peers) byState[peer.state] = (byState[peer.state] ?? 0) + peer.count;
  return { takenAt: 0, byState, peers, peersTotal: peers.length };
}

const peer = (state: ConnectionState, count: number, exited?: boolean): Peer => ({
  address: '127.0.0.1',
  state,
  count,
  ...(exited !== undefined && { exited }),
});

describe('leaksOf', () => {
  it('finds none in ordinary traffic', () => {
    assert.deepEqual(
      leaksOf(summary(peer('ESTABLISHED', 500), peer('TIME_WAIT', 900), peer('SYN_RECV', 3))),
      [],
    );
  });

  it('takes a few in CLOSE_WAIT for life, and many for a leak', () => {
    assert.deepEqual(leaksOf(summary(peer('CLOSE_WAIT', MANY_CLOSE_WAIT - 1))), []);
    const [leak] = leaksOf(summary(peer('CLOSE_WAIT', MANY_CLOSE_WAIT - 1), peer('CLOSE_WAIT', 1)));
    assert.deepEqual(leak, { kind: 'close-wait', count: MANY_CLOSE_WAIT });
    assert.match(leakWords(leak, english), /^10 in CLOSE_WAIT/u);
  });

  it('takes even one for a leak whose peer has exited', () => {
    assert.deepEqual(leaksOf(summary(peer('CLOSE_WAIT', 1, true), peer('CLOSE_WAIT', 2))), [
      { kind: 'close-wait', count: 1 },
    ]);
    const [leak] = leaksOf(summary(peer('ESTABLISHED', 2, true), peer('ESTABLISHED', 7)));
    assert.deepEqual(leak, { kind: 'exited-peer', count: 2, address: '127.0.0.1' });
    assert.match(leakWords(leak, english), /process that has exited \(127\.0\.0\.1\)/u);
  });

  it('knows that TIME_WAIT outlives its process by design', () => {
    assert.deepEqual(leaksOf(summary(peer('TIME_WAIT', 100, true), peer('FIN_WAIT2', 5, true))), []);
  });

  it('tells which rows are part of a leak', () => {
    const half = peer('ESTABLISHED', 1, true);
    const alive = peer('ESTABLISHED', 1);
    const leaks = leaksOf(summary(half, alive));
    assert.deepEqual(
      [half, alive, peer('CLOSE_WAIT', 1)].map((row) => isLeakingPeer(row, leaks)),
      [true, false, false],
    );
  });
});
