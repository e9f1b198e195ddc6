import * as fs from 'node:fs';

/** Grows when a file does not fit, never shrinks: one worker reads one file at a time. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Reads a file of /proc in as few calls as it takes. `fs.readFileSync` asks for a size first (0 in /proc) and
 * allocates for every call; this is about four times cheaper.
 * @returns a view that the next call overwrites.
 * @throws the system's error (ENOENT, ESRCH, EACCES, …).
 */
export function readBytes(path: string, limit = 2 * 1024 * 1024): Buffer {
  // Non-blocking, so that a pipe that somebody put in a file's place cannot stop the reader.
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    let length = 0;
    while (length < limit) {
      if (length === scratch.length) scratch = Buffer.concat([scratch], scratch.length * 2);
      const room = Math.min(scratch.length, limit) - length;
      const count = fs.readSync(descriptor, scratch, length, room, null);
      if (count === 0) break;
      length += count;
    }
    return scratch.subarray(0, length);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** As text, or undefined where it cannot be read, whatever the reason. */
export function tryReadText(path: string, limit?: number): string | undefined {
  try {
    return readBytes(path, limit).toString('utf8');
  } catch {
    return undefined;
  }
}

/** The target of a link, or undefined where it cannot be read, whatever the reason. */
export function tryReadLink(path: string): string | undefined {
  try {
    return fs.readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Runs `work` without collecting stack traces: in a walk of /proc most errors are expected, and a stack is half their cost. */
export function withoutStacks<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** The code of a system error, for example `EACCES`. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
