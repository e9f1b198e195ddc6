import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as sea from 'node:sea';
import { damageSum } from './damage';
import { batchIoFactory, hasRawFunctions } from './packets/batchIo';
import type { Environment } from './engine/environment';
import type { NativeAddon } from './native';
import { rawSocketIoFactory, type RawSocketAddon } from './packets/rawSocketIo';

/** Set when the bundle is made (scripts/build.mjs). */
declare const PORTLIGHT_VERSION: string;

export const VERSION = typeof PORTLIGHT_VERSION === 'string' ? PORTLIGHT_VERSION : '0.0.0';

/** Assets of the executable, see scripts/build-probe.ts. */
const ADDON_ASSET = 'portlight.node';
const RAW_SOCKET_ASSET = 'raw.node';
const SUMS_ASSET = 'sums.json';

const CAP_NET_RAW = 13;
const CAP_NET_ADMIN = 12;

interface Loaded {
  readonly addon?: NativeAddon;
  readonly rawSocket?: () => RawSocketAddon;
}

/**
 * Loads what is native, and says what this helper can do. An executable carries its addons; the bundle takes the one
 * that lies beside it, if nobody else can write there; without one it connects through Node's own sockets.
 */
export function loadEnvironment(engine?: 'addon' | 'raw-socket' | 'net'): Environment {
  const { addon, rawSocket }: Loaded =
    engine === 'net' ? {} : sea.isSea() ? loadAssets() : loadBeside(__dirname);
  const files = addon?.raiseFileLimit() ?? 1024;
  const packets = packetsOf(addon, engine === 'raw-socket' ? rawSocket : undefined);
  return {
    version: VERSION,
    engine: addon === undefined ? 'net' : sea.isSea() ? 'raw' : 'addon',
    files,
    packets,
    ...(addon === undefined ? {} : { addon }),
    ...(sea.isSea() ? { executable: process.execPath } : {}),
  };
}

function packetsOf(
  addon: NativeAddon | undefined,
  rawSocket: (() => RawSocketAddon) | undefined,
): Environment['packets'] {
  if (process.platform !== 'linux')
    return { missing: 'platform', detail: `${process.platform} gives no TCP packets to raw sockets.` };
  if (addon === undefined || !hasRawFunctions(addon))
    return { missing: 'platform', detail: 'This helper has no raw engine; the one for Linux x64 has.' };
  if (!hasCapability(addon.capabilities(), CAP_NET_RAW))
    return { missing: 'permission', detail: 'Raw sockets need CAP_NET_RAW, which the helper does not have.' };
  const batches = batchIoFactory(addon);
  return rawSocket === undefined ? batches : rawSocketIoFactory(rawSocket(), batches);
}

function hasCapability(permitted: number, capability: number): boolean {
  return Math.floor(permitted / 2 ** capability) % 2 === 1;
}

/**
 * Gives up every capability but those for raw sockets and their buffers (`sockets`), or all of them, in every
 * thread and for good. @returns how many threads could not be reached.
 */
export function dropRights(environment: Environment, keep: 'sockets' | 'nothing'): number {
  const { addon } = environment;
  if (addon === undefined || !hasRawFunctions(addon) || addon.capabilities() === 0) return 0;
  return addon.dropCapabilities(keep === 'nothing' ? 0 : (1 << CAP_NET_RAW) | (1 << CAP_NET_ADMIN));
}

function load(file: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

/** The addon beside the bundle. A directory that others can write to is no place to load code from. */
function loadBeside(directory: string): Loaded {
  const file = join(directory, ADDON_ASSET);
  if (!existsSync(file)) return {};
  if (process.platform !== 'win32') {
    for (const path of [file, dirname(file)]) {
      const { uid, mode } = statSync(path);
      if ((uid !== 0 && uid !== process.getuid?.()) || (mode & 0o022) !== 0) {
        process.stderr.write(`${path} can be changed by others: the addon is not loaded.\n`);
        return {};
      }
    }
  }
  return { addon: load(file) as NativeAddon };
}

/** Writes an embedded addon where only we can read it, checks it, loads it, and removes it again. */
function loadAssets(): Loaded {
  const sums = JSON.parse(sea.getAsset(SUMS_ASSET, 'utf8')) as Record<string, number>;
  return {
    addon: loadAsset(ADDON_ASSET, sums) as NativeAddon,
    // Only on demand: it is bound to one thread, and it starts to poll when it is loaded.
    rawSocket: () => loadAsset(RAW_SOCKET_ASSET, sums) as RawSocketAddon,
  };
}

function loadAsset(name: string, sums: Readonly<Record<string, number>>): unknown {
  const bytes = Buffer.from(sea.getRawAsset(name) as ArrayBuffer);
  if (damageSum(bytes) !== sums[name])
    throw new Error(`The embedded ${name} is damaged: install the helper again.`);
  const directory = mkdtempSync(join(tmpdir(), 'portlight-probe-'));
  const file = join(directory, name);
  try {
    chmodSync(directory, 0o700);
    const descriptor = openSync(file, 'wx', 0o500);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    } finally {
      closeSync(descriptor);
    }
    return load(file);
  } finally {
    if (existsSync(file)) unlinkSync(file);
    rmdirSync(directory);
  }
}
