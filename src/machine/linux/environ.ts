import type { Process } from '../../ports/owner';

/** What the environment of a process tells about where it comes from. */
export type EnvironmentFacts = Pick<Process, 'npm' | 'terminalProgram' | 'socketActivated'>;

const WANTED = new Set([
  'npm_lifecycle_event',
  'npm_package_name',
  'npm_package_json',
  'TERM_PROGRAM',
  'LISTEN_FDS',
  'LISTEN_PID',
]);

/**
 * Reads /proc/PID/environ: the environment at the start of the program. Only the few variables that are wanted leave
 * this function; the rest, secrets among them, is dropped at once.
 */
export function parseEnvironment(text: string, pid: number): EnvironmentFacts {
  const values = new Map<string, string>();
  for (const entry of text.split('\0')) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at);
    if (at > 0 && WANTED.has(name) && !values.has(name)) values.set(name, entry.slice(at + 1));
  }
  const event = values.get('npm_lifecycle_event');
  // `npx` and `npm exec` write their own name where `npm run` writes the script's: no script of that package.
  const script = event === 'npx' ? undefined : event;
  const packageName = values.get('npm_package_name');
  const packageJson = values.get('npm_package_json');
  const terminalProgram = values.get('TERM_PROGRAM');
  const activated = Number(values.get('LISTEN_FDS')) > 0 && Number(values.get('LISTEN_PID')) === pid;
  return {
    ...(script
      ? { npm: { script, ...(packageName ? { packageName } : {}), ...(packageJson ? { packageJson } : {}) } }
      : {}),
    ...(terminalProgram ? { terminalProgram } : {}),
    ...(activated ? { socketActivated: true } : {}),
  };
}
