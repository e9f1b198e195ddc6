import { baseName, isAbsolute } from '../base/path';
import { firstOperand, readArguments, type Reader, type Words } from './arguments';
import { FOLDER_TOOLS, GENERIC_FILES, PACKAGE_TOOLS } from './tables/programs';

type ReadInterpreter = (args: readonly string[], reader: Reader) => Words;

/** Programs that run somebody else's code: what that is comes from their arguments. */
export const INTERPRETERS: Readonly<Record<string, ReadInterpreter>> = {
  node: readNode,
  bun: (args, reader) => readScriptRunner('bun', args, reader),
  deno: (args, reader) => readScriptRunner('deno', args, reader),
  python: (args, reader) => readPython('python', args, reader),
  pypy: (args, reader) => readPython('pypy', args, reader),
  ruby: (args, reader) => readFileRunner('ruby', args, reader, RUBY_VALUE_FLAGS),
  perl: (args, reader) => readFileRunner('perl', args, reader, []),
  lua: (args, reader) => readFileRunner('lua', args, reader, ['-l']),
  php: readPhp,
  java: readJava,
  dotnet: readDotnet,
  sh: (args, reader) => readShell('sh', args, reader),
  bash: (args, reader) => readShell('bash', args, reader),
  dash: (args, reader) => readShell('dash', args, reader),
  zsh: (args, reader) => readShell('zsh', args, reader),
  fish: (args, reader) => readShell('fish', args, reader),
  ksh: (args, reader) => readShell('ksh', args, reader),
  ash: (args, reader) => readShell('ash', args, reader),
};

// node --help, ruby --help, `java -help` and so on: flags that take the next argument.
const NODE_VALUE_FLAGS = [
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '--title',
  '--env-file',
  '--env-file-if-exists',
  '--inspect-port',
  '--icu-data-dir',
  '--openssl-config',
  '--stack-trace-limit',
];
const NODE_SHOWN = /^--(?:inspect|inspect-brk|inspect-wait|watch|test|run)(?:=|$)/u;
const EVAL = new Set(['-e', '--eval', '-p', '--print', '-pe', '-c', '-r']);
const RUBY_VALUE_FLAGS = ['-I', '-r', '-C', '-E', '-x'];
const JAVA_VALUE_FLAGS = [
  '-cp',
  '-classpath',
  '--class-path',
  '-p',
  '--module-path',
  '--upgrade-module-path',
  '--add-modules',
  '--add-opens',
  '--add-exports',
  '--add-reads',
  '--patch-module',
  '--limit-modules',
];

function readNode(args: readonly string[], reader: Reader): Words {
  const at = firstOperand(args, NODE_VALUE_FLAGS);
  const flags = at < 0 ? args : args.slice(0, at);
  const evaluates = flags.find((flag) => ['-e', '--eval', '-p', '--print', '-pe'].includes(flag));
  if (evaluates !== undefined) return { name: 'node', words: ['node', evaluates] };
  const shown = flags.filter((flag) => NODE_SHOWN.test(flag));
  const script = args[at];
  if (script === undefined) return { name: 'node', words: ['node', ...shown] };
  const tool = scriptTool(script);
  const rest = args.slice(at + 1);
  if (tool)
    return tool.reads
      ? reader.tool(tool.name, rest)
      : { name: tool.name, words: [...tool.words, ...typeOf(rest)] };
  const runner = loaderOf(flags);
  return { name: runner, words: [runner, ...shown, reader.path(script), ...plain(rest, reader)] };
}

/** A loader makes node another runner: tsx and ts-node start `node` with themselves in front. */
function loaderOf(flags: readonly string[]): string {
  const loads = (pattern: RegExp): boolean => flags.some((flag) => pattern.test(flag));
  if (loads(/(?:^|[/\\=])tsx(?:$|[/\\](?:dist|esm|cjs)\b)/u)) return 'tsx';
  return loads(/(?:^|[/\\=])ts-node[/\\](?:register|esm|dist)\b/u) ? 'ts-node' : 'node';
}

interface ScriptTool {
  readonly name: string;
  readonly words: readonly string[];
  /** Its arguments are those of a program of that name. */
  readonly reads: boolean;
}

/** A script that is an installed tool: of a package, of a folder of programs, or of a known folder. */
function scriptTool(script: string): ScriptTool | undefined {
  const inPackage = /.*(?:^|[/\\])node_modules[/\\](.+)$/su.exec(script)?.[1]?.replaceAll('\\', '/');
  if (inPackage !== undefined) return packageTool(inPackage);
  const known = FOLDER_TOOLS.find(([pattern]) => pattern.test(script));
  if (known) {
    const file = withoutExtension(baseName(script));
    return { name: known[1], words: GENERIC_FILES.has(file) ? [known[1]] : [known[1], file], reads: false };
  }
  const inPrograms = isAbsolute(script) && /[/\\]s?bin[/\\][^/\\]+$/u.test(script);
  return inPrograms ? whole(withoutExtension(baseName(script)).replace(/-cli$/u, '')) : undefined;
}

function packageTool(path: string): ScriptTool {
  const parts = path.split('/');
  const file = withoutExtension(parts.at(-1) ?? '');
  if (parts[0] === '.bin') return whole(file);
  const named = PACKAGE_TOOLS[withoutExtension(path)];
  if (named !== undefined) return whole(named);
  const packageName = parts.slice(0, path.startsWith('@') ? 2 : 1).join('/');
  if (parts.at(-2) === 'scripts') return { name: packageName, words: [packageName, file], reads: false };
  if (GENERIC_FILES.has(file)) return whole(packageName);
  if (parts.includes('bin') || packageName.includes(file)) return whole(file);
  return { name: packageName, words: [`${packageName}/${file}`], reads: false };
}

function whole(name: string): ScriptTool {
  return { name, words: [name], reads: true };
}

function withoutExtension(file: string): string {
  return file.replace(/\.(?:[cm]?[jt]sx?|py|rb|phar)$/u, '');
}

/** Editors tell their helper processes apart by one flag. */
function typeOf(args: readonly string[]): string[] {
  return args.filter((argument) => argument.startsWith('--type=')).slice(0, 1);
}

function plain(args: readonly string[], reader: Reader): string[] {
  return readArguments(args, undefined).map((argument) => reader.path(argument));
}

/** Bun and Deno: subcommands, and files without one. */
function readScriptRunner(name: string, args: readonly string[], reader: Reader): Words {
  const valueFlags = [
    '-c',
    '--config',
    '--import-map',
    '--cwd',
    '--filter',
    '-r',
    '--preload',
    '--port',
    '--host',
    '-L',
  ];
  const at = firstOperand(args, valueFlags);
  const tool = scriptTool(args[at] ?? '');
  if (tool?.reads === true) return reader.tool(tool.name, args.slice(at + 1));
  const words = readArguments(args, { valueFlags, words: 2 });
  return { name, words: [name, ...words.map((word) => reader.path(word))] };
}

function readPython(name: string, args: readonly string[], reader: Reader): Words {
  if (args.includes('--multiprocessing-fork')) return { name, words: [name, '--multiprocessing-fork'] };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (/^-[a-zA-Z]*c$/u.test(argument)) return { name, words: [name, '-c'] };
    if (/^-[a-zA-Z]*m$/u.test(argument)) return pythonModule(name, args.slice(index + 1), reader);
    if (argument === '-W' || argument === '-X') index++;
    else if (!argument.startsWith('-')) return pythonScript(name, argument, args.slice(index + 1), reader);
  }
  return { name, words: [name] };
}

function pythonModule(name: string, args: readonly string[], reader: Reader): Words {
  const [module, ...rest] = args;
  if (module === undefined) return { name, words: [name, '-m'] };
  const words = module === 'http.server' ? [] : reader.tool(module, rest).words.slice(1);
  return { name: module, words: [name, '-m', module, ...words] };
}

function pythonScript(name: string, script: string, rest: readonly string[], reader: Reader): Words {
  const tool =
    scriptTool(script) ??
    (/(?:^|[/\\])bin[/\\][^/\\.]+$/u.test(script) ? whole(baseName(script)) : undefined);
  if (tool) return tool.reads ? reader.tool(tool.name, rest) : { name: tool.name, words: tool.words };
  return { name, words: [name, reader.path(script), ...plain(rest, reader)] };
}

/** Ruby, Perl, Lua: a file, or a program of a `bin` folder (`bin/rails`). */
function readFileRunner(
  name: string,
  args: readonly string[],
  reader: Reader,
  valueFlags: readonly string[],
): Words {
  const at = firstOperand(args, valueFlags);
  const script = args[at];
  const flags = at < 0 ? args : args.slice(0, at);
  if (flags.some((flag) => flag === '-e')) return { name, words: [name, '-e'] };
  if (script === undefined) return { name, words: [name] };
  const rest = args.slice(at + 1);
  if (/(?:^|[/\\])bin[/\\][^/\\.]+$/u.test(script)) return reader.tool(baseName(script), rest);
  return { name, words: [name, reader.path(script), ...plain(rest, reader)] };
}

function readPhp(args: readonly string[], reader: Reader): Words {
  const server = args.indexOf('-S');
  const address = args[server + 1];
  if (server >= 0 && address !== undefined) return { name: 'php', words: ['php', '-S', address] };
  if (args.some((argument) => EVAL.has(argument) && argument !== '-c'))
    return { name: 'php', words: ['php', '-r'] };
  const at = firstOperand(args, ['-d', '-c', '-t', '-f', '-z']);
  const script = args[at];
  if (script === undefined) return { name: 'php', words: ['php'] };
  return { name: 'php', words: ['php', reader.path(script), ...plain(args.slice(at + 1), reader)] };
}

function readJava(args: readonly string[], reader: Reader): Words {
  const jar = args.indexOf('-jar');
  const at = firstOperand(args, JAVA_VALUE_FLAGS);
  const archive = args[jar + 1];
  // Everything after the main class belongs to the program, a `-jar` too.
  if (jar >= 0 && archive !== undefined && jar < (at < 0 ? args.length : at)) {
    return { name: 'java', words: ['java', '-jar', baseName(archive) || archive] };
  }
  const module = args.findIndex((argument) => argument === '-m' || argument === '--module');
  const main = module >= 0 && (at < 0 || module < at) ? args[module + 1] : args[at];
  if (main === undefined) return { name: 'java', words: ['java'] };
  return {
    name: 'java',
    words: ['java', main.length > 40 ? (main.split('.').at(-1) ?? main) : reader.path(main)],
  };
}

function readDotnet(args: readonly string[], reader: Reader): Words {
  const words = readArguments(args, {
    valueFlags: ['--project', '-c', '--configuration', '-f', '--framework'],
  });
  const shown = words[0] === 'exec' ? words.slice(1) : words;
  const file = shown[0] ?? '';
  if (file.endsWith('.dll')) return { name: 'dotnet', words: ['dotnet', baseName(file)] };
  return { name: 'dotnet', words: ['dotnet', ...shown.map((word) => reader.path(word))] };
}

/** A shell's script is shown as it was written; its folders and flags cannot be told from its words. */
function readShell(name: string, args: readonly string[], reader: Reader): Words {
  const command = args.findIndex((argument) => /^-[a-z]*c$/u.test(argument));
  const script = args[command + 1];
  if (command >= 0 && script !== undefined)
    return { name, words: [name, '-c', script.trim().replaceAll(/\s+/gu, ' ')] };
  const at = firstOperand(args, ['-o', '-O', '--rcfile', '--init-file']);
  const file = args[at];
  if (file === undefined) return { name, words: [name] };
  // An installed program that happens to be a script: `xvfb-run`, `mysqld_safe`.
  if (isAbsolute(file) && /[/\\]s?bin[/\\][^/\\.]+$/u.test(file)) return reader.command(args.slice(at));
  return { name, words: [name, reader.path(file), ...plain(args.slice(at + 1), reader)] };
}
