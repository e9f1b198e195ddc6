import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import net, { type AddressInfo } from 'node:net';
import type { Disposable } from '../../src/base/disposable';

/** The user for whom this machine's other processes are somebody else's. */
export const NOBODY = { uid: 65534, gid: 65534 } as const;

/** Why no process can be secluded here; undefined where it can. */
export function seclusionUnsupported(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root, for network and mount namespaces';
  try {
    execFileSync('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `namespaces cannot be made: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Runs the arguments behind it as nobody, in network and mount namespaces of their own: nothing listens in there. */
export const SECLUDED: readonly string[] = [
  ...['unshare', '--net', '--mount', 'sh', '-c'],
  `ip link set lo up && exec setpriv --reuid ${NOBODY.uid} --regid ${NOBODY.gid} --clear-groups "$0" "$@"`,
];

/** Starts a program as root in the namespaces of a process. */
export function spawnInside(pid: number, command: string, ...args: readonly string[]): ChildProcess {
  return spawn('nsenter', ['--target', String(pid), '--net', '--mount', command, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** A port of 127.0.0.1 that leads to a Unix socket, which network namespaces do not part. */
export async function forwardTo(socket: string): Promise<Disposable & { readonly port: number }> {
  const open = new Set<net.Socket>();
  const keep = (end: net.Socket): net.Socket => {
    open.add(end);
    end.once('close', () => open.delete(end));
    // The other end goes with it.
    end.on('error', () => end.destroy());
    return end;
  };
  const server = net.createServer((near) => {
    const far = keep(net.connect(socket));
    keep(near).pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    dispose: () => {
      server.close();
      for (const end of open) end.destroy();
    },
  };
}
