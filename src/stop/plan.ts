import type { Listener } from '../ports/listener';
import { sameProcess, type Process, type ProcessId } from '../ports/owner';
import { showOwnerCommand } from '../ports/words';
import type { ProcessControl } from './control';
import { essentialService, type EssentialService } from './essential';
import { jobRoot } from './job';
import { refuseProcess, type EditorFacts, type Refusal } from './refusals';
import { warningsOf, type StopWarning } from './warnings';

/**
 * - `stop`: SIGTERM to the owner, SIGKILL after the grace period where that is wanted;
 * - `kill`: SIGKILL to the owner at once;
 * - `tree`: as `stop`, for the whole job: the script runner or watcher that runs the owner (or `root`), all below it,
 *   and the owner's co-owners.
 */
export type StopLevel = 'stop' | 'kill' | 'tree';

export interface StopRequest {
  readonly level: StopLevel;
  /** The rows that the user chose. */
  readonly listeners: readonly Listener[];
  /** Level `tree`: the tree's top, where the user chose one of the owner's parents. */
  readonly root?: ProcessId;
}

/** One process that will be signalled. */
interface StopTarget {
  readonly process: Process;
  /** `co-owner`: holds the row's socket without being in the tree. */
  readonly role: 'owner' | 'co-owner' | 'root' | 'descendant';
  /** Ids of the chosen rows on whose behalf it is signalled; at least one. */
  readonly listeners: readonly string[];
}

/** What will be done, and to whom. Data only: nothing has been signalled. */
export interface StopPlan {
  readonly level: StopLevel;
  /** Every chosen row, refused ones too. */
  readonly listeners: readonly Listener[];
  /** In the order in which they are signalled: deepest first. Empty where everything was refused. */
  readonly targets: readonly StopTarget[];
  /** Tops of the trees (level `tree` only). */
  readonly roots: readonly Process[];
  /** Chosen rows that cannot be stopped, and why. */
  readonly refusals: readonly Refusal[];
  /** Rows that were not chosen and that the targets also serve. */
  readonly alsoServes: readonly Listener[];
  readonly warnings: readonly StopWarning[];
  /** Targets that the system needs. Not empty: ask a second time. */
  readonly essential: readonly { readonly process: Process; readonly service: EssentialService }[];
  /** What was known of the editor; held against processes that join a tree later, too. */
  readonly editor: EditorFacts;
  /** Who asks: decides whether sudo is offered. */
  readonly uid: number;
}

/** What a plan is made from. */
export interface PlanView {
  /** Every row of the current snapshot. */
  readonly listeners: Iterable<Listener>;
  /** The user who asks. */
  readonly uid: number;
  readonly editor: EditorFacts;
}

/** Reads the trees where the level needs them, then plans. Signals nothing. */
export async function prepareStop(
  request: StopRequest,
  view: PlanView,
  control: Pick<ProcessControl, 'descendants'>,
): Promise<StopPlan> {
  const families = new Map<number, readonly Process[]>();
  if (request.level === 'tree') {
    for (const listener of request.listeners) {
      const root = treeRoot(request, listener, view.editor);
      if (root !== undefined && !families.has(root.pid))
        families.set(root.pid, await control.descendants(root));
    }
  }
  return planStop(request, view, (root) => families.get(root.pid) ?? []);
}

/**
 * @param descendants every process below one, parents before their children; asked for level `tree` only
 */
export function planStop(
  request: StopRequest,
  view: PlanView,
  descendants: (root: ProcessId) => readonly Process[],
): StopPlan {
  const targets = new Map<string, StopTarget>();
  const roots = new Map<string, Process>();
  const refusals: Refusal[] = [];
  for (const listener of request.listeners) {
    const refusal = refuseListener(listener, request, view);
    if (refusal !== undefined) {
      refusals.push(refusal);
      continue;
    }
    const root = treeRoot(request, listener, view.editor);
    if (root !== undefined) roots.set(processKey(root), root);
    const below = root === undefined ? [] : descendants(root);
    const chosen =
      root === undefined ? ownerOf(listener) : withoutRefused(treeOf(listener, root, below), view.editor);
    for (const process of chosen) {
      const key = processKey(process);
      const role = roleOf(process, request, root, below);
      targets.set(key, { process, role, listeners: [...(targets.get(key)?.listeners ?? []), listener.id] });
    }
  }
  const processes = [...targets.values()].map(({ process }) => process);
  const ordered = deepestFirst(processes).map((process) => targets.get(processKey(process)) ?? []);
  return {
    level: request.level,
    listeners: request.listeners,
    targets: ordered.flat(),
    roots: [...roots.values()],
    refusals,
    alsoServes: [...view.listeners].filter(
      (listener) =>
        !request.listeners.some(({ id }) => id === listener.id) &&
        processes.some((process) => holdsListener(listener, process)),
    ),
    warnings: request.listeners
      .filter(({ id }) => !refusals.some(({ listenerId }) => listenerId === id))
      .flatMap((listener) => warningsOf(listener, processes, view.uid)),
    essential: processes.flatMap((process) => {
      const service = essentialService(process);
      return service === undefined ? [] : [{ process, service }];
    }),
    editor: view.editor,
    uid: view.uid,
  };
}

export const processKey = ({ pid, startTicks }: ProcessId): string => `${pid}@${startTicks}`;

/** Whether the process is the row's owner, or one of its co-owners. */
export function holdsListener({ owner }: Listener, process: ProcessId): boolean {
  if (owner.kind === 'hidden' || owner.kind === 'kernel') return false;
  return (
    sameProcess(owner.process, process) || owner.coOwners.some((coOwner) => sameProcess(coOwner, process))
  );
}

function ownerOf({ owner }: Listener): readonly Process[] {
  return owner.kind === 'hidden' || owner.kind === 'kernel' ? [] : [owner.process];
}

function roleOf(
  process: Process,
  { listeners }: StopRequest,
  root: Process | undefined,
  below: readonly Process[],
): StopTarget['role'] {
  if (listeners.some((listener) => ownerOf(listener).some((owner) => sameProcess(owner, process))))
    return 'owner';
  if (root !== undefined && sameProcess(root, process)) return 'root';
  return below.some((descendant) => sameProcess(descendant, process)) ? 'descendant' : 'co-owner';
}

function refuseListener(listener: Listener, request: StopRequest, view: PlanView): Refusal | undefined {
  const { owner, id } = listener;
  switch (owner.kind) {
    case 'kernel':
      return { listenerId: id, code: 'kernel-socket' };
    case 'hidden':
      return {
        listenerId: id,
        code: 'hidden-owner',
        uid: owner.uid,
        ...(owner.user === undefined ? {} : { user: owner.user }),
        command: showOwnerCommand(listener.protocol, listener.port),
      };
    case 'exact':
    case 'activated': {
      const root = treeRoot(request, listener, view.editor);
      for (const process of root === undefined ? [owner.process] : [owner.process, root]) {
        const code = refuseProcess(process, view.editor);
        if (code === undefined) continue;
        const command =
          owner.kind === 'activated' && code === 'init' ? { command: 'systemctl list-sockets' } : {};
        return { listenerId: id, code, process, ...command };
      }
      return undefined;
    }
  }
}

/** The top of a row's tree; undefined at the other levels, and where there is no process. */
function treeRoot(
  { level, root }: StopRequest,
  { owner }: Listener,
  editor: EditorFacts,
): Process | undefined {
  if (level !== 'tree' || owner.kind === 'hidden' || owner.kind === 'kernel') return undefined;
  const wished = root && [owner.process, ...owner.parents].find((process) => sameProcess(process, root));
  const mayStop = (parent: Process): boolean => refuseProcess(parent, editor) === undefined;
  return wished ?? jobRoot(owner.process, owner.parents, owner.coOwners, mayStop);
}

/** A row's whole tree, parents first. Co-owners above the root stay: they serve others, too. */
function treeOf({ owner }: Listener, root: Process, descendants: readonly Process[]): readonly Process[] {
  if (owner.kind === 'hidden' || owner.kind === 'kernel') return [];
  const beside = owner.coOwners.filter(
    (coOwner) => !owner.parents.some((parent) => sameProcess(parent, coOwner)),
  );
  return [root, ...descendants, owner.process, ...beside];
}

/** Leaves out what must not be signalled, and everything below it. @param family parents first */
export function withoutRefused(family: readonly Process[], editor: EditorFacts): readonly Process[] {
  const spared = new Set<number>();
  return family.filter((process) => {
    const refused = refuseProcess(process, editor) !== undefined || spared.has(process.parentPid);
    if (refused) spared.add(process.pid);
    return !refused;
  });
}

/** Children before their parents, so that nobody restarts or mourns a child that was meant to end. */
export function deepestFirst(processes: readonly Process[]): readonly Process[] {
  const parentOf = new Map(processes.map(({ pid, parentPid }) => [pid, parentPid]));
  const depth = (pid: number): number => {
    let levels = 0;
    // Bounded: two readings of a changing machine can form a loop.
    for (let at = parentOf.get(pid); at !== undefined && levels <= processes.length; at = parentOf.get(at))
      levels++;
    return levels;
  };
  return processes
    .map((process) => ({ process, depth: depth(process.pid) }))
    .sort((a, b) => b.depth - a.depth)
    .map(({ process }) => process);
}
