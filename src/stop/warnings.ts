import type { Listener } from '../ports/listener';
import { sameProcess, type Owner, type Process } from '../ports/owner';
import { shellWord, systemctlStop } from './commands';
import { restartingParent } from './job';
import { baseName, goesBy } from './programs';

/** What the user should know before saying yes. Each may carry a command for a terminal: shown, never run by us. */
export type StopWarning =
  /** The process is another user's (root's where its `uid` is 0), so the system may refuse. */
  | { readonly code: 'other-user'; readonly process: Process }
  /** A forwarder of a container's port: the container owns the port, and its engine is the right level. */
  | {
      readonly code: 'container-proxy';
      readonly process: Process;
      /** Address and port inside the container's network, where the forwarder's arguments tell. */
      readonly forwardsTo?: string;
      readonly command: string;
    }
  /** The process runs in a container; its engine may start it again. */
  | { readonly code: 'in-container'; readonly process: Process; readonly command: string }
  /** A systemd service; systemd may start it again. */
  | { readonly code: 'service'; readonly process: Process; readonly unit: string; readonly command: string }
  /** The socket was handed over by a service manager, which keeps it and starts the service again. */
  | { readonly code: 'socket-activated'; readonly process: Process; readonly command: string }
  /** A known supervisor or watcher started it and may start it again. */
  | { readonly code: 'supervised'; readonly process: Process; readonly supervisor: Process }
  /** Others hold the same socket and are not signalled: the port may stay open. */
  | { readonly code: 'co-owners'; readonly process: Process; readonly coOwners: readonly Process[] };

type VisibleOwner = Extract<Owner, { kind: 'exact' | 'activated' }>;

/** @param targets every process that the plan signals */
export function warningsOf(
  listener: Listener,
  targets: readonly Process[],
  uid: number,
): readonly StopWarning[] {
  const { owner } = listener;
  if (owner.kind === 'hidden' || owner.kind === 'kernel') return [];
  const { process } = owner;
  const warnings: StopWarning[] = [];
  if (process.uid !== uid) warnings.push({ code: 'other-user', process });
  warnings.push(...containerWarning(listener, process), ...serviceWarning(owner, uid));
  const supervisor = restartingParent(owner.parents);
  if (supervisor !== undefined && !targets.some((it) => sameProcess(it, supervisor))) {
    warnings.push({ code: 'supervised', process, supervisor });
  }
  const coOwners = owner.coOwners.filter((coOwner) => !targets.some((it) => sameProcess(it, coOwner)));
  if (coOwners.length > 0) warnings.push({ code: 'co-owners', process, coOwners });
  return warnings;
}

/** Programs that only forward a container's port, and what shows the container behind them. */
const FORWARDERS: readonly { names: readonly string[]; command: (listener: Listener) => string }[] = [
  {
    names: ['docker-proxy', 'rootlesskit', 'com.docker.backend', 'vpnkit'],
    // https://docs.docker.com/reference/cli/docker/container/ls/#publish
    command: ({ port, protocol }) => `docker stop $(docker ps --quiet --filter publish=${port}/${protocol})`,
  },
  {
    names: ['rootlessport', 'rootlessport-child', 'conmon', 'pasta', 'pasta.avx2', 'slirp4netns', 'gvproxy'],
    command: () => 'podman port --all',
  },
];

function containerWarning(listener: Listener, process: Process): readonly StopWarning[] {
  const forwarder = FORWARDERS.find(({ names }) => goesBy(process, names));
  if (forwarder !== undefined) {
    const forwardsTo = dockerProxyTarget(process.commandLine);
    const command = forwarder.command(listener);
    return [
      { code: 'container-proxy', process, command, ...(forwardsTo === undefined ? {} : { forwardsTo }) },
    ];
  }
  if (process.container === undefined) return [];
  const engine = /^[a-z][\w-]*$/u.test(process.container.engine) ? process.container.engine : 'docker';
  const command = `${engine} stop ${shellWord(process.container.id.slice(0, 12))}`;
  return [{ code: 'in-container', process, command }];
}

/** `docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80` */
function dockerProxyTarget(commandLine: readonly string[]): string | undefined {
  const value = (name: string): string | undefined => {
    const at = commandLine.findIndex((argument) => argument === `-${name}` || argument === `--${name}`);
    return at < 0 ? undefined : commandLine[at + 1];
  };
  const [ip, port] = [value('container-ip'), value('container-port')];
  if (ip === undefined || port === undefined) return undefined;
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** The manager that a service's processes hang from: pid 1, or the user's own. */
const systemdAbove = ({ parents }: VisibleOwner): Process | undefined =>
  parents.find((parent) => baseName(parent.name) === 'systemd');

/** The service unit, where the process is in one. A login's `user@1000.service` holds a whole session: not a service. */
function serviceUnit({ process }: VisibleOwner): string | undefined {
  const { unit } = process;
  return unit?.endsWith('.service') === true && !/^user@\d+\.service$/u.test(unit) ? unit : undefined;
}

export function isManagedBySystemd(owner: VisibleOwner): boolean {
  return serviceUnit(owner) !== undefined && systemdAbove(owner) !== undefined;
}

function serviceWarning(owner: VisibleOwner, uid: number): readonly StopWarning[] {
  const { process } = owner;
  const unit = serviceUnit(owner);
  const manager = systemdAbove(owner);
  const byUser = manager !== undefined && manager.pid !== 1;
  if (process.socketActivated === true || owner.kind === 'activated') {
    const command =
      unit === undefined
        ? `systemctl ${byUser ? '--user ' : ''}list-sockets`
        : systemctlStop(unit.replace(/(?:@[^.]*)?\.service$/u, '.socket'), byUser, uid);
    return [{ code: 'socket-activated', process, command }];
  }
  if (unit === undefined || manager === undefined) return [];
  return [{ code: 'service', process, unit, command: systemctlStop(unit, byUser, uid) }];
}
