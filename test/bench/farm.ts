import { spawn } from 'node:child_process';
import path from 'node:path';
import { ownGroup } from '../support/run';

/** Processes with open files and listeners, as on a machine at work. Ends with `end`, or with this process. */
export async function startFarm(
  processes: number,
  files: number,
  listeners: number,
  socketsEach = 1,
): Promise<{ end: () => Promise<void> }> {
  const args = [processes, files, listeners, socketsEach].map(String);
  const child = spawn('perl', [path.join(__dirname, 'farm.pl'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.pid === undefined) throw new Error('perl cannot be started');
  const group = ownGroup(child.pid, ended);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve();
    });
    child.once('exit', () => {
      reject(new Error('The farm did not start'));
    });
  });
  return { end: () => group.end() };
}
