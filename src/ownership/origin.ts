import { plainText, type Translate } from '../base/text';
import type { Process } from '../ports/owner';
import { processServiceName } from './serviceName';
import { programName, shortCommand } from './shortCommand';
import { ROLE_OF, type Role } from './tables/roles';
import { isServiceUnit, isSystemUnit } from './tables/services';

export interface OriginContext {
  /** The shells of the editor's terminals: pid to the terminal's name. */
  readonly terminalPids: ReadonlyMap<number, string>;
  /** The process in which extensions run: what it started was started by an extension. */
  readonly extensionHostPid?: number;
}

/** Where no editor's terminals are known: by their names an editor and its shells are known still. */
const OUTSIDE_EDITOR: OriginContext = { terminalPids: new Map() };

/** What started a process. `pid` is the ancestor that says so. */
export type Origin =
  | { readonly kind: 'terminal'; readonly name: string; readonly pid: number }
  | {
      readonly kind: 'npm-script';
      readonly script: string;
      readonly packageName?: string;
      readonly packageJson?: string;
    }
  | { readonly kind: 'supervisor'; readonly name: string; readonly pid: number }
  | { readonly kind: 'container'; readonly engine: string; readonly id: string }
  | { readonly kind: 'extension'; readonly pid: number }
  | { readonly kind: 'editor'; readonly name: string; readonly pid: number }
  | { readonly kind: 'cron'; readonly pid: number }
  | { readonly kind: 'ssh'; readonly pid: number }
  | { readonly kind: 'login'; readonly tty: string }
  | { readonly kind: 'unit'; readonly unit: string }
  /** Its own parent has exited: pid 1 has adopted it. */
  | { readonly kind: 'orphaned' }
  /** No ancestor is a place: the nearest one that does more than pass a command on. */
  | { readonly kind: 'parent'; readonly command: string; readonly pid: number }
  | { readonly kind: 'init' }
  | { readonly kind: 'unknown' };

/** tsx, nodemon and such run under node: the reading of the command line tells them, the executable does not. */
export function roleOf(process: Process, context: OriginContext): Role {
  if (process.pid === context.extensionHostPid) return 'extension-host';
  if (context.terminalPids.has(process.pid)) return 'terminal';
  if (process.pid === 1) return 'init';
  const program = toolOf(process);
  const role = ROLE_OF.get(program);
  if (role === 'supervisor' && program === 'tsx' && !process.commandLine.includes('watch')) return 'process';
  if (role) return role;
  return program === 'systemd' ? 'service-manager' : 'process';
}

function toolOf(process: Process): string {
  const shown = processServiceName(process);
  const { name } = shown;
  const executable = programName(process.executable ?? process.commandLine[0] ?? process.name);
  if (ROLE_OF.has(name)) return name;
  // “PM2 v5.3.0: God Daemon” and “tmux: server” write over their arguments.
  const title = name.toLowerCase();
  return ROLE_OF.has(title) ? title : executable;
}

/**
 * What started a process, nearest first; at least one. The further ones tell where the nearer ones ran: an npm script
 * in a terminal of the editor.
 * @param parents from the parent up
 */
export function originsOf(
  process: Process,
  parents: readonly Process[],
  context: OriginContext,
): readonly Origin[] {
  const origins: Origin[] = [];
  if (process.container) origins.push({ kind: 'container', ...process.container });
  const script = npmScriptOf(process, parents, context);
  if (script) origins.push({ kind: 'npm-script', ...script });
  const { inside } = splitAtPlace(parents, context);
  const supervisor = inside.find((parent) => roleOf(parent, context) === 'supervisor');
  if (supervisor) origins.push({ kind: 'supervisor', name: toolOf(supervisor), pid: supervisor.pid });
  const place = placeOf(process, parents, context);
  const says = place.kind !== 'unknown' && place.kind !== 'parent';
  if (says || origins.length === 0) origins.push(place);
  return origins;
}

/**
 * The npm script that started a process. The environment tells, and hands it on for ever: where an editor was itself
 * started by a script, all that runs in its terminals has the script's name, and none of it was started by the script.
 */
export function npmScriptOf(
  process: Process,
  parents: readonly Process[],
  context: OriginContext = OUTSIDE_EDITOR,
): Process['npm'] {
  const { inside, outside } = splitAtPlace(parents, context);
  const script = process.npm ?? inside.find((parent) => parent.npm)?.npm;
  const inherited = outside.find((parent) => parent.npm)?.npm;
  const same = script?.script === inherited?.script && script?.packageJson === inherited?.packageJson;
  return same && !inside.some((parent) => roleOf(parent, context) === 'package-manager') ? undefined : script;
}

/** The parents as far as the place in which a process runs, and the place with what started that. */
function splitAtPlace(parents: readonly Process[], context: OriginContext) {
  const at = parents.findIndex((parent) => placeOfAncestor(parent, false, context) !== undefined);
  return at === -1
    ? { inside: parents, outside: [] }
    : { inside: parents.slice(0, at), outside: parents.slice(at) };
}

/** Where it runs: the first ancestor that is a place says. */
function placeOf(process: Process, parents: readonly Process[], context: OriginContext): Origin {
  for (const parent of [process, ...parents]) {
    const place = placeOfAncestor(parent, parent === process, context);
    if (place) return place;
  }
  const unit = [process, ...parents].map((one) => one.unit).find(isServiceUnit);
  if (unit !== undefined) return { kind: 'unit', unit };
  if (process.pid === 1) return { kind: 'init' };
  const tty = process.tty ?? parents.find((parent) => parent.tty !== undefined)?.tty;
  if (
    process.parentPid === 1 &&
    (tty !== undefined || process.npm || process.terminalProgram !== undefined)
  ) {
    return { kind: 'orphaned' };
  }
  if (tty !== undefined) return { kind: 'login', tty };
  if (process.parentPid === 1) return { kind: 'init' };
  const parent = parents.find((one) => one.pid !== 1 && !isGlueShell(one)) ?? parents[0];
  return parent ? { kind: 'parent', command: shortCommand(parent), pid: parent.pid } : { kind: 'unknown' };
}

/** `sh -c 'npm run dev'` on the way from a runner to its command. */
function isGlueShell({ commandLine }: Process): boolean {
  return commandLine.length === 3 && commandLine[1] === '-c' && programName(commandLine[0] ?? '') === 'sh';
}

function placeOfAncestor(parent: Process, isSelf: boolean, context: OriginContext): Origin | undefined {
  const { pid } = parent;
  const terminal = context.terminalPids.get(pid);
  if (terminal !== undefined) return { kind: 'terminal', name: terminal, pid };
  if (isSelf && pid !== context.extensionHostPid) return undefined;
  const role = roleOf(parent, context);
  if (role === 'extension-host') return { kind: 'extension', pid };
  if (role === 'editor') return { kind: 'editor', name: toolOf(parent), pid };
  if (role === 'cron') return { kind: 'cron', pid };
  return role === 'ssh' ? { kind: 'ssh', pid } : undefined;
}

export function originWords(origin: Origin, t: Translate): string {
  switch (origin.kind) {
    case 'terminal':
      return origin.name === ''
        ? t("Started in the editor's terminal")
        : t("Started in the editor's terminal “{0}”", plainText(origin.name, 64));
    case 'npm-script':
      return npmWords(origin, t);
    case 'supervisor':
      return t(
        'Watched by {0} (pid {1}), which may start it again',
        plainText(origin.name, 64),
        String(origin.pid),
      );
    case 'container':
      return t(
        'Runs in the {0} container {1}',
        plainText(origin.engine, 32),
        plainText(origin.id.slice(0, 12), 64),
      );
    case 'extension':
      return t('Started by an extension of this editor');
    case 'editor':
      return t('Started by the editor {0} (pid {1})', plainText(origin.name, 64), String(origin.pid));
    case 'cron':
      return t('Started by cron (pid {0})', String(origin.pid));
    case 'ssh':
      return t('Started in an SSH session (sshd pid {0})', String(origin.pid));
    case 'login':
      return t('Started in a terminal ({0})', plainText(origin.tty, 32));
    case 'unit':
      return isSystemUnit(origin.unit)
        ? t('Started by systemd for the system ({0})', plainText(origin.unit, 100))
        : t('Started by systemd ({0})', plainText(origin.unit, 100));
    case 'orphaned':
      return t('What started it has exited: adopted by pid 1');
    case 'init':
      return t('Started or adopted by pid 1');
    case 'parent':
      return t('Started by {0} (pid {1})', origin.command, String(origin.pid));
    case 'unknown':
      return t('What started it is not known');
  }
}

function npmWords(origin: Extract<Origin, { kind: 'npm-script' }>, t: Translate): string {
  const script = plainText(origin.script, 64);
  return origin.packageName === undefined
    ? t('Started by the npm script “{0}”', script)
    : t('Started by the npm script “{0}” of {1}', script, plainText(origin.packageName, 100));
}

export function roleLabel(role: Role, t: Translate): string {
  switch (role) {
    case 'init':
      return t('init');
    case 'service-manager':
      return t('service manager');
    case 'terminal':
      return t("the editor's terminal");
    case 'extension-host':
      return t('extension host');
    case 'editor':
      return t('editor');
    case 'supervisor':
      return t('supervisor');
    case 'package-manager':
      return t('task runner');
    case 'container-runtime':
      return t('container runtime');
    case 'cron':
      return t('cron');
    case 'ssh':
      return t('SSH session');
    case 'multiplexer':
      return t('terminal multiplexer');
    case 'shell':
      return t('shell');
    case 'process':
      return t('process');
  }
}
