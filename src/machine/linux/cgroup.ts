/** Where a process runs, as its control group's path tells. */
export interface ControlGroup {
  readonly unit?: string;
  readonly container?: { readonly engine: string; readonly id: string };
}

/**
 * How each engine names a container's control group; one line an engine, the first that matches wins.
 * A container's id is 64 hexadecimal digits everywhere but in LXC and systemd-nspawn, which have names.
 */
const ENGINES: readonly (readonly [engine: string, pattern: RegExp])[] = [
  ['docker', /\/docker[/-]([0-9a-f]{64})(?:\.scope)?(?:\/|$)/],
  ['podman', /\/libpod-(?:conmon-)?([0-9a-f]{64})(?:\.scope)?(?:\/|$)/],
  ['cri-o', /\/crio-(?:conmon-)?([0-9a-f]{64})(?:\.scope)?(?:\/|$)/],
  ['containerd', /\/(?:cri-containerd|nerdctl)-([0-9a-f]{64})(?:\.scope)?(?:\/|$)/],
  ['containerd', /:cri-containerd:([0-9a-f]{64})(?:\/|$)/],
  ['kubernetes', /\/kubepods[^/]*\/(?:[^/]+\/)*([0-9a-f]{64})(?:\/|$)/],
  ['lxc', /\/lxc(?:\.payload)?[./]([^/]+)/],
  ['systemd-nspawn', /\/machine\.slice\/(?:systemd-nspawn@|machine-)([^/]+?)\.(?:service|scope)/],
];

/**
 * Reads /proc/PID/cgroup (cgroups(7)): `0::PATH` of the unified hierarchy, else `N:name=systemd:PATH` of version 1,
 * else any line.
 */
export function parseControlGroup(text: string): ControlGroup {
  const lines = text.split('\n').filter((line) => line.includes(':'));
  const containerOf = (line: string): ControlGroup['container'] => {
    for (const [engine, pattern] of ENGINES) {
      const id = pattern.exec(line)?.[1];
      if (id !== undefined) return { engine, id: unescapeUnit(id) };
    }
    return undefined;
  };
  const container = lines.map(containerOf).find((found) => found !== undefined);
  const line =
    lines.find((entry) => entry.includes(':name=systemd:')) ?? lines.find((entry) => entry.startsWith('0::'));
  const unit = line
    ?.slice(line.indexOf(':', line.indexOf(':') + 1) + 1)
    .split('/')
    .filter((part) => /.\.(?:service|scope|socket|mount|swap)$/.test(part))
    .at(-1);
  return {
    ...(unit === undefined ? {} : { unit: unescapeUnit(unit) }),
    ...(container === undefined ? {} : { container }),
  };
}

/** systemd writes special characters of a unit's name as `\x2d` (systemd.unit(5)). */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
