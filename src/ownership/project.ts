import { baseName, isRoot, isWithin } from '../base/path';
import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import type { MachineFacts } from '../ports/snapshot';
import { knownServer } from './serviceName';
import { isServiceUnit, isSystemUnit, SERVICE_USERS, SYSTEM_PORTS } from './tables/services';

/** The groups of the default view. */
export type BelongsTo = 'workspace' | 'projects' | 'services' | 'system' | 'ephemeral-udp';

export interface BelongingContext {
  /**
   * Folders of the workspace. Working directories come with links resolved, so give each folder as it was opened and,
   * where that differs, as its real path.
   */
  readonly workspaceFolders: readonly string[];
  readonly machine: Pick<MachineFacts, 'uid'>;
}

// login.defs(5): UID_MIN of Debian, Fedora, Arch and SUSE; 65534 is nobody.
const FIRST_HUMAN_UID = 1000;
const NOBODY = 65534;

/** What a listener belongs to, for the default groups. */
export function belongsTo(listener: Listener, context: BelongingContext): BelongsTo {
  const { owner } = listener;
  if (listener.ephemeralUdp === true) return 'ephemeral-udp';
  if (owner.kind === 'kernel') return 'system';
  if (owner.kind === 'hidden') return hiddenBelongsTo(owner, listener.port);
  if (inWorkspace(owner, context.workspaceFolders)) return 'workspace';
  return processBelongsTo(owner.process, owner.parents, context.machine.uid);
}

type SeenOwner = Extract<Listener['owner'], { process: Process }>;

function inWorkspace(owner: SeenOwner, folders: readonly string[]): boolean {
  // A workspace that is the root of the disk would claim every daemon of the machine.
  const meant = folders.filter((folder) => !isRoot(folder));
  return [owner.process, ...owner.coOwners, ...owner.parents].some(
    ({ cwd }) => cwd !== undefined && meant.some((folder) => isWithin(folder, cwd)),
  );
}

function processBelongsTo(process: Process, parents: readonly Process[], ownUid: number): BelongsTo {
  const known = knownServer(process);
  if (process.kernelThread === true || process.pid === 1 || known?.kind === 'system') return 'system';
  const { unit } = process;
  if (isServiceUnit(unit)) return isSystemUnit(unit) ? 'system' : 'services';
  if (process.container !== undefined) return 'services';
  if (process.user !== undefined && SERVICE_USERS.has(process.user)) return 'services';
  // Docker's own daemons work in its folders; a database that a developer starts by hand works where its data are.
  if (known && (process.project === undefined || isForwarder(known.name))) return 'services';
  if (process.project !== undefined) return 'projects';
  if (isHuman(process.uid)) return 'projects';
  return startedByHand(process, parents, ownUid) ? 'projects' : 'system';
}

function isForwarder(name: string): boolean {
  return name === 'docker' || name === 'containerd' || name === 'podman';
}

/** As root, in a container for example, a terminal or a working directory tells a developer's process from a daemon. */
function startedByHand(process: Process, parents: readonly Process[], ownUid: number): boolean {
  if (process.uid !== ownUid) return false;
  const hasTerminal = [process, ...parents].some(
    (one) => one.tty !== undefined || one.terminalProgram !== undefined,
  );
  return hasTerminal || (process.cwd !== undefined && !isRoot(process.cwd));
}

function hiddenBelongsTo(owner: { readonly uid: number; readonly user?: string }, port: number): BelongsTo {
  if (owner.user !== undefined && SERVICE_USERS.has(owner.user)) return 'services';
  if (isHuman(owner.uid)) return 'projects';
  // Docker publishes ports as root, and what a developer publishes must not drown among the system's own.
  if (owner.uid === 0 && !SYSTEM_PORTS.has(port)) return 'services';
  return 'system';
}

function isHuman(uid: number): boolean {
  return uid >= FIRST_HUMAN_UID && uid !== NOBODY;
}

/** The project's folder for grouping: the folder of the project file. */
export function projectFolder(listener: Listener): string | undefined {
  const { owner } = listener;
  return 'process' in owner ? owner.process.project?.folder : undefined;
}

/** The project for a row: its name, else that of its folder. */
export function projectName(listener: Listener): string | undefined {
  const { owner } = listener;
  if (!('process' in owner)) return undefined;
  const { project } = owner.process;
  return project && (project.name || baseName(project.folder));
}
