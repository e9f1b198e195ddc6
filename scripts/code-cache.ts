import { openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import type { Start } from '../src/probe/boot';

/**
 * BUNDLE ADDON CACHE: writes the code that V8 has compiled after scans of this machine's loopback address, for
 * src/probe/boot.ts. Run by the Node, and with the options, of the executable: V8 takes a cache of no other.
 */

/** Enough that V8 compiles what a scan repeats; where hardly anybody listens. */
const PORTS = '20000-21999';
/** Without the right to raw sockets: no cache for what it did not run. */
const MISSING_RIGHT = 3;

const [bundle = '', addon = '', cache = ''] = process.argv.slice(2);
// A scan gives up its rights, and with them perhaps that to write here.
const out = openSync(cache, 'w');
const script = new Script(readFileSync(bundle, 'utf8'), { filename: 'portlight-probe.js' });
const start = script.runInThisContext() as Start;
// In this order: the first one that may ends with no rights.
const techniques = ['syn', 'connect'];

process.stdout.write = () => true;
process.on('beforeExit', () => {
  const { exitCode = 0 } = process;
  if (exitCode !== 0 && exitCode !== MISSING_RIGHT) return;
  process.exitCode = 0;
  const technique = techniques.shift();
  if (technique === undefined) {
    process.removeAllListeners('beforeExit');
    writeSync(out, script.createCachedData());
    return;
  }
  const options = ['--technique', technique, '--timing', 'fast', '--format', 'jsonl'];
  process.argv = [process.execPath, bundle, 'scan', '127.0.0.1', '-p', PORTS, ...options];
  start({}, createRequire(bundle), {}, bundle, path.dirname(addon));
  // A run that ends before it waits for anything would be the last.
  setImmediate(() => undefined);
});
