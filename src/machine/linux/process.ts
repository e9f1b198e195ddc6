import * as fs from 'node:fs';
import { basename } from 'node:path';
import type { Process } from '../../ports/owner';
import { parseControlGroup } from './cgroup';
import { parseEnvironment } from './environ';
import { readBytes, tryReadLink, tryReadText } from './files';
import { Projects } from './project';
import { parseStat, type Stat } from './stat';
import { Users } from './users';

/** USER_HZ: 100 on every architecture that VS Code runs on, whatever the kernel's own tick is (time(7)). */
const TICKS_PER_SECOND = 100;
const DELETED = ' (deleted)';
/** Longer command lines are cut: nobody reads them, and they are kept and sent for every owner. */
const COMMAND_LINE_LIMIT = 128 * 1024;

/** Reads what /proc knows of processes. `root` is another folder in tests only. */
export class ProcessReader {
  readonly users = new Users();
  private readonly projects = new Projects();
  private bootedAt: number | undefined;
  private ownSpaces: { readonly net: string | undefined; readonly mnt: string | undefined } | undefined;

  constructor(private readonly root = '/proc') {}

  /** @returns undefined where there is no such process. */
  stat(pid: number): Stat | undefined {
    const text = tryReadText(`${this.root}/${pid}/stat`);
    return text === undefined ? undefined : parseStat(text);
  }

  /**
   * Everything that may be read of a process, zombies included; what may not is left out.
   * @param stat as just read.
   * @returns undefined where there is no such process, or where another took its pid meanwhile.
   */
  read(pid: number, stat = this.stat(pid)): Process | undefined {
    if (stat === undefined) return undefined;
    const folder = `${this.root}/${pid}`;
    const uid = this.uid(pid);
    if (uid === undefined) return undefined;
    const user = this.users.name(uid);
    const cwd = stripDeleted(tryReadLink(`${folder}/cwd`))?.path;
    const executable = stripDeleted(tryReadLink(`${folder}/exe`));
    const project = cwd === undefined || this.hasOtherFiles(pid) ? undefined : this.projects.find(cwd);
    const facts: Process = {
      pid,
      startTicks: stat.startTicks,
      parentPid: stat.parentPid,
      name: programName(stat.name, executable?.path),
      commandLine: parseCommandLine(tryReadText(`${folder}/cmdline`, COMMAND_LINE_LIMIT) ?? ''),
      ...(executable === undefined ? {} : { executable: executable.path }),
      ...(executable?.deleted ? { executableDeleted: true } : {}),
      ...(cwd === undefined ? {} : { cwd }),
      uid,
      ...(user === undefined ? {} : { user }),
      startedAt: this.bootTime() + (stat.startTicks * 1000) / TICKS_PER_SECOND,
      state: stat.state,
      ...(stat.kernelThread ? { kernelThread: true } : {}),
      ...(stat.tty === undefined ? {} : { tty: stat.tty }),
      ...parseControlGroup(tryReadText(`${folder}/cgroup`) ?? ''),
      ...parseEnvironment(tryReadText(`${folder}/environ`) ?? '', pid),
      ...(project === undefined ? {} : { project }),
      ...(this.hasOtherNetwork(pid) ? { foreignNetwork: true } : {}),
    };
    // The files above were opened one after the other; only an unchanged start time says that they are one process's.
    return this.stat(pid)?.startTicks === stat.startTicks ? facts : undefined;
  }

  /** Read again whatever is kept between calls: project files may have been written since. */
  forget(): void {
    this.projects.forget();
  }

  /** The effective uid. Not the owner of /proc/PID: that is root for a process that may not be dumped (proc(5)). */
  private uid(pid: number): number | undefined {
    const effective = /^Uid:\s+\d+\s+(\d+)/m.exec(tryReadText(`${this.root}/${pid}/status`) ?? '')?.[1];
    return effective === undefined ? undefined : Number(effective);
  }

  /** Milliseconds since the epoch. In whole seconds, and the same for every reader of this boot, as ps(1) has it. */
  private bootTime(): number {
    this.bootedAt ??=
      Number(/^btime (\d+)/m.exec(readBytes(`${this.root}/stat`).toString('latin1'))?.[1] ?? 0) * 1000;
    return this.bootedAt;
  }

  private hasOtherNetwork(pid: number): boolean {
    const net = tryReadLink(`${this.root}/${pid}/ns/net`);
    return net !== undefined && this.spaces().net !== undefined && net !== this.spaces().net;
  }

  /** In another mount namespace its paths are not ours: a folder of that name here says nothing of it. */
  private hasOtherFiles(pid: number): boolean {
    const mnt = tryReadLink(`${this.root}/${pid}/ns/mnt`);
    return mnt !== undefined && this.spaces().mnt !== undefined && mnt !== this.spaces().mnt;
  }

  private spaces(): { readonly net: string | undefined; readonly mnt: string | undefined } {
    this.ownSpaces ??= {
      net: tryReadLink(`${this.root}/self/ns/net`),
      mnt: tryReadLink(`${this.root}/self/ns/mnt`),
    };
    return this.ownSpaces;
  }
}

/** argv from /proc/PID/cmdline. A program that wrote a title over it leaves one text and a tail of zeros. */
export function parseCommandLine(text: string): readonly string[] {
  const trimmed = text.replace(/\0+$/, '');
  return trimmed === '' ? [] : trimmed.split('\0');
}

/** The kernel marks an unlinked target; a file that is really called so exists. */
function stripDeleted(target: string | undefined): { path: string; deleted: boolean } | undefined {
  if (target === undefined) return undefined;
  if (!target.endsWith(DELETED) || fs.existsSync(target)) return { path: target, deleted: false };
  return { path: target.slice(0, -DELETED.length), deleted: true };
}

const shared = new ProcessReader();

/** Facts of one process of this machine, as it is now. Undefined: there is none. */
export function readProcess(pid: number): Process | undefined {
  return shared.read(pid);
}

/** Node 24 calls its main thread MainThread, and with it the process, whatever the program is. */
function programName(name: string, executable: string | undefined): string {
  return name === 'MainThread' && executable !== undefined ? basename(executable) : name;
}
