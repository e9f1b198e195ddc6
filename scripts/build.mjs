// Bundles the product into dist/: the extension, and each program that runs beside it.
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const production = !process.argv.includes('--dev');

/** `vscode` is given by the extension host. */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The CommonJS files of jsonc-parser load each other in a way that a bundler cannot follow.
  mainFields: ['module', 'main'],
  external: ['vscode'],
  define: { PORTLIGHT_VERSION: JSON.stringify(version) },
  legalComments: 'none',
  logLevel: 'warning',
};

/** One line a program that runs beside the extension: what is built from where. */
const programs = [
  { entry: 'src/machine/worker.ts', out: 'dist/machine-worker.js' },
  { entry: 'src/probe/main.ts', out: 'dist/probe.js' },
];

function buildProgram({ entry, out }) {
  const style = { format: 'cjs', minify: production, sourcemap: production ? false : 'linked' };
  return build({ ...common, ...style, entryPoints: [entry], outfile: out });
}

/**
 * The extension: what `import()` asks for lies in files of its own, read on first use, so that activation need not
 * compile it. esbuild splits only ES modules and the extension host loads only CommonJS, hence two passes.
 */
async function buildExtension() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/extension.ts'],
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    chunkNames: 'extension-[hash]',
    sourcemap: production ? false : 'inline',
    write: false,
  });
  await mkdir(path.join(root, 'dist'), { recursive: true });
  await Promise.all(outputFiles.map(({ path: file, text }) => writeAsCommonJs(file, text)));
}

async function writeAsCommonJs(file, text) {
  const { code } = await transform(withPlainVscode(text), {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
    minify: production,
    sourcemap: production ? false : 'inline',
    legalComments: 'none',
  });
  await writeFile(file, code);
}

/**
 * As an ES module each importer would get a copy of `vscode`'s hundreds of properties, which is a fifth of the time
 * that loading takes. On the file's first line, so that the lines of its source map stay true.
 */
function withPlainVscode(text) {
  const names = [];
  const rest = text.replaceAll(/^import \* as (\w+) from "vscode";$/gm, (_, name) => {
    names.push(`${name} = require("vscode")`);
    return '';
  });
  if (/^import .*"vscode";$/m.test(rest))
    throw new Error("Import vscode as `import * as vscode from 'vscode'`");
  return names.length === 0 ? rest : `var ${names.join(', ')}; ${rest}`;
}

// Chunks of an earlier build have other names.
await rm(path.join(root, 'dist'), { recursive: true, force: true });
await Promise.all([...programs.map(buildProgram), buildExtension()]);
