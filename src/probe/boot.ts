import * as sea from 'node:sea';
import { Script } from 'node:vm';

/**
 * What the executable runs: the bundle, with the compiled code that scripts/code-cache.ts took from a scan. Node's own
 * cache for executables holds no function's code, and compiling those was a tenth of a scan of one port.
 */

/** The bundle as a CommonJS module (scripts/build-probe.ts wraps it). */
export type Start = (
  exports: object,
  require: NodeJS.Require,
  module: object,
  filename: string,
  dirname: string,
) => void;

declare global {
  /** Whether this machine's V8 took the compiled code; without it everything works, and starts later. */
  var portlightCodeCache: boolean | undefined;
}

const asset = (name: string): Buffer => Buffer.from(sea.getRawAsset(name) as ArrayBuffer);

// esbuild escapes what is not ASCII, and the quicker decoder will do.
const script = new Script(asset('probe.js').toString('latin1'), {
  filename: 'portlight-probe.js',
  cachedData: asset('probe.cache'),
});
globalThis.portlightCodeCache = script.cachedDataRejected === false;
(script.runInThisContext() as Start)(exports as object, require, module, __filename, __dirname);
