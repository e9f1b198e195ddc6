// Changes sockets at random, and compares every tick of the reader with ss. Runs in a network namespace of its own
// (`unshare --net`), so that nobody else's sockets move between the two. Prints one line of JSON.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { LinuxReader } from '../../src/machine/linux/reader';
import { applyDelta } from './support/apply';
import { Actor, type Family, type Flag } from './support/actor';
import { Random } from './support/random';
import { readSs } from './support/ss';
import { linesOf, linesOfSs } from './support/truth';
import type { Listener } from '../../src/ports/listener';

export interface TortureResult {
  readonly seed: number;
  readonly ticks: number;
  /** Ticks with a real change before them. */
  readonly changes: number;
  /** Ticks after which rows (protocol, port, addresses, inodes) differed from ss. */
  readonly wrongSockets: number;
  /** Ticks after which only the holders differed: a fork that inherited a socket changes no table. */
  readonly wrongOwners: number;
  /** The longest run of wrong ticks, in ticks of 2 s. */
  readonly longestWrong: number;
  /** Wrong ticks that lasted longer than healing may take. */
  readonly wrongAfterHealing: number;
  readonly examples: readonly string[];
}

const TICK_MS = 2000;
/** The reader looks for forks every 30 s. */
const HEALED_AFTER_TICKS = 16;
const ACTORS = 8;
const MOST_SOCKETS = 30;

/** What an actor has open. */
interface Cast {
  readonly actor: Actor;
  readonly listening: { key: string; port: number; family: Family }[];
  readonly other: string[];
  readonly forks: number[];
}

class Stage {
  private readonly cast: Cast[] = [];
  private keys = 0;

  constructor(private readonly random: Random) {}

  async hire(): Promise<void> {
    this.cast.push({ actor: await Actor.start(), listening: [], other: [], forks: [] });
  }

  async end(): Promise<void> {
    await Promise.all(this.cast.map(({ actor }) => actor.end()));
  }

  /** One to three random changes, in most ticks. @returns whether there were any. */
  async change(): Promise<boolean> {
    if (this.random.next() > 0.8) return false;
    for (let count = 1 + this.random.below(3); count > 0; count--) await this.act();
    return true;
  }

  private async act(): Promise<void> {
    const cast = this.random.pick(this.cast);
    const chance = this.random.next();
    if (chance < 0.3) await this.open(cast);
    else if (chance < 0.5) await this.close(cast);
    // One goes and one comes: every count of the kernel stays as it was.
    else if (chance < 0.65) await this.swap(cast);
    else if (chance < 0.85) await this.connect(cast);
    else if (chance < 0.92) await this.disconnect(cast);
    else if (chance < 0.96) await this.fork(cast);
    else await this.replace(cast);
  }

  private async open(cast: Cast): Promise<void> {
    if (cast.listening.length > MOST_SOCKETS / ACTORS) {
      await this.close(cast);
      return;
    }
    const key = `s${++this.keys}`;
    const family = this.random.pick<Family>([4, 6]);
    const address = this.random.pick(family === 4 ? ['0.0.0.0', '127.0.0.1', '127.0.0.2'] : ['::', '::1']);
    if (this.random.next() < 0.3) {
      await cast.actor.udp(key, family, address);
      cast.listening.push({ key, port: 0, family });
      return;
    }
    const flags: Flag[] = family === 6 && this.random.next() < 0.5 ? ['v6only'] : [];
    cast.listening.push({ key, port: await cast.actor.listen(key, family, address, 0, ...flags), family });
  }

  private async close(cast: Cast): Promise<void> {
    const gone = cast.listening.splice(this.random.below(cast.listening.length), 1)[0];
    if (gone !== undefined) await cast.actor.tell('close', gone.key);
  }

  private async swap(cast: Cast): Promise<void> {
    if (cast.listening.length === 0) return;
    await this.close(cast);
    await this.open(this.random.pick(this.cast));
  }

  private async connect(cast: Cast): Promise<void> {
    const target = this.random.pick(this.cast);
    const listening = target.listening.find(({ port }) => port !== 0);
    if (listening === undefined) return;
    const key = `c${++this.keys}`;
    try {
      await cast.actor.tell(
        'connect',
        key,
        'tcp',
        listening.family,
        listening.family === 4 ? '127.0.0.1' : '::1',
        listening.port,
      );
    } catch {
      return; // Bound to 127.0.0.2: refused, which counts as noise too.
    }
    cast.other.push(key);
    if (this.random.next() < 0.5) {
      const accepted = `a${++this.keys}`;
      await target.actor.tell('accept', accepted, listening.key);
      target.other.push(accepted);
    }
  }

  private async disconnect(cast: Cast): Promise<void> {
    const key = cast.other.splice(this.random.below(cast.other.length), 1)[0];
    if (key !== undefined) await cast.actor.tell('close', key);
  }

  private async fork(cast: Cast): Promise<void> {
    if (cast.forks.length > 1) {
      await this.replace(cast);
      return;
    }
    cast.forks.push(await cast.actor.fork());
  }

  /** Dies with its forks. Nobody waits for these, so look until they are gone: ss must see what the reader saw. */
  private async replace(cast: Cast): Promise<void> {
    this.cast.splice(this.cast.indexOf(cast), 1);
    await cast.actor.end();
    while (cast.forks.some((pid) => existsSync(`/proc/${pid}`)))
      await new Promise((resolve) => setTimeout(resolve, 1));
    await this.hire();
  }
}

async function torture(ticks: number, seed: number): Promise<TortureResult> {
  spawnSync('ip', ['link', 'set', 'lo', 'up']);
  const stage = new Stage(new Random(seed));
  for (let count = 0; count < ACTORS; count++) await stage.hire();
  let now = Date.now();
  const reader = new LinuxReader({ now: () => now });
  const listeners = new Map<string, Listener>();
  const counts = { changes: 0, wrongSockets: 0, wrongOwners: 0, longestWrong: 0, wrongAfterHealing: 0 };
  const examples: string[] = [];
  let wrongFor = 0;
  try {
    applyDelta(listeners, reader.refresh('full'));
    for (let tick = 0; tick < ticks; tick++) {
      if (await stage.change()) counts.changes++;
      now += TICK_MS;
      applyDelta(listeners, reader.refresh('tick'));
      const ours = linesOf(listeners.values());
      const truth = linesOfSs(readSs(), listeners.values());
      const wrongSockets = ours.sockets.join('\n') !== truth.sockets.join('\n');
      const wrong = wrongSockets || ours.owners.join('\n') !== truth.owners.join('\n');
      if (wrongSockets) counts.wrongSockets++;
      else if (wrong) counts.wrongOwners++;
      wrongFor = wrong ? wrongFor + 1 : 0;
      counts.longestWrong = Math.max(counts.longestWrong, wrongFor);
      if (wrongFor > HEALED_AFTER_TICKS) counts.wrongAfterHealing++;
      if ((wrongSockets || wrongFor > HEALED_AFTER_TICKS) && examples.length < 5) {
        const missing = truth.owners.filter((line) => !ours.owners.includes(line));
        const extra = ours.owners.filter((line) => !truth.owners.includes(line));
        examples.push(`tick ${tick}: missing [${missing.join('; ')}] extra [${extra.join('; ')}]`);
      }
    }
  } finally {
    reader.close();
    await stage.end();
  }
  return { seed, ticks, ...counts, examples };
}

const [ticks = '300', seed = '1'] = process.argv.slice(2);
void torture(Number(ticks), Number(seed)).then((result) => {
  console.log(JSON.stringify(result));
});
