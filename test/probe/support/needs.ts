import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type Mocha from 'mocha';
import { run, runOrThrow } from '../../support/run';
import { skip } from '../../support/skip';

/** Skips, by name, where a test cannot have what it needs of the system. */
export async function needs(context: Mocha.Context, ...programs: string[]): Promise<void> {
  if (process.platform !== 'linux') skip(context, 'needs Linux');
  if (process.getuid?.() !== 0) skip(context, 'needs root, for network namespaces');
  for (const program of programs) {
    const { code } = await run('which', [program], { timeoutMs: 10_000 });
    if (code !== 0) skip(context, `needs ${program}`);
  }
}

/** Compiles the relay into a folder of its own. The caller removes it. */
export async function compileRelay(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'portlight-relay-'));
  const source = path.join(__dirname, 'relay.c');
  await runOrThrow('cc', ['-O2', '-o', path.join(folder, 'relay'), source], { timeoutMs: 60_000 });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
