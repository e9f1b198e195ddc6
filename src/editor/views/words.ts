import type { Translate } from '../../base/text';
import { ageChangesInMs, ageWords } from '../../ports/words';

const MINUTE_MS = 60_000;

/** As `ageWords`, but without seconds: a row that counts them would be redrawn all the time. */
export function calmAge(startedAt: number, now: number, t: Translate): string {
  return now - startedAt < MINUTE_MS ? t('just now') : ageWords(startedAt, now, t);
}

/** When `calmAge` says something else, in ms since the epoch. */
export function calmAgeEndsAt(startedAt: number, now: number): number {
  const age = Math.max(0, now - startedAt);
  return now + (age < MINUTE_MS ? MINUTE_MS - age : ageChangesInMs(startedAt, now));
}

/** Parts that are there, between middle dots. */
export function dotted(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** Joins an argument vector so that a reader sees where an argument with blanks begins and ends. Never for a shell. */
export function commandText(commandLine: readonly string[]): string {
  return commandLine
    .map((argument) => (/^[^\s"'\\]+$/u.test(argument) ? argument : JSON.stringify(argument)))
    .join(' ');
}
