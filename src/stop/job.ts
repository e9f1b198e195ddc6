import { sameProcess, type Process } from '../ports/owner';
import { goesBy, isGlueShell } from './programs';

/** Programs that run one job and end with it. */
const RUNNERS: readonly string[] = [
  ...[
    'npm',
    'npm-cli',
    'npx',
    'npx-cli',
    'pnpm',
    'pnpx',
    'yarn',
    'bun',
    'bunx',
    'corepack',
    'cross-env',
    'dotenv',
    'env-cmd',
  ],
  ...[
    'npm-run-all',
    'run-p',
    'run-s',
    'concurrently',
    'turbo',
    'nx',
    'lerna',
    'wireit',
    'rush',
    'just',
    'task',
    'make',
  ],
  ...[
    'tsx',
    'ts-node',
    'vite-node',
    'cargo',
    'go',
    'dotnet',
    'poetry',
    'pipenv',
    'uv',
    'hatch',
    'bundle',
    'mix',
    'lein',
  ],
  ...['sbt', 'gradle', 'mvn', 'tini', 'dumb-init', 'catatonit', 'timeout', 'strace'],
  ...[
    'foreman',
    'honcho',
    'overmind',
    'hivemind',
    'goreman',
    'mprocs',
    'process-compose',
    'tilt',
    'skaffold',
  ],
];

/** Programs that run one job and start it again: file watchers, reloaders, pre-fork servers. */
const WATCHERS: readonly string[] = [
  ...[
    'nodemon',
    'node-dev',
    'ts-node-dev',
    'forever',
    'supervisor',
    'pm2-dev',
    'pm2-runtime',
    'rerun',
    'hupper',
    'reflex',
  ],
  ...[
    'watchexec',
    'entr',
    'air',
    'cargo-watch',
    'watchfiles',
    'watchmedo',
    'uvicorn',
    'hypercorn',
    'flask',
    'gunicorn',
  ],
  ...['uwsgi', 'manage', 'puma', 'unicorn'],
];

/** Programs that keep many unrelated services alive. They start again what ends, and are never part of one job. */
const SUPERVISORS: readonly string[] = [
  ...[
    'systemd',
    'init',
    'supervisord',
    'runsv',
    'runsvdir',
    's6-supervise',
    'supervise',
    'monit',
    'circusd',
    'launchd',
  ],
  ...['pm2', 'containerd-shim', 'containerd-shim-runc-v2', 'conmon', 'dockerd', 'procd'],
];

/** `PM2 v5.4.2: God Daemon (/home/me/.pm2)` is how pm2 renames itself. */
const isPm2Daemon = (process: Process): boolean =>
  /^PM2 v[\d.]+: God Daemon/u.test(process.commandLine[0] ?? '');

/** Keeps many services alive, and starts again what ends. */
function isSupervisor(process: Process): boolean {
  return isPm2Daemon(process) || goesBy(process, SUPERVISORS);
}

/** Runs one job, and starts it again. */
function isWatcher(process: Process): boolean {
  const watchesItself = process.commandLine.some((argument) => /^--watch(?:-path)?(?:=|$)/u.test(argument));
  return watchesItself || isLoop(process) || goesBy(process, WATCHERS);
}

/** `sh -c "while true; do node server.js; done"`: a supervisor of one line. */
function isLoop(process: Process): boolean {
  return isGlueShell(process) && process.commandLine.some((script) => /^\s*(?:while|until)\s/u.test(script));
}

/** A pre-fork master of the same program (nginx, Apache): it holds the very socket that its workers accept from. */
function isMaster(parent: Process, child: Process, coOwners: readonly Process[]): boolean {
  if (parent.executable === undefined || parent.executable !== child.executable) return false;
  return coOwners.some((coOwner) => sameProcess(coOwner, parent));
}

/**
 * The top of the job that a process belongs to: the highest parent of the same user that runs this one job (a script
 * runner, a watcher, a pre-fork master), with the shells between them; the process itself where there is none.
 * A shell alone is never the top: it may be somebody's session.
 *
 * @param parents from the parent upwards
 * @param mayStop false for a parent that must not be signalled: the job ends below it
 */
export function jobRoot(
  process: Process,
  parents: readonly Process[],
  coOwners: readonly Process[],
  mayStop: (parent: Process) => boolean,
): Process {
  let top = process;
  let child = process;
  for (const parent of parents) {
    if (parent.uid !== process.uid || !mayStop(parent) || isSupervisor(parent)) break;
    if (isWatcher(parent) || goesBy(parent, RUNNERS) || isMaster(parent, child, coOwners)) top = parent;
    else if (!isGlueShell(parent)) break;
    child = parent;
  }
  return top;
}

/** Only stands between a process and the one that wanted it: `sh -c`, a script runner. */
export function isGlue(process: Process): boolean {
  return isGlueShell(process) || (!isWatcher(process) && goesBy(process, RUNNERS));
}

/**
 * The nearest parent that is known to start again what ends; undefined where none is. Never systemd or another pid 1:
 * they adopt every orphan, so that being their child says nothing; a unit tells.
 * @param parents from the parent upwards
 */
export function restartingParent(parents: readonly Process[]): Process | undefined {
  for (const parent of parents) {
    if (parent.pid === 1 || parent.name === 'systemd') return undefined;
    if (isSupervisor(parent) || isWatcher(parent)) return parent;
    if (!isGlue(parent)) return undefined;
  }
  return undefined;
}
