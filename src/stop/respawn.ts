import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import type { ProcessControl } from './control';
import { isGlue, restartingParent } from './job';
import { processKey } from './plan';
import { isManagedBySystemd } from './warnings';

/** How long a freed port is watched. A supervisor's shell loop was measured to be back after 278 ms. */
const SETTLE_MS = 1500;
/** systemd, nodemon & co. wait before they start again. */
const SUPERVISED_SETTLE_MS = 5000;
/** The same command runs again and does not listen yet: it is given this long. */
export const RESTARTED_SETTLE_MS = 10_000;

/** How long to watch a row's port for somebody who starts its owner again. */
export function settleMs({ owner }: Listener): number {
  if (owner.kind === 'hidden' || owner.kind === 'kernel') return SETTLE_MS;
  const supervised = isManagedBySystemd(owner) || restartingParent(owner.parents) !== undefined;
  return supervised ? SUPERVISED_SETTLE_MS : SETTLE_MS;
}

/** Notices that whoever started a row's owner starts the same command again, before it listens. */
export class RestartWatch {
  private constructor(
    private readonly owner: Process,
    private readonly starter: Process,
    private readonly before: ReadonlySet<string>,
    private readonly control: Pick<ProcessControl, 'descendants'>,
  ) {}

  /** Remembers who runs before anything is signalled. Undefined: nobody but pid 1 started the owner. */
  static async begin(
    { owner }: Listener,
    control: Pick<ProcessControl, 'descendants'>,
  ): Promise<RestartWatch | undefined> {
    if (owner.kind === 'hidden' || owner.kind === 'kernel') return undefined;
    const starter = owner.parents.find((parent) => !isGlue(parent));
    if (starter === undefined || starter.pid <= 1) return undefined;
    const before = new Set((await control.descendants(starter)).map(processKey));
    return new RestartWatch(owner.process, starter, before, control);
  }

  /** A process that was not there before and runs the owner's very command line. */
  async find(): Promise<Process | undefined> {
    const command = JSON.stringify(this.owner.commandLine);
    const now = await this.control.descendants(this.starter);
    return now.find(
      (process) => !this.before.has(processKey(process)) && JSON.stringify(process.commandLine) === command,
    );
  }
}
