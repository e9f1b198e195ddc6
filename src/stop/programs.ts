import { plainText } from '../base/text';
import type { Process } from '../ports/owner';

/** Last part of a path of either kind. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** How a process is called in a sentence: `node (pid 1234)`. */
export function processLabel(process: Process): string {
  // Node 24 renames its main thread, and with it the kernel's name of the process.
  const name = process.name === 'MainThread' ? programName(process) : process.name;
  return `${plainText(name, 40)} (pid ${process.pid})`;
}

const SHELLS = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'fish',
  'ksh',
  'mksh',
  'ash',
  'tcsh',
  'csh',
  'nu',
  'pwsh',
  'elvish',
  'xonsh',
]);

function isShell(process: Process): boolean {
  return SHELLS.has(process.name) || SHELLS.has(programName(process));
}

/** Shell options that are followed by a value: VS Code starts `bash --init-file …/shellIntegration-bash.sh`. */
const SHELL_OPTIONS_WITH_VALUE = new Set([
  '--init-file',
  '--rcfile',
  '-o',
  '+o',
  '-O',
  '+O',
  '--init-command',
  '-C',
]);

/** A shell that somebody types into: it has a terminal, and runs neither a script nor `-c`. */
export function isInteractiveShell(process: Process): boolean {
  if (process.tty === undefined || !isShell(process)) return false;
  const [, ...options] = process.commandLine;
  return options.every(
    (option, index) =>
      SHELL_OPTIONS_WITH_VALUE.has(options[index - 1] ?? '') ||
      (/^[-+]/u.test(option) && !/^-[a-z]*c$/u.test(option)),
  );
}

/** A shell that only glues a command to its runner: `sh -c "vite dev"`. */
export function isGlueShell(process: Process): boolean {
  return isShell(process) && process.commandLine.slice(1, 3).some((argument) => /^-[a-z]*c$/u.test(argument));
}

/** What argv[0] calls itself, without path and a login shell's dash. */
function programName(process: Process): string {
  return baseName(process.commandLine[0] ?? process.name).replace(/^-/u, '');
}

/** Interpreters whose first plain argument is the program that matters. */
const INTERPRETERS = /^(?:node|nodejs|bun|deno|python[\d.]*|ruby[\d.]*|perl|php[\d.]*|java|tini|env)$/u;

/**
 * The names that a process goes by: kernel name, argv[0], and behind an interpreter the script, so that
 * `node /usr/lib/node_modules/nodemon/bin/nodemon.js` goes by `nodemon`, too.
 */
function programNames(process: Process): readonly string[] {
  const names = [process.name, programName(process)];
  const [title, ...rest] = process.commandLine;
  // A title written over the arguments leaves one text: `npm run dev`, `nginx: master process nginx`.
  const titled = rest.length === 0 ? /^([^\s:]+):?\s/u.exec(title ?? '')?.[1] : undefined;
  if (titled !== undefined) names.push(baseName(titled));
  if (INTERPRETERS.test(programName(process)) || INTERPRETERS.test(process.name)) {
    const module = process.commandLine.indexOf('-m');
    const script =
      module > 0
        ? process.commandLine[module + 1]
        : process.commandLine.slice(1).find((a) => !a.startsWith('-'));
    if (script !== undefined)
      names.push(baseName(script).replace(/\.(?:[cm]?[jt]s|py|rb|pl|php)$/u, ''), ...packageOf(script));
  }
  return names;
}

/** The npm package whose file a script is: `…/node_modules/nodemon/bin/nodemon.js` → `nodemon`. */
function packageOf(script: string): readonly string[] {
  const match = /.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\//u.exec(script.replaceAll('\\', '/'));
  return match?.[1] === undefined ? [] : [match[1]];
}

/** The kernel keeps 15 bytes of a process's name: TASK_COMM_LEN less its NUL, see prctl(2), PR_SET_NAME. */
const KERNEL_NAME_BYTES = 15;

/** Whether the process is one of the programs in a table of names. */
export function goesBy(process: Process, table: readonly string[]): boolean {
  const names = programNames(process);
  return table.some(
    (name) =>
      names.includes(name) ||
      (name.length > KERNEL_NAME_BYTES && process.name === name.slice(0, KERNEL_NAME_BYTES)),
  );
}
