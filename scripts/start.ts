import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { withTemporaryFolder } from '../test/support/cleanup';
import { hostsFolder, hostsUnsupported, installHost, root } from '../test/support/hosts';
import { ownGroup, runOrThrow } from '../test/support/run';
import { createProfile, installExtension, startServer } from '../test/support/server';
import { packExtension } from './package';

const USAGE = `npm start [-- --web] [-- FOLDER]

Builds Portlight and opens a VS Code with it on FOLDER (this repository): the 'code' on the PATH, else one that is
downloaded, else, and where there is no display, a VS Code server on 127.0.0.1 for your browser. Settings and
extensions are its own (in .vscode-test/start). Ctrl-C ends it.

  --web    the server for the browser, whatever else there is
  --help   this text`;

/** Runs VS Code until it is closed. Answers with the reason where it cannot. */
type Way = (folder: string) => Promise<string | undefined>;

async function codeOnPath(folder: string): Promise<string | undefined> {
  const file = process.platform === 'win32' ? 'code.cmd' : 'code';
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const command = folders.map((entry) => path.join(entry, file)).find((candidate) => existsSync(candidate));
  if (command === undefined) return `there is no '${file}' on the PATH`;
  const { program, manifest } = desktopAround(path.dirname(await realpath(command)));
  if (!existsSync(program)) return `${command} is not a desktop VS Code`;
  const { version } = await readJson<{ version: string }>(manifest);
  const { engines } = await readJson<{ engines: { vscode: string } }>(path.join(root, 'package.json'));
  const wanted = engines.vscode.replace('^', '');
  if (version.localeCompare(wanted, 'en', { numeric: true }) < 0) {
    return `${command} is VS Code ${version}, and Portlight needs ${wanted}`;
  }
  await runDesktop(program, folder);
  return undefined;
}

/** Where VS Code's program and its version are, seen from the folder of its `code` command. */
function desktopAround(bin: string): { program: string; manifest: string } {
  const app = path.dirname(bin);
  if (process.platform === 'darwin') {
    return { program: path.resolve(app, '../../MacOS/Electron'), manifest: path.join(app, 'package.json') };
  }
  const program = path.join(app, process.platform === 'win32' ? 'Code.exe' : 'code');
  return { program, manifest: path.join(app, 'resources/app/package.json') };
}

async function downloadedCode(folder: string): Promise<string | undefined> {
  let program: string;
  try {
    program = await downloadAndUnzipVSCode({ version: 'stable', cachePath: hostsFolder(), timeout: 10_000 });
  } catch (error) {
    await removeHalfDownloads();
    return `VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)})`;
  }
  await runDesktop(program, folder);
  return undefined;
}

/** @vscode/test-electron marks what is whole. */
async function removeHalfDownloads(): Promise<void> {
  if (!existsSync(hostsFolder())) return;
  for (const name of await readdir(hostsFolder())) {
    const place = path.join(hostsFolder(), name);
    if (!name.startsWith('vscode-') || existsSync(path.join(place, 'is-complete'))) continue;
    await rm(place, { recursive: true, force: true });
  }
}

async function runDesktop(program: string, folder: string): Promise<void> {
  await runOrThrow('npm', ['run', '--silent', 'build', '--', '--dev'], { cwd: root, timeoutMs: 120_000 });
  const profile = await createProfile(profileFolder());
  const env = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name),
  );
  const child = spawn(
    program,
    [
      // Electron refuses its sandbox to root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--new-window', `--user-data-dir=${profile.userData}`, `--extensions-dir=${profile.extensions}`],
      ...[`--extensionDevelopmentPath=${root}`, folder],
    ],
    { env: Object.fromEntries(env), stdio: 'ignore', detached: process.platform !== 'win32' },
  );
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      resolve();
    });
  });
  const group = child.pid === undefined ? undefined : ownGroup(child.pid, closed);
  console.log('VS Code is open with Portlight (panel area, beside Terminal). Ctrl-C closes it.');
  await closed.finally(() => group?.forget());
}

/** The packed extension is installed, as a user would: a plain address cannot name an extension in development. */
async function codeInBrowser(folder: string): Promise<string | undefined> {
  const unsupported = hostsUnsupported();
  if (unsupported !== undefined) return unsupported;
  const host = await installHost('newest', console.log);
  const profile = await createProfile(profileFolder());
  await withTemporaryFolder('start', async (temporary) => {
    const { file } = await packExtension(path.join(temporary, 'portlight.vsix'));
    await installExtension(host, profile, file);
  });
  const server = await startServer(host, profile, { token: randomBytes(16).toString('hex') });
  server.url.searchParams.set('folder', folder);
  console.log(`VS Code ${host.vscode} with Portlight (panel area, beside Terminal). Open in your browser:`);
  console.log(
    `\n  ${server.url.href}\n\nThe address holds the key: whoever has it can use this VS Code. Ctrl-C ends it.`,
  );
  await server.gone;
  return undefined;
}

const profileFolder = (): string => path.join(root, '.vscode-test/start');

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

function whyNoDesktop(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const { DISPLAY: x11, WAYLAND_DISPLAY: wayland } = process.env;
  return x11 === undefined && wayland === undefined ? 'there is no display' : undefined;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { web: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const folder = path.resolve(process.env['INIT_CWD'] ?? root, positionals[0] ?? root);
  await mkdir(profileFolder(), { recursive: true });
  const noDesktop = values.web === true ? '--web' : whyNoDesktop();
  if (noDesktop !== undefined) console.log(`No desktop window: ${noDesktop}.`);
  const ways: readonly Way[] =
    noDesktop === undefined ? [codeOnPath, downloadedCode, codeInBrowser] : [codeInBrowser];
  for (const way of ways) {
    const reason = await way(folder);
    if (reason === undefined) return;
    console.log(`${reason[0]?.toUpperCase() ?? ''}${reason.slice(1)}.`);
  }
  throw new Error('No VS Code could be started.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
