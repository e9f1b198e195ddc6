import { baseName, isAbsolute, relativeTo } from '../base/path';
import { plainText } from '../base/text';
import type { Process } from '../ports/owner';
import { firstOperand, readArguments, type Reader, type Words } from './arguments';
import { INTERPRETERS } from './interpreters';
import { LAUNCHERS, PROGRAMS, type Launcher } from './tables/programs';

/** What a command line says to a developer. */
export interface CommandReading {
  /** The tool: `vite`, `http.server`, `redis-server`; the interpreter where it runs a file: `node`. Never empty. */
  readonly name: string;
  /** One line for a row: `vite dev`, `python -m http.server`, `node server.js`. Never empty. */
  readonly text: string;
}

export type CommandFacts = Pick<Process, 'commandLine' | 'name'> &
  Partial<Pick<Process, 'executable' | 'cwd' | 'kernelThread'>>;

const LONGEST = 60;

export function shortCommand(process: CommandFacts): string {
  return readCommand(process).text;
}

/**
 * Shortens a command line to what a developer recognises. Words are left out, never invented: interpreters' flags,
 * folders, and flags that do not matter.
 */
export function readCommand(process: CommandFacts): CommandReading {
  const { name, words } = readWords(process);
  const text = plainText(words.map(quoted).join(' ').trim(), LONGEST);
  const fallback = plainText(process.name.trim(), LONGEST) || '?';
  return { name: plainText(name.trim(), 40) || fallback, text: text || fallback };
}

function readWords(process: CommandFacts): Words {
  const argv = withoutPadding(process.commandLine);
  const [first = ''] = argv;
  if (first.trim() === '') {
    const name = process.name || baseName(process.executable ?? '');
    return { name, words: [process.kernelThread === true ? `[${name}]` : name] };
  }
  // A process that has renamed itself writes one line over its arguments: “nginx: master process …”.
  if (argv.length === 1 && /\s/u.test(first) && first !== process.executable)
    return titleWords(first, process.cwd);
  return commandWords(argv, process.cwd);
}

/** setproctitle(3) fills what is left of the old arguments with NULs, which read as empty ones. */
function withoutPadding(argv: readonly string[]): readonly string[] {
  let end = argv.length;
  while (end > 0 && argv[end - 1] === '') end--;
  return argv.slice(0, end);
}

function titleWords(title: string, cwd: string | undefined): Words {
  const words = title.trim().split(/\s+/u);
  const [first = ''] = words;
  // Chromium and some daemons write their whole command as one line.
  if (isAbsolute(first)) return commandWords(words, cwd);
  const name = /^[^:\s]+/u.exec(first)?.[0] ?? first;
  return { name, words: words.map((word) => (isAbsolute(word) && word.length > 1 ? baseName(word) : word)) };
}

function commandWords(argv: readonly string[], cwd: string | undefined): Words {
  const [first = '', ...args] = argv;
  const reader: Reader = {
    command: (inner) => commandWords(inner, cwd),
    path: (path) => shownPath(path, cwd),
    tool: (name, rest) => ({
      name,
      words: [name, ...readArguments(rest, PROGRAMS[name]).map((word) => shownPath(word, cwd))],
    }),
  };
  const built = builtProgram(first);
  if (built) return built;
  const program = programName(first);
  const interpreter = Object.hasOwn(INTERPRETERS, program) ? INTERPRETERS[program] : undefined;
  if (interpreter) return interpreter(args, reader);
  if (program === 'docker-proxy') return dockerProxyWords(args);
  const launcher = Object.hasOwn(LAUNCHERS, program) ? LAUNCHERS[program] : undefined;
  if (launcher) return launcherWords(program, args, launcher, cwd);
  return reader.tool(program, args);
}

function launcherWords(
  program: string,
  args: readonly string[],
  { valueFlags = [], operands = 0 }: Launcher,
  cwd: string | undefined,
): Words {
  const first = firstOperand(args, valueFlags);
  if (first < 0) return { name: program, words: [program] };
  const own = args.slice(first, first + operands).map((word) => shownPath(word, cwd));
  let inner = first + operands;
  while (inner < args.length && /^[A-Za-z_]\w*=/u.test(args[inner] ?? '')) inner++;
  const rest = inner < args.length ? commandWords(args.slice(inner), cwd).words : [];
  return { name: program, words: [program, ...own, ...rest] };
}

/** `go run` and Delve build a program under a name of their own. */
function builtProgram(path: string): Words | undefined {
  const goRun = /[/\\]go-build\d+[/\\].*[/\\]exe[/\\]([^/\\]+)$/u.exec(path)?.[1];
  if (goRun !== undefined) return { name: goRun, words: [goRun, '(go', 'run)'] };
  if (/[/\\]__debug_bin\d*$/u.test(path))
    return { name: '__debug_bin', words: ['__debug_bin', '(dlv', 'debug)'] };
  return undefined;
}

/** Docker's forwarder, for a published port: which one, and to where. */
function dockerProxyWords(args: readonly string[]): Words {
  const value = (flag: string): string | undefined => args[args.indexOf(flag) + 1 || args.length];
  const words = ['docker-proxy'];
  const [port, host, to] = [value('-host-port'), value('-container-ip'), value('-container-port')];
  if (port !== undefined && host !== undefined && to !== undefined) words.push(`${port}→${host}:${to}`);
  return { name: 'docker-proxy', words };
}

/** The name under which a program is known: without folder, login dash, `.exe` and an interpreter's version. */
export function programName(path: string): string {
  const file = (baseName(path) || path).replace(/^-(?=.)/u, '').replace(/\.exe$/iu, '');
  const versioned = /^(python|pypy|ruby|perl|php|lua|node|nodejs)[\d.]*$/u.exec(file)?.[1];
  return versioned === 'nodejs' ? 'node' : (versioned ?? file);
}

function shownPath(word: string, cwd: string | undefined): string {
  if (/^\.[/\\]./u.test(word)) return word.slice(2);
  // `bash /dev/fd/3`: the last part alone would be a riddle.
  if (!isAbsolute(word) || word.startsWith('/dev/')) return word;
  const within = cwd === undefined ? undefined : relativeTo(cwd, word);
  return within !== undefined && within !== '' ? within : baseName(word) || word;
}

function quoted(word: string): string {
  if (!/\s/u.test(word)) return word;
  return word.includes("'") && !word.includes('"') ? `"${word}"` : `'${word}'`;
}
