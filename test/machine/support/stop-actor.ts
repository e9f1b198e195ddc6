import { executeStop } from '../../../src/stop/execute';
import type { StopOutcome } from '../../../src/stop/outcome';
import { RealMachine } from './stopping';

/**
 * Run as another user, with a port and its owner's pid: tries to stop the row as this user sees it, then as somebody
 * would who saw the owner. Prints both outcomes as JSON.
 */
async function main(port: number, pid: number): Promise<void> {
  const real = new RealMachine();
  const seen = await real.row(port);
  const [listed] = await real.stop({ level: 'stop', listeners: [seen] });
  const process_ = await real.control.inspect(pid);
  if (process_ === undefined) throw new Error('The owner is gone');
  const owner = { kind: 'exact' as const, process: process_, parents: [], coOwners: [] };
  const plan = await real.plan({ level: 'stop', listeners: [{ ...seen, owner }] });
  const [known] = await executeStop(plan, real.machine, {
    graceMs: 1000,
    onGraceOver: () => Promise.resolve('leave'),
  });
  const answer: { listed?: StopOutcome | undefined; known?: StopOutcome | undefined } = {
    listed: listed?.outcome,
    known: known?.outcome,
  };
  console.log(JSON.stringify(answer));
  await real.dispose();
}

main(Number(process.argv[2]), Number(process.argv[3])).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
