import type { ArgumentStyle } from '../arguments';

// An import string of an ASGI or WSGI application: `main:app`, `pkg.mod:create_app()`; never `host:8000`.
const APPLICATION: ArgumentStyle = { only: /^[A-Za-z_][\w./]*:[A-Za-z_][\w.]*(?:\(\))?$/u };
const PACKAGE_MANAGER: ArgumentStyle = {
  valueFlags: [
    '--prefix',
    '-C',
    '--dir',
    '--cwd',
    '-w',
    '--workspace',
    '--filter',
    '-F',
    '--loglevel',
    '--package',
    '-p',
  ],
  words: 3,
};
const CHROMIUM: ArgumentStyle = { keepFlags: ['--type', '--remote-debugging-port'], words: 1 };

/**
 * How to read the arguments of programs that developers start. A program that is not here shows its words up to the
 * first flag. Sources: each program's own `--help`.
 */
export const PROGRAMS: Readonly<Record<string, ArgumentStyle>> = {
  npm: PACKAGE_MANAGER,
  npx: PACKAGE_MANAGER,
  pnpm: PACKAGE_MANAGER,
  pnpx: PACKAGE_MANAGER,
  yarn: PACKAGE_MANAGER,
  bunx: PACKAGE_MANAGER,
  vite: {
    valueFlags: ['--port', '--host', '-c', '--config', '-m', '--mode', '-l', '--logLevel', '--base'],
    words: 1,
  },
  next: { valueFlags: ['-p', '--port', '-H', '--hostname', '--keepAliveTimeout'] },
  nuxt: { valueFlags: ['-p', '--port', '-h', '--host'] },
  astro: { valueFlags: ['--port', '--host', '--config', '--root'] },
  ng: { valueFlags: ['--port', '--host', '-c', '--configuration', '--proxy-config'] },
  webpack: { valueFlags: ['-c', '--config', '--mode', '--port', '--env'] },
  'webpack-dev-server': { valueFlags: ['-c', '--config', '--mode', '--port', '--host'] },
  'http-server': { valueFlags: ['-p', '-a', '--port'], words: 1 },
  serve: { valueFlags: ['-l', '--listen', '-p', '-c', '--config'], words: 1 },
  nodemon: {
    valueFlags: [
      '-x',
      '--exec',
      '-e',
      '--ext',
      '-w',
      '--watch',
      '-i',
      '--ignore',
      '-d',
      '--delay',
      '--config',
    ],
  },
  tsx: { valueFlags: ['--tsconfig', '--env-file', '-r', '--require', '--import', '--include', '--exclude'] },
  'ts-node': {
    valueFlags: ['-P', '--project', '-O', '--compilerOptions', '-r', '--require', '-C', '--compiler'],
  },
  'ts-node-dev': { valueFlags: ['-P', '--project', '-r', '--require', '--watch', '--ignore-watch'] },
  wrangler: { valueFlags: ['--port', '--ip', '-c', '--config', '-e', '--env'] },
  uvicorn: APPLICATION,
  gunicorn: APPLICATION,
  hypercorn: APPLICATION,
  daphne: APPLICATION,
  granian: APPLICATION,
  flask: { valueFlags: ['--app', '-A', '-e', '--env-file', '-h', '--host', '-p', '--port'], words: 1 },
  fastapi: { valueFlags: ['--port', '--host', '--app'] },
  celery: { valueFlags: ['-A', '--app', '-b', '--broker', '--workdir'], keepFlags: ['-A'], words: 1 },
  streamlit: { valueFlags: ['--server.port', '--server.address'] },
  uv: {
    valueFlags: ['--with', '--python', '-p', '--directory', '--project', '--env-file', '--extra', '--group'],
    words: 3,
  },
  poetry: { valueFlags: ['-C', '--directory', '-P', '--project'], words: 3 },
  bundle: { words: 3 },
  rails: {
    valueFlags: ['-p', '--port', '-b', '--binding', '-e', '--environment', '-u', '--using'],
    words: 1,
  },
  puma: {
    valueFlags: ['-C', '--config', '-p', '--port', '-b', '--bind', '-e', '--environment', '-t', '-w'],
    words: 1,
  },
  hugo: { valueFlags: ['-p', '--port', '--bind', '-s', '--source', '-b', '--baseURL'], words: 1 },
  cargo: {
    valueFlags: ['-p', '--package', '--bin', '--example', '--manifest-path', '-F', '--features'],
    keepFlags: ['--bin', '-p'],
  },
  go: { valueFlags: ['-C', '-tags', '-exec', '-ldflags', '-gcflags', '-mod'] },
  dlv: {
    valueFlags: ['-l', '--listen', '--api-version', '--build-flags', '--wd', '--log-dest', '--log-output'],
  },
  make: { valueFlags: ['-C', '--directory', '-f', '--file'] },
  kubectl: {
    valueFlags: ['-n', '--namespace', '--context', '--kubeconfig', '--cluster', '--user', '--address'],
    words: 3,
  },
  docker: {
    valueFlags: ['--context', '-c', '-H', '--host', '-f', '--file', '-p', '--project-name', '--env-file'],
    words: 3,
  },
  podman: { valueFlags: ['--url', '--connection', '--log-level'], words: 3 },
  ssh: {
    valueFlags: [
      '-L',
      '-R',
      '-D',
      '-p',
      '-i',
      '-l',
      '-o',
      '-F',
      '-J',
      '-W',
      '-S',
      '-b',
      '-c',
      '-e',
      '-m',
      '-w',
    ],
    keepFlags: ['-L', '-R', '-D'],
    words: 1,
  },
  socat: { words: 2 },
  nc: { valueFlags: ['-p', '-s', '-w', '-i', '-q', '-x', '-X'], keepFlags: ['-l', '-lp', '-k', '-lk'] },
  'code-server': { only: /^--type=/u },
  code: CHROMIUM,
  'code-insiders': CHROMIUM,
  codium: CHROMIUM,
  cursor: CHROMIUM,
  electron: CHROMIUM,
  chrome: CHROMIUM,
  chromium: CHROMIUM,
};

/** A program that runs another one, whose command line is the rest of its own. */
export interface Launcher {
  /** Flags whose value is the next argument. */
  readonly valueFlags?: readonly string[];
  /** Words of its own before the other command line, such as a duration: shown. */
  readonly operands?: number;
}

/**
 * Programs that run another one and stay beside it. (Those that become it, such as nice, are seen only for a moment, or
 * where they keep a name of their own.) Sources: their manual pages.
 */
export const LAUNCHERS: Readonly<Record<string, Launcher>> = {
  sudo: {
    valueFlags: ['-u', '--user', '-g', '--group', '-h', '-p', '-C', '-D', '--chdir', '-R', '-T', '-U'],
  },
  doas: { valueFlags: ['-u', '-C'] },
  runuser: { valueFlags: ['-u', '--user', '-g', '--group', '-G', '--supp-group'] },
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  setpriv: { valueFlags: ['--reuid', '--regid', '--groups'] },
  env: { valueFlags: ['-u', '--unset', '-C', '--chdir'] },
  timeout: { valueFlags: ['-k', '--kill-after', '-s', '--signal'], operands: 1 },
  nice: { valueFlags: ['-n', '--adjustment'] },
  ionice: { valueFlags: ['-c', '--class', '-n', '--classdata'] },
  chrt: { operands: 1 },
  taskset: { operands: 1 },
  nohup: {},
  setsid: {},
  stdbuf: { valueFlags: ['-i', '--input', '-o', '--output', '-e', '--error'] },
  unbuffer: {},
  flock: { valueFlags: ['-w', '--timeout', '-E', '--conflict-exit-code'], operands: 1 },
  tini: { valueFlags: ['-p', '-e'] },
  'docker-init': { valueFlags: ['-p', '-e'] },
  'dumb-init': { valueFlags: ['-r', '--rewrite'] },
  catatonit: {},
  'cross-env': {},
  'cross-env-shell': {},
  dotenv: { valueFlags: ['-e', '-v', '-c'] },
  'xvfb-run': { valueFlags: ['-s', '--server-args', '-n', '--server-num', '-e', '-f', '-w', '-p'] },
  'dbus-run-session': { valueFlags: ['--config-file', '--dbus-daemon'] },
  time: { valueFlags: ['-f', '-o'] },
  strace: { valueFlags: ['-e', '-o', '-p', '-s', '-P', '-E'] },
  unshare: { valueFlags: ['-S', '--setuid', '-G', '--setgid', '-R', '--root', '-w', '--wd'] },
  proot: { valueFlags: ['-r', '-b', '-w', '-q'] },
};

/**
 * Packages whose own file has a name that says less than the tool's: the path after the last `node_modules/`, without
 * extension.
 */
export const PACKAGE_TOOLS: Readonly<Record<string, string>> = {
  'npm/bin/npm-cli': 'npm',
  'npm/bin/npx-cli': 'npx',
  '@remix-run/dev/dist/cli': 'remix',
  '@react-router/dev/bin': 'react-router',
  '@storybook/cli/bin/index': 'storybook',
  '@redwoodjs/cli/dist/index': 'redwood',
  'code-server/lib/vscode/out/server-main': 'code-server',
  'code-server/lib/vscode/out/bootstrap-fork': 'code-server',
};

/** Names of files that say nothing about what they are. */
export const GENERIC_FILES: ReadonlySet<string> = new Set([
  'bin',
  'cli',
  'cmd',
  'entry',
  'index',
  'main',
  'run',
  'runner',
  'server',
  'start',
  'app',
  'worker',
  '__main__',
]);

/** Folders by which a program is known whose processes run an interpreter: the editor's servers and debug adapters. */
export const FOLDER_TOOLS: readonly (readonly [RegExp, string])[] = [
  [/[/\\]\.vscode-server(?:-insiders|-oss)?[/\\]/u, 'vscode-server'],
  [/[/\\]\.vscode-remote[/\\]/u, 'vscode-server'],
  [/[/\\]\.cursor-server[/\\]/u, 'cursor-server'],
  [/[/\\]\.windsurf-server[/\\]/u, 'windsurf-server'],
  [/[/\\]code-server(?:-[\d.]+(?:-linux-\w+)?)?[/\\]/u, 'code-server'],
  [/[/\\]openvscode-server[^/\\]*[/\\]/u, 'openvscode-server'],
  [/[/\\]debugpy[/\\]/u, 'debugpy'],
  [/[/\\]js-debug(?:-companion)?[/\\]/u, 'js-debug'],
];
