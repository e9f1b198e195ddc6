import { plainText, type Translate } from '../base/text';
import type { ConnectionSummary, Peer } from './connections';

export type Leak =
  /** Peers have closed, and the listener's process has not: it never calls close() on them. */
  | { readonly kind: 'close-wait'; readonly count: number }
  /** Still established towards local processes that have exited. */
  | { readonly kind: 'exited-peer'; readonly count: number; readonly address: string };

/**
 * A connection passes through CLOSE_WAIT whenever the peer closes first, for as long as the process takes to notice:
 * a few are life, this many at one moment are a process that does not close.
 */
export const MANY_CLOSE_WAIT = 10;

/** What leaks, worst first; empty where nothing does. */
export function leaksOf(summary: ConnectionSummary): Leak[] {
  const leaks: Leak[] = [];
  const closeWait = summary.byState.CLOSE_WAIT ?? 0;
  const abandoned = countOf(
    summary.peers.filter((peer) => peer.exited === true && peer.state === 'CLOSE_WAIT'),
  );
  // Few of them are a leak too where the process at the other end has even exited.
  if (closeWait >= MANY_CLOSE_WAIT || abandoned > 0) {
    leaks.push({ kind: 'close-wait', count: closeWait >= MANY_CLOSE_WAIT ? closeWait : abandoned });
  }
  // TIME_WAIT and the closing states outlive a process by design: only ESTABLISHED should have two ends.
  const halves = summary.peers.filter((peer) => peer.exited === true && peer.state === 'ESTABLISHED');
  const [first] = halves;
  if (first) leaks.push({ kind: 'exited-peer', count: countOf(halves), address: first.address });
  return leaks;
}

/** Whether this very row of the peers is part of a leak. */
export function isLeakingPeer(peer: Peer, leaks: readonly Leak[]): boolean {
  return leaks.some((leak) =>
    leak.kind === 'close-wait'
      ? peer.state === 'CLOSE_WAIT'
      : peer.exited === true && peer.state === 'ESTABLISHED',
  );
}

export function leakWords(leak: Leak, t: Translate): string {
  return leak.kind === 'close-wait'
    ? t('{0} in CLOSE_WAIT: the peers have closed, this process has not. It leaks connections.', leak.count)
    : t(
        '{0} to a process that has exited ({1}): nobody is at the other end. It leaks connections.',
        leak.count,
        plainText(leak.address, 64),
      );
}

function countOf(peers: readonly Peer[]): number {
  return peers.reduce((sum, peer) => sum + peer.count, 0);
}
