import type { HostRun } from './host';
import { LOSSY_TRIES_MIN, TRIES_MAX, type TimingProfile } from './timing';

/** So many tries without any answer, from a host that sends ICMP errors, look like its limit. */
const LIMIT_SUSPECTED_AFTER = 12;
const PACED_TRIES = 3;
/** One false silence in so many scans, at the loss that is seen. */
const SCANS_PER_FALSE_SILENCE = 10_000;

/** Nearly every port of the host answers: silence is loss, no need to wait for the proof. */
export function answersAll(run: HostRun): boolean {
  return run.answers > 20 && run.silent * 20 < run.answers;
}

/** How often a port is tried before its silence counts. */
export function triesFor(
  run: HostRun,
  probe: { readonly attempt: number; readonly paced: number },
  profile: Pick<TimingProfile, 'tries' | 'silentTries'>,
): number {
  // What was sent before the limit was known may have been lost to it.
  if (run.limit !== undefined) return probe.attempt + 1 + PACED_TRIES - probe.paced;
  if (run.answers === 0) return profile.silentTries;
  if (run.lost === 0) return profile.tries;
  const loss = Math.min(0.6, (run.lost + 1) / (run.answers + run.lost + 1));
  const needed = Math.ceil(Math.log(run.cells * SCANS_PER_FALSE_SILENCE) / -Math.log(loss));
  return Math.max(LOSSY_TRIES_MIN, Math.min(TRIES_MAX, needed));
}

export function suspectsIcmpLimit(run: HostRun): boolean {
  if (run.limit !== undefined || run.limitRefuted) return false;
  return run.icmpAnswers > 0 && run.expiredInRow >= LIMIT_SUSPECTED_AFTER;
}
