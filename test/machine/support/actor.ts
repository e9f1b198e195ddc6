import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ownGroup, type OwnedGroup } from '../../support/run';

export type Family = 4 | 6;
export type Flag = 'v6only' | 'dual' | 'reuseport' | 'nolisten' | 'exclusive';

const SCRIPT = path.join(__dirname, 'actor.pl');

/** A process that opens, shares and closes sockets as it is told: a server under test of 3 MB. */
export class Actor {
  private readonly answers: ((line: string | undefined) => void)[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly group: OwnedGroup,
    readonly pid: number,
  ) {
    if (child.stdout === null) throw new Error('An actor without a voice');
    const lines = createInterface(child.stdout);
    lines.on('line', (line) => this.answers.shift()?.(line));
    lines.on('close', () => {
      for (const answer of this.answers.splice(0)) answer(undefined);
    });
  }

  static async start(
    options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<Actor> {
    const child = spawn('perl', [SCRIPT], {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
      detached: true,
      cwd: options.cwd,
      env: { PATH: process.env['PATH'], ...options.env },
    });
    const ended = new Promise<void>((resolve, reject) => {
      child.once('exit', () => {
        resolve();
      });
      child.once('error', reject);
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    if (child.pid === undefined) throw new Error('An actor without a pid');
    // A write to an actor that was ended on purpose is no failure of the test.
    child.stdin?.on('error', () => undefined);
    return new Actor(child, ownGroup(child.pid, ended), child.pid);
  }

  /** @returns what follows `ok`. @throws with the actor's words. */
  async tell(...words: readonly (string | number)[]): Promise<string> {
    const answer = new Promise<string | undefined>((resolve) => this.answers.push(resolve));
    this.child.stdin?.write(`${words.join(' ')}\n`);
    const line = await answer;
    if (line?.startsWith('ok') !== true)
      throw new Error(`${words.join(' ')}: ${line ?? 'the actor has ended'}`);
    return line.slice(3);
  }

  /** @returns the port. */
  async listen(key: string, family: Family, address: string, port = 0, ...flags: Flag[]): Promise<number> {
    return Number(await this.tell('tcp', key, family, address, port, flags.join(',')));
  }

  /** @returns the port. */
  async udp(key: string, family: Family, address: string, port = 0, ...flags: Flag[]): Promise<number> {
    return Number(await this.tell('udp', key, family, address, port, flags.join(',')));
  }

  /** @returns the pid of a child that holds everything that is open now, until `end`. */
  async fork(): Promise<number> {
    return Number(await this.tell('fork'));
  }

  /** Ends this process only; what it forked lives on. Resolves when it is gone. */
  async quit(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    await gone;
  }

  /** Ends it and all that it forked. */
  async end(): Promise<void> {
    await this.group.end();
  }
}
