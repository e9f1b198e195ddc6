import { npmScriptOf } from '../../ownership/origin';
import type { Subject } from '../subject';
import { composeFix } from './compose';
import type { FixCandidate } from './fix';
import { jsonFix } from './json';
import { lineFixes } from './lines';

const COMPOSE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'] as const;

/**
 * The files to look into for one listener, most likely first: its service's configuration (from its arguments, its
 * folder, the usual places), the npm script that started it, the workspace's launch and Compose files.
 * @param folders workspace folders, absolute
 */
export function fixCandidates(
  { process, service, listener }: Subject,
  folders: readonly string[],
): FixCandidate[] {
  const own = process && service !== undefined ? lineFixes(service, process) : [];
  const { owner } = listener;
  const npm = 'process' in owner ? npmScriptOf(owner.process, owner.parents) : undefined;
  const script: FixCandidate[] =
    npm?.packageJson === undefined
      ? []
      : [{ file: npm.packageJson, locate: (text) => jsonFix(text, 'package.json', npm.script) }];
  const launch = folders.map((folder): FixCandidate => ({
    file: `${folder}/.vscode/launch.json`,
    locate: (text) => jsonFix(text, 'launch.json'),
  }));
  const project = process?.project?.folder;
  const compose = [...new Set([...folders, ...(project === undefined ? [] : [project])])].flatMap((folder) =>
    COMPOSE_NAMES.map((name): FixCandidate => ({
      file: `${folder}/${name}`,
      locate: (text) => composeFix(text, listener.port),
    })),
  );
  return [...own, ...script, ...compose, ...launch];
}
