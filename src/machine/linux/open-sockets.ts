import { tryReadLink } from './files';

/** Where a process has a socket open: `/proc/PID/fd`, or `/proc/PID/task/TID/fd` where its first thread has ended. */
export interface Opened {
  readonly folder: string;
  readonly descriptor: string;
}

/** Notes an open file that is one of the wanted sockets. */
export function readDescriptor(
  folder: string,
  descriptor: string,
  wanted: ReadonlySet<number>,
  into: Map<number, Opened>,
): void {
  const inode = socketInode(`${folder}/${descriptor}`);
  if (inode !== undefined && wanted.has(inode)) into.set(inode, { folder, descriptor });
}

/** @returns undefined for every other kind of file, and where it is closed or may not be seen. */
export function socketInode(path: string): number | undefined {
  const target = tryReadLink(path);
  return target?.startsWith('socket:[') === true ? Number(target.slice(8, -1)) : undefined;
}

/** Whether it is still this very socket that is open there. */
export function isOpen({ folder, descriptor }: Opened, inode: number): boolean {
  return socketInode(`${folder}/${descriptor}`) === inode;
}
