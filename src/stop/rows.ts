import type { Listener } from '../ports/listener';
import { sameProcess, type Process } from '../ports/owner';
import { isGlue } from './job';
import type { PortHolder, StopOutcome } from './outcome';

/** Reading the socket tables for one row that is being stopped. Pure. */

/** A chosen row and what is known of its port. */
export interface Row {
  /** As it was chosen. */
  readonly listener: Listener;
  /** Its sockets when it was last checked, before anything was signalled. */
  readonly inodes: readonly number[];
  /** Ids of rows that had the port before, too, and those of every chosen row: none of them is a newcomer. */
  readonly known: ReadonlySet<string>;
}

export const samePort = (a: Listener, b: Listener): boolean => a.protocol === b.protocol && a.port === b.port;

/** What is left of a row: its sockets, whoever holds them now, and new ones of the same owner. */
export function leftOf(listing: readonly Listener[], { listener, inodes }: Row): readonly Listener[] {
  return listing.filter(
    (it) =>
      samePort(it, listener) && (it.id === listener.id || it.inodes.some((inode) => inodes.includes(inode))),
  );
}

/** Rows that have the port now and had not before. */
export function newcomers(listing: readonly Listener[], row: Row): readonly Listener[] {
  const old = leftOf(listing, row);
  return listing.filter((it) => samePort(it, row.listener) && !row.known.has(it.id) && !old.includes(it));
}

/** Rows that had the port before, and still have it. */
export function besides(listing: readonly Listener[], row: Row): readonly PortHolder[] {
  return listing
    .filter((it) => samePort(it, row.listener) && it.id !== row.listener.id && row.known.has(it.id))
    .map((listener) => ({ listener, how: 'beside' }));
}

/** Every process that holds the row, the owner first. */
export function holdersOf({ owner }: Listener): readonly Process[] {
  return owner.kind === 'hidden' || owner.kind === 'kernel' ? [] : [owner.process, ...owner.coOwners];
}

/** Boot time is known to a second only (btime, proc_stat(5)), and with it every start time on the clock. */
const START_TIME_ERROR_MS = 1500;

/**
 * Names a newcomer: a process that started after the signal has come back, one that ran before took the port over.
 * @param signalledAt milliseconds since the epoch
 * @param afterMs from the row's end to the new row
 */
export function nameNewcomer(
  newcomer: Listener,
  { listener }: Row,
  signalledAt: number,
  afterMs: number,
): StopOutcome {
  const { owner } = newcomer;
  if (owner.kind === 'hidden' || owner.kind === 'kernel') {
    return { kind: 'came-back', afterMs, listener: newcomer, sameParent: false };
  }
  if (owner.process.startedAt < signalledAt - START_TIME_ERROR_MS) {
    return { kind: 'port-held', holders: [{ listener: newcomer, how: 'took-over' }] };
  }
  const oldParents =
    listener.owner.kind === 'hidden' || listener.owner.kind === 'kernel' ? [] : listener.owner.parents;
  const common = commonStarter(owner.process, owner.parents, oldParents);
  const startedBy = common ?? owner.parents[0];
  return {
    kind: 'came-back',
    afterMs,
    listener: newcomer,
    process: owner.process,
    ...(startedBy === undefined ? {} : { startedBy }),
    sameParent: common !== undefined,
  };
}

/**
 * The process that started both: the first parent of the new one, past the shells and script runners between, where it
 * is a parent of the old one, too. Pid 1 adopts every orphan, so it counts only for a systemd service.
 */
function commonStarter(
  process: Process,
  parents: readonly Process[],
  oldParents: readonly Process[],
): Process | undefined {
  for (const parent of parents) {
    if (oldParents.some((old) => sameProcess(old, parent))) {
      return parent.pid !== 1 || process.unit?.endsWith('.service') === true ? parent : undefined;
    }
    if (!isGlue(parent)) return undefined;
  }
  return undefined;
}
