import * as fs from 'node:fs';
import { tryReadText } from './files';

const PASSWD = '/etc/passwd';
/** How often the file's time is looked at, in ms. */
const RECHECK_MS = 10_000;

/** Names of users, from /etc/passwd (passwd(5)). Users of a directory service have no name here. */
export class Users {
  private names = new Map<number, string>();
  private checkedAt = -Infinity;
  private modifiedAt = -1;

  name(uid: number): string | undefined {
    this.reload();
    return this.names.get(uid);
  }

  private reload(): void {
    const now = Date.now();
    if (now - this.checkedAt < RECHECK_MS) return;
    this.checkedAt = now;
    const modifiedAt = fs.statSync(PASSWD, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (modifiedAt === this.modifiedAt) return;
    this.modifiedAt = modifiedAt;
    this.names = parsePasswd(tryReadText(PASSWD) ?? '');
  }
}

/** The first name of a uid counts, as for getpwuid(3). */
export function parsePasswd(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name && uid && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}
