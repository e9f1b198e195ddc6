import type { Process } from '../ports/owner';
import type { Signal } from './control';

/** Commands for a terminal. They are offered to the user and never run by us; every foreign word is quoted. */

/** As one word of a POSIX shell. Control characters, which a terminal could obey, are left out. */
export function shellWord(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return /^[\w@%+=:,./-]+$/u.test(plain) ? plain : `'${plain.replaceAll("'", String.raw`'\''`)}'`;
}

/** Signals processes as root; undefined where the user is root already. */
export function sudoKill(processes: readonly Process[], signal: Signal, uid: number): string | undefined {
  if (uid === 0 || processes.length === 0) return undefined;
  return `sudo kill -${signal.slice('SIG'.length)} ${processes.map(({ pid }) => pid).join(' ')}`;
}

/** Stops a systemd unit, in the user's own manager where `user` is set. */
export function systemctlStop(unit: string, user: boolean, uid: number): string {
  const manager = user ? 'systemctl --user' : uid === 0 ? 'systemctl' : 'sudo systemctl';
  return `${manager} stop ${shellWord(unit)}`;
}
