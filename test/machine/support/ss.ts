import { spawnSync } from 'node:child_process';

/** One listening socket as ss(8) tells it. */
export interface SsSocket {
  readonly protocol: 'tcp' | 'udp';
  /** As ss prints it: `*:80` for a dual-stack wildcard. */
  readonly local: string;
  readonly port: number;
  readonly inode: number;
  /** Ascending, without repetition. */
  readonly pids: readonly number[];
}

/** `ss -H -tulnpe` of this network namespace: another implementation, over netlink, to compare with. */
export function readSs(): SsSocket[] {
  const { status, stdout, stderr } = spawnSync('ss', ['-H', '-tulnpe'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (status !== 0) throw new Error(`ss failed: ${stderr}`);
  return stdout.split('\n').filter(Boolean).map(parseSsLine);
}

function parseSsLine(line: string): SsSocket {
  const [protocol, , , , local = ''] = line.split(/\s+/);
  const inode = /\bino:(\d+)/.exec(line)?.[1];
  if ((protocol !== 'tcp' && protocol !== 'udp') || inode === undefined) throw new Error(`ss said: ${line}`);
  const pids = new Set([...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid)));
  return {
    protocol,
    local,
    port: Number(local.slice(local.lastIndexOf(':') + 1)),
    inode: Number(inode),
    pids: [...pids].sort((a, b) => a - b),
  };
}
