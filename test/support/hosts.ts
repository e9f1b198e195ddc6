import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './lock';
import { runOrThrow, run } from './run';

/** The repository. */
export const root = path.resolve(__dirname, '../..');

/**
 * The VS Code servers that the tests run in, one line each: code-server's package carries the real server and
 * workbench of `vscode`. `rebuild` names the native modules that want compiling; without a compiler the server still
 * runs (node-pty is the terminal).
 */
const RECIPES = {
  newest: { codeServer: '4.139.1', vscode: '1.139.1', node: '24.21.0', rebuild: ['@vscode/native-watchdog'] },
  // package.json's engines.vscode.
  minimum: {
    codeServer: '4.100.3',
    vscode: '1.100.3',
    node: '20.20.2',
    rebuild: ['node-pty'],
  },
} as const;

export type HostName = keyof typeof RECIPES;

/** An installed server of VS Code: `node serverMain …` runs it. */
export interface Host {
  readonly name: HostName;
  /** VS Code's version, such as 1.100.3. */
  readonly vscode: string;
  readonly node: string;
  readonly serverMain: string;
}

/** Why no such host can be installed on this machine; undefined where it can. */
export function hostsUnsupported(): string | undefined {
  if (process.platform !== 'linux') return 'code-server from npm runs on Linux only here';
  if (!['x64', 'arm64'].includes(process.arch)) return `npm has no Node for linux-${process.arch}`;
  return undefined;
}

/** Where the hosts are; PORTLIGHT_TEST_HOSTS lets several clones share one folder. */
export function hostsFolder(): string {
  return path.resolve(process.env['PORTLIGHT_TEST_HOSTS'] ?? path.join(root, '.vscode-test'));
}

/**
 * Installs the host where it is missing (about 400 MB and half a minute), else answers at once. A half installation
 * never counts: the folder gets its name by a rename when all is done. Two installers at once: one waits.
 */
export async function installHost(name: HostName, log = (_line: string): void => undefined): Promise<Host> {
  const reason = hostsUnsupported();
  if (reason !== undefined) throw new Error(`The test host '${name}' cannot be installed: ${reason}`);
  const folder = path.join(hostsFolder(), `host-${name}`);
  const host = describeHost(name, folder);
  if (await isComplete(name, folder)) return host;
  await mkdir(hostsFolder(), { recursive: true });
  await withLock(folder, async () => {
    if (await isComplete(name, folder)) return;
    log(`Installing VS Code ${host.vscode} (code-server) into ${folder} …`);
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await build(name, partial, log);
    await writeFile(path.join(partial, 'complete.json'), stamp(name));
    await rename(partial, folder);
  });
  return host;
}

function describeHost(name: HostName, folder: string): Host {
  return {
    name,
    vscode: RECIPES[name].vscode,
    node: path.join(nodeFolder(folder), 'bin/node'),
    serverMain: path.join(serverFolder(folder), 'out/server-main.js'),
  };
}

const nodeFolder = (folder: string): string => path.join(folder, 'node_modules', nodePackage);
const serverFolder = (folder: string): string => path.join(folder, 'node_modules/code-server/lib/vscode');
const nodePackage = `node-linux-${process.arch}`;
const stamp = (name: HostName): string => JSON.stringify(RECIPES[name]);

async function isComplete(name: HostName, folder: string): Promise<boolean> {
  const file = path.join(folder, 'complete.json');
  return existsSync(file) && (await readFile(file, 'utf8')) === stamp(name);
}

/**
 * Install scripts are never run: code-server's own wants system headers that are not needed, and others download.
 * The inner `npm install` (not `npm ci`: the published lock file is out of step) brings the server's dependencies.
 */
async function build(name: HostName, folder: string, log: (line: string) => void): Promise<void> {
  const recipe = RECIPES[name];
  const env = {
    ...process.env,
    NODE_ENV: 'development',
    PATH: `${path.join(nodeFolder(folder), 'bin')}:${process.env['PATH'] ?? ''}`,
    // node-gyp finds the headers in the package of Node itself and downloads nothing.
    npm_config_nodedir: nodeFolder(folder),
  };
  const npm = async (cwd: string, ...args: string[]) =>
    runOrThrow('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      env,
      timeoutMs: 10 * 60_000,
    });
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  const packages = [`${nodePackage}@${recipe.node}`, `code-server@${recipe.codeServer}`];
  await npm(folder, 'install', '--ignore-scripts', '--save-exact', ...packages);
  await npm(serverFolder(folder), 'install', '--omit=dev', '--ignore-scripts');
  for (const module of recipe.rebuild) {
    // npm's exit code says nothing here (node-pty's build succeeds, its post-install fails): loading the module does.
    const options = { cwd: serverFolder(folder), env, timeoutMs: 5 * 60_000 };
    await run('npm', ['rebuild', '--loglevel=error', module], options);
    const loaded = await run(
      path.join(nodeFolder(folder), 'bin/node'),
      ['-e', `require('${module}')`],
      options,
    );
    if (loaded.code !== 0) log(`${module} could not be compiled: VS Code ${recipe.vscode} runs without it.`);
  }
}
