import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

/** How the helper is started. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The helper of an installed extension: the executable where its package has one, else the bundle under the runtime
 * of the extension host. @param root the folder of the extension.
 */
export function findHelper(root: string): Launch | undefined {
  const executable = join(root, 'bin', 'portlight-probe');
  if (process.platform === 'linux' && process.arch === 'x64' && isExecutable(executable))
    return { command: executable, args: ['serve'], env: cleanEnvironment() };
  const bundle = join(root, 'dist', 'probe.js');
  if (!existsSync(bundle)) return undefined;
  return {
    command: process.execPath,
    args: [bundle, 'serve'],
    // The runtime of a desktop editor is Electron: told so, it is Node.
    env: { ...cleanEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
  };
}

/** NODE_OPTIONS could load code into the helper, which may have rights that its caller has not. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment['NODE_OPTIONS'];
  return environment;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or unpacked without its mode: the bundle serves.
    return false;
  }
}
