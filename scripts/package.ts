import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../test/support/hosts';
import { runOrThrow } from '../test/support/run';
import { buildProbe } from './build-probe';

export interface Package {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Builds the product and packs it as a VSIX, an extension that VS Code installs. What goes in is named in
 * .vscodeignore; there are no runtime dependencies, since everything is bundled. This one is universal: it has no
 * helper of its own, and scans through the runtime of the editor.
 * @param file where to; else portlight-VERSION.vsix in the repository
 */
export async function packExtension(file?: string): Promise<Package> {
  return pack(file);
}

/** The same for Linux x64, with the helper as an executable. Needs what `npm run build:probe` needs. */
export async function packForLinux(file?: string): Promise<Package> {
  const { file: helper } = await buildProbe();
  return pack(file, { name: 'linux-x64', helper });
}

async function pack(
  file: string | undefined,
  target?: { readonly name: string; readonly helper: string },
): Promise<Package> {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  const suffix = target === undefined ? '' : `-${target.name}`;
  const out = path.resolve(root, file ?? `${manifest.name}${suffix}-${manifest.version}.vsix`);
  await mkdir(path.dirname(out), { recursive: true });
  const options = { cwd: root, timeoutMs: 5 * 60_000 };
  await runOrThrow(process.execPath, ['scripts/build.mjs'], options);
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const flags = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository'];
  if (target !== undefined)
    flags.push('--target', target.name, '--ignoreFile', await shippedWith(target.helper));
  await runOrThrow(process.execPath, [vsce, 'package', ...flags, '--out', out], options);
  return { file: out, bytes: (await stat(out)).size };
}

/** @returns a list like .vscodeignore that lets one more file in. */
async function shippedWith(helper: string): Promise<string> {
  const list = path.join(root, 'build', 'vscodeignore');
  const shipped = await readFile(path.join(root, '.vscodeignore'), 'utf8');
  await mkdir(path.dirname(list), { recursive: true });
  await writeFile(list, `${shipped.trimEnd()}\n!${path.relative(root, helper).split(path.sep).join('/')}\n`);
  return list;
}

/** `npm run package` makes the universal one, and the one of this platform where it has a helper. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' }, universal: { type: 'boolean' } } });
  const made = [await packExtension(values.out)];
  const helped = process.platform === 'linux' && process.arch === 'x64' && values.universal !== true;
  if (helped) made.push(await packForLinux());
  for (const { file, bytes } of made)
    console.log(`${path.relative(process.cwd(), file)} (${(bytes / 1024).toFixed(1)} KiB)`);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === __filename) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
