import type Mocha from 'mocha';
import { spawnSync } from 'node:child_process';
import { LinuxReader, type ReaderOptions } from '../../../src/machine/linux/reader';
import type { Listener } from '../../../src/ports/listener';
import type { SnapshotDelta } from '../../../src/ports/snapshot';
import { skip } from '../../support/skip';
import { Actor } from './actor';
import { applyDelta } from './apply';

/** What one test starts: all of it ends with `end`. */
export class Lab {
  private readonly actors: Actor[] = [];
  private readonly steps: (() => unknown)[] = [];
  readonly listeners = new Map<string, Listener>();
  private reader: LinuxReader | undefined;

  async actor(options: Parameters<typeof Actor.start>[0] = {}): Promise<Actor> {
    const actor = await Actor.start(options);
    this.actors.push(actor);
    return actor;
  }

  /** Runs at the end, last added first. */
  finally(step: () => unknown): void {
    this.steps.push(step);
  }

  /** The same reader every time: `look('tick')` after `look('full')` sees only what changed. */
  look(depth: 'tick' | 'tables' | 'full' = 'full', options?: ReaderOptions): SnapshotDelta | undefined {
    this.reader ??= new LinuxReader(options);
    const delta = this.reader.refresh(depth);
    applyDelta(this.listeners, delta);
    return delta;
  }

  get source(): LinuxReader {
    this.reader ??= new LinuxReader();
    return this.reader;
  }

  /** Rows of this port as of the last look. */
  on(port: number, protocol: 'tcp' | 'udp' = 'tcp'): Listener[] {
    return [...this.listeners.values()].filter((row) => row.port === port && row.protocol === protocol);
  }

  /** The one row of this port. @throws where there is none, or several. */
  only(port: number, protocol: 'tcp' | 'udp' = 'tcp'): Listener {
    const rows = this.on(port, protocol);
    const [row] = rows;
    if (row === undefined || rows.length > 1) {
      throw new Error(`${rows.length} rows of ${protocol} ${port}: ${rows.map(({ id }) => id).join(', ')}`);
    }
    return row;
  }

  async end(): Promise<void> {
    this.reader?.close();
    for (const actor of this.actors) await actor.end();
    for (const step of this.steps.reverse()) await step();
  }
}

/** Runs a test with a lab of its own. */
export function inLab(test: (this: Mocha.Context, lab: Lab) => Promise<void>): Mocha.AsyncFunc {
  return async function (this: Mocha.Context) {
    const lab = new Lab();
    try {
      await test.call(this, lab);
    } finally {
      await lab.end();
    }
  };
}

export function needsLinux(context: Mocha.Context): void {
  if (process.platform !== 'linux') skip(context, 'needs Linux');
}

export function needsRoot(context: Mocha.Context): void {
  if (process.getuid?.() !== 0) skip(context, 'needs root');
}

export function needsCommand(context: Mocha.Context, command: string): void {
  const { error } = spawnSync(command, ['--version'], { stdio: 'ignore' });
  if (error !== undefined) skip(context, `needs ${command}`);
}

/** Waits until something is so. @throws after ten seconds. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
