import { build } from 'esbuild';
import path from 'node:path';

const root = path.resolve(__dirname, '../../..');

/** Bundles a program into `folder`, as the product's are. @param entry from the root. @returns its path. */
export async function bundle(entry: string, folder: string): Promise<string> {
  const outfile = path.join(folder, path.basename(entry).replace(/\.ts$/, '.cjs'));
  await build({
    entryPoints: [path.join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    logLevel: 'warning',
  });
  return outfile;
}
