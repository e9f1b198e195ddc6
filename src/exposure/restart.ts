import { plainText, type Translate } from '../base/text';
import { npmScriptOf } from '../ownership/origin';
import { isServiceUnit } from '../ownership/tables/services';
import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import { shellWord } from '../stop/commands';
import { programOf } from './debuggers';

/** How this very process is started anew, so that what was changed counts. */
export interface Restart {
  readonly sentence: string;
  /** To be typed into a terminal, and run by the user; absent where only the user knows how it was started. */
  readonly command?: string;
}

/** @returns undefined where the owner cannot be seen. */
export function restartOf({ owner }: Pick<Listener, 'owner'>, t: Translate): Restart | undefined {
  if (!('process' in owner)) return undefined;
  const { process, parents } = owner;
  return (
    byContainer(process, t) ??
    byUnit(process, parents, t) ??
    byScript(process, parents, t) ??
    byCommandLine(process, t)
  );
}

/** A container keeps its published ports and arguments for life: only a new one has others. */
function byContainer(process: Process, t: Translate): Restart | undefined {
  const engine = process.container?.engine ?? (programOf(process) === 'docker-proxy' ? 'docker' : undefined);
  if (engine === undefined) return undefined;
  const program = engine === 'podman' ? 'podman' : 'docker';
  return {
    sentence: t(
      'It runs in a container: after changing its Compose file, recreate it from that folder. One without Compose is removed and run anew.',
    ),
    command: `${program} compose up --detach`,
  };
}

function byUnit({ unit }: Process, parents: readonly Process[], t: Translate): Restart | undefined {
  const manager = parents.find(({ name }) => name === 'systemd');
  if (!isServiceUnit(unit) || !manager) return undefined;
  const name = unit.replace(/\.service$/u, '');
  return {
    sentence: t('After changing its configuration, restart the service {0}.', plainText(name, 64)),
    command: `systemctl ${manager.pid === 1 ? '' : '--user '}restart ${shellWord(name)}`,
  };
}

function byScript(process: Process, parents: readonly Process[], t: Translate): Restart | undefined {
  const npm = npmScriptOf(process, parents);
  if (!npm) return undefined;
  const folder = npm.packageJson?.replace(/\/[^/]*$/u, '');
  return {
    sentence: t(
      'The script “{0}” started it: stop that, and start it again after the change.',
      plainText(npm.script, 64),
    ),
    command: `${inFolder(folder)}npm run ${shellWord(npm.script)}`,
  };
}

function byCommandLine({ commandLine, cwd }: Process, t: Translate): Restart {
  const sentence = t('Stop it, and start it again as it was started, after the change.');
  // One argument with blanks is a title that the program wrote over its arguments: nothing that a shell could run.
  const [first = ''] = commandLine;
  if (first === '' || (commandLine.length === 1 && /\s/u.test(first))) return { sentence };
  return { sentence, command: `${inFolder(cwd)}${commandLine.map(shellWord).join(' ')}` };
}

function inFolder(folder: string | undefined): string {
  return folder === undefined || folder === '' ? '' : `cd ${shellWord(folder)} && `;
}
