import { hostname, networkInterfaces, userInfo } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { DualStack } from '../../ports/endpoint';
import type { Limit, MachineFacts } from '../../ports/snapshot';
import { tryReadText } from './files';

/** ip(7): what the kernel uses where the sysctl cannot be read. */
const DEFAULT_EPHEMERAL: readonly [number, number] = [32768, 60999];

export function readMachineFacts(root = '/proc'): MachineFacts {
  const { uid, username } = ownUser();
  return {
    hostname: hostname(),
    platform: process.platform,
    ephemeralPorts: parseRange(tryReadText(`${root}/sys/net/ipv4/ip_local_port_range`) ?? ''),
    uid,
    user: username,
    addresses: ownAddresses(),
  };
}

export function parseRange(text: string): readonly [number, number] {
  const [, low, high] = /^\s*(\d+)\s+(\d+)\s*$/.exec(text) ?? [];
  return low === undefined || high === undefined ? DEFAULT_EPHEMERAL : [Number(low), Number(high)];
}

/** What a `::` bind is unless its program says otherwise (ipv6(7)). */
export function readDualStackDefault(root = '/proc'): DualStack {
  return tryReadText(`${root}/sys/net/ipv6/bindv6only`)?.trim() === '1' ? 'unlikely' : 'probable';
}

/** A uid without an entry in the user database makes `userInfo` throw. */
function ownUser(): { uid: number; username: string } {
  try {
    return userInfo();
  } catch {
    const uid = process.getuid?.() ?? -1;
    return { uid, username: `uid ${uid}` };
  }
}

function ownAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses
    .filter(({ internal }) => !internal)
    .map(({ address }) => ipaddr.parse(address.replace(/%.*$/, '')).toString())
    .sort();
}

/**
 * @param mounts /proc/mounts. With hidepid (proc(5)) other users' processes are invisible, but not to root, and not
 * to members of the group that `gid=` names.
 */
export function hidepidLimit(mounts: string, uid: number, groups: readonly number[]): Limit | undefined {
  if (uid === 0) return undefined;
  // The last mount on a folder hides those before it.
  const options = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, folder, type]) => folder === '/proc' && type === 'proc')
    .at(-1)?.[3]
    ?.split(',');
  const value = (name: string): string | undefined =>
    options?.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  const hidepid = value('hidepid');
  if (hidepid === undefined || hidepid === '0' || hidepid === 'off') return undefined;
  const group = value('gid');
  return group !== undefined && groups.includes(Number(group)) ? undefined : { code: 'hidepid' };
}
