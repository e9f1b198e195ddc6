import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SnapshotDelta } from '../../../src/ports/snapshot';
import { withTemporaryFolder } from '../../support/cleanup';
import { bundle } from './bundle';

/**
 * What the reader sees when `command` (`setpriv …`, `unshare …`) starts it. The program is one file in a folder that
 * everybody may read: another user may not be let into this one.
 */
export function lookThrough(command: readonly string[]): Promise<SnapshotDelta> {
  return withTemporaryFolder('look', async (folder) => {
    await chmod(folder, 0o755);
    const program = await bundle('test/machine/support/look.ts', folder);
    const { stdout } = await promisify(execFile)('env', ['--', ...command, process.execPath, program], {
      timeout: 30_000,
      cwd: '/',
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout) as SnapshotDelta;
  });
}
