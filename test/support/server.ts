import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Host } from './hosts';
import { ownGroup, runOrThrow } from './run';
import { forwardTo } from './seclusion';

/** Where one installation of VS Code keeps its state: settings, extensions, logs. */
export interface Profile {
  readonly userData: string;
  readonly extensions: string;
  readonly serverData: string;
}

/** A VS Code that shows the work and nothing else: no tours, no advice, no downloads. */
const QUIET_SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  // A picture shows what a user sees, not what fades.
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Makes the folders of a profile in `folder`, with quiet settings where it has none yet. */
export async function createProfile(
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Profile> {
  const profile = {
    userData: path.join(folder, 'user-data'),
    extensions: path.join(folder, 'extensions'),
    serverData: path.join(folder, 'server-data'),
  };
  await fillProfile(profile, settings);
  return profile;
}

export async function fillProfile(profile: Profile, settings: Readonly<Record<string, unknown>> = {}) {
  for (const part of [
    path.join(profile.userData, 'User'),
    profile.extensions,
    profile.serverData,
    temporaryOf(profile),
  ]) {
    await mkdir(part, { recursive: true });
  }
  const text = JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2);
  try {
    await writeFile(path.join(profile.userData, 'User/settings.json'), text, { flag: 'wx' });
  } catch (error) {
    // What the user changed there stays.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Installs a packed extension, as `code --install-extension` does. */
export async function installExtension(host: Host, profile: Profile, vsix: string): Promise<void> {
  const args = [...commonArgs(host, profile), '--install-extension', vsix, '--force'];
  await runOrThrow(host.node, args, { env: serverEnvironment(host, profile), timeoutMs: 120_000 });
}

export interface ServerOptions {
  /** Asked of every client; without one, any program of this machine may connect. */
  readonly token?: string;
  /** Lets a page pass extensionDevelopmentPath and extensionTestsPath. */
  readonly testDriver?: boolean;
  /** The display language, such as zh-cn. */
  readonly language?: string | undefined;
  /** A program, with its arguments, that starts the server. */
  readonly through?: readonly string[] | undefined;
  /** It listens on a Unix socket, which network namespaces do not part. */
  readonly bySocket?: boolean | undefined;
}

export interface Server {
  /** http://127.0.0.1:port/, with the token where there is one. */
  readonly url: URL;
  readonly pid: number;
  /** Resolves when the server has ended, by whomever. */
  readonly gone: Promise<void>;
  /** What the server printed. */
  output(): string;
  /** Ends the server and everything that it started; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1; resolves when it takes connections. */
export async function startServer(host: Host, profile: Profile, options: ServerOptions): Promise<Server> {
  const access =
    options.token === undefined ? ['--without-connection-token'] : ['--connection-token', options.token];
  const door = options.bySocket === true ? path.join(profile.serverData, 'door') : undefined;
  const [command, ...before] = [...(options.through ?? []), host.node];
  const child = spawn(
    command,
    [
      ...before,
      ...commonArgs(host, profile),
      ...(door === undefined ? ['--host', '127.0.0.1', '--port', '0'] : ['--socket-path', door]),
      ...access,
      ...(options.language === undefined ? [] : ['--locale', options.language]),
      ...(options.testDriver === true ? ['--enable-smoke-test-driver'] : []),
      ...['--disable-telemetry', '--disable-workspace-trust', '--disable-getting-started-override'],
    ],
    {
      env: serverEnvironment(host, profile),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  if (child.pid === undefined) throw new Error(`${host.node} could not be started`);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  // The server outlives SIGTERM while it keeps an extension host for a client that may come back: end the group.
  const group = ownGroup(child.pid, gone);
  let text = '';
  try {
    const url = await new Promise<URL>((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(deadline);
        reject(new Error(`VS Code's server ${why}\n${text}`));
      };
      const deadline = setTimeout(fail, 60_000, 'did not start in 60 s');
      const read = (chunk: Buffer) => {
        text += chunk.toString();
        const printed = door === undefined ? /Web UI available at (http:\/\/\S+)/.exec(text)?.[1] : undefined;
        if (printed === undefined && !text.includes(`agent listening on ${door}`)) return;
        clearTimeout(deadline);
        const address = new URL(printed ?? 'http://127.0.0.1');
        address.hostname = '127.0.0.1';
        resolve(address);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => {
        fail(`ended with ${code ?? 'a signal'}`);
      });
    });
    const way = door === undefined ? undefined : await forwardTo(door);
    if (way !== undefined) url.port = String(way.port);
    const stop = async (): Promise<void> => {
      way?.dispose();
      await group.end();
    };
    return { url, pid: child.pid, gone, output: () => text, stop };
  } catch (error) {
    await group.end();
    throw error;
  }
}

function commonArgs(host: Host, profile: Profile): string[] {
  return [
    host.serverMain,
    ...['--server-data-dir', profile.serverData, '--user-data-dir', profile.userData],
    ...['--extensions-dir', profile.extensions, '--accept-server-license-terms'],
  ];
}

/** VS Code leaves its sockets behind: in a folder that goes with the profile. Their paths hold 107 bytes at most. */
function temporaryOf({ serverData }: Profile): string {
  const own = path.join(serverData, 'tmp');
  return own.length <= 60 ? own : os.tmpdir();
}

function serverEnvironment(host: Host, profile: Profile): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${path.dirname(host.node)}${path.delimiter}${process.env['PATH'] ?? ''}`,
    XDG_CONFIG_HOME: path.join(profile.serverData, 'xdg-config'),
    XDG_DATA_HOME: path.join(profile.serverData, 'xdg-data'),
    TMPDIR: temporaryOf(profile),
    // No marketplace: nothing is looked up or installed from outside.
    EXTENSIONS_GALLERY: '{}',
  };
  // A terminal of another VS Code, or a test runner's own flags, must not reach this one.
  for (const name of ['VSCODE_IPC_HOOK_CLI', 'XDG_RUNTIME_DIR', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE']) {
    Reflect.deleteProperty(env, name);
  }
  return env;
}
