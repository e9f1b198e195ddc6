/**
 * Paths as text, of any platform: for folders that never need to exist and are never opened. Both separators are
 * understood, case counts, and links cannot be followed (give real paths where it matters).
 */

/** Splits into segments, with `.` and `..` resolved. The root is the empty list. */
function segments(path: string): string[] {
  const out: string[] = [];
  for (const segment of path.split(SEPARATOR)) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') out.pop();
    else out.push(segment);
  }
  return out;
}

// Linux and macOS allow a backslash in a name; there it splits one name in two, which only ever makes a match
// stricter, since both sides are split alike.
const SEPARATOR = /[/\\]/u;

export function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\])/u.test(path);
}

/** Whether `path` is `folder` or lies below it, by whole segments: `/a/bc` is not within `/a/b`. */
export function isWithin(folder: string, path: string): boolean {
  return relativeTo(folder, path) !== undefined;
}

/** The way from `folder` down to `path` with `/` between, empty for the folder itself; undefined if it is not within. */
export function relativeTo(folder: string, path: string): string | undefined {
  if (!isAbsolute(folder) || !isAbsolute(path)) return undefined;
  const above = segments(folder);
  const all = segments(path);
  return above.every((segment, index) => all[index] === segment)
    ? all.slice(above.length).join('/')
    : undefined;
}

/** The last segment; empty for a root. */
export function baseName(path: string): string {
  return segments(path).at(-1) ?? '';
}

export function isRoot(path: string): boolean {
  return isAbsolute(path) && /^(?:[A-Za-z]:)?$/u.test(segments(path).join('/'));
}
