import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What every server, of whatever kind, must have afterwards as before. */
export interface Footprint {
  /** Its connections, as the kernel counts them: a check that left one behind would hold a client's slot. */
  readonly connections: number;
  /** Its data, settings and stored sessions: each file of its folder, with a hash of its bytes. */
  readonly files: readonly string[];
}

/** @param mayWrite files that the server writes by itself, whether or not anybody asks it anything */
export async function footprint(port: number, folder: string, mayWrite?: RegExp): Promise<Footprint> {
  const connections = await Promise.all(['tcp', 'tcp6'].map((table) => connectionsIn(table, port)));
  return {
    connections: connections.reduce((total, count) => total + count, 0),
    files: await hashes(folder, mayWrite),
  };
}

/** proc(5), net/tcp: 0A listens, and 06 (TIME_WAIT) is the kernel's memory of a connection that is over. */
async function connectionsIn(table: string, port: number): Promise<number> {
  const digits = port.toString(16).toUpperCase().padStart(4, '0');
  const connection = new RegExp(`^\\s*\\d+: [0-9A-F]+:${digits} [0-9A-F]+:[0-9A-F]+ (?!0A|06)`, 'gmu');
  return (await readFile(`/proc/self/net/${table}`, 'utf8')).match(connection)?.length ?? 0;
}

async function hashes(folder: string, mayWrite?: RegExp): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => mayWrite?.test(path.relative(folder, file)) !== true);
  const lines = await Promise.all(
    files.map(async (file) => `${path.relative(folder, file)} ${await hash(file)}`),
  );
  return lines.sort();
}

async function hash(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch (error) {
    // A server's temporary file may go while we look.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
}
