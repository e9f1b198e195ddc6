import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ownGroup, runOrThrow, type OwnedGroup } from '../support/run';

/** The address of the namespace that `npm run test:services` makes for itself: nothing sent to it leaves. */
export const ADDRESS = '192.0.2.2';
export const ADDRESS6 = 'fd00::2';

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user, who also gets the server's folder. */
  readonly user?: string;
  /** Ready when this port listens (read in /proc: not one packet is sent). */
  readonly port: number;
  readonly transport?: 'tcp' | 'udp';
  readonly readyMs?: number;
  /** … and when it has written this. */
  readonly ready?: RegExp;
}

/** One server under test: its processes (what it needs is started first), its folder, and what it wrote. */
export class Server {
  private output = '';
  private readonly groups: OwnedGroup[] = [];
  private child: ChildProcess | undefined;
  private readonly others: (() => Promise<void>)[] = [];

  private constructor(readonly folder: string) {}

  static async inNewFolder(): Promise<Server> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'portlight-service-'));
    await chmod(folder, 0o755);
    return new Server(folder);
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  async write(name: string, text: string, mode = 0o644): Promise<string> {
    await writeFile(this.file(name), text, { mode });
    return this.file(name);
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('not started');
    return this.child.pid;
  }

  get log(): string {
    return this.output;
  }

  /** Runs a command to its end as the server's user: to prepare its data, or to look at it. */
  async run(command: string, args: readonly string[], user?: string, timeoutMs = 60_000): Promise<string> {
    const whole = [...asUser(user), command, ...args];
    return await runOrThrow(whole[0] ?? command, whole.slice(1), { cwd: this.folder, timeoutMs });
  }

  async own(user: string): Promise<void> {
    await runOrThrow('chown', ['-R', `${user}:`, this.folder], { timeoutMs: 10_000 });
  }

  async start(command: string, options: StartOptions): Promise<this> {
    const whole = [...asUser(options.user), command, ...(options.args ?? [])];
    const child = spawn(whole[0] ?? command, whole.slice(1), {
      cwd: this.folder,
      env: { ...process.env, HOME: this.folder, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.child = child;
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    if (child.pid !== undefined) this.groups.unshift(ownGroup(child.pid, gone));
    const collect = (chunk: Buffer): void => {
      this.output += chunk.toString('latin1');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      this.output += `\n${error.message}\n`;
    });
    await this.untilReady(options, options.readyMs ?? 30_000);
    return this;
  }

  private async untilReady({ port, transport = 'tcp', ready }: StartOptions, ms: number): Promise<void> {
    const end = Date.now() + ms;
    while (!(await listens(port, transport)) || ready?.test(this.output) === false) {
      const gone = this.child?.exitCode !== null || this.child.signalCode !== null;
      if (gone || Date.now() > end)
        throw new Error(
          `No listener on ${port} ${gone ? '(it ended)' : `after ${ms} ms`}\n${this.output.slice(-3000)}`,
        );
      await sleep(50);
    }
  }

  /** Waits until the server has written nothing for a while: it has started, whatever it still had to say. */
  async settle(quietMs = 250, maxMs = 5000): Promise<void> {
    const end = Date.now() + maxMs;
    let seen = -1;
    while (seen !== this.output.length && Date.now() < end) {
      seen = this.output.length;
      await sleep(quietMs);
    }
  }

  /** Something else that ends with the server. */
  also(stop: () => Promise<void>): void {
    this.others.push(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.others) await stop();
    for (const group of this.groups) await group.end();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function asUser(user: string | undefined): string[] {
  return user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--'];
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether a socket listens on that port in this namespace (proc(5), net/tcp: state 0A; UDP sockets are 07). */
export async function listens(port: number, transport: 'tcp' | 'udp'): Promise<boolean> {
  const digits = port.toString(16).toUpperCase().padStart(4, '0');
  const wanted = new RegExp(
    `^\\s*\\d+: [0-9A-F]+:${digits} [0-9A-F]+:0000 ${transport === 'tcp' ? '0A' : '07'} `,
    'mu',
  );
  const tables = await Promise.all(
    [transport, `${transport}6`].map((table) => readFile(`/proc/self/net/${table}`, 'utf8')),
  );
  return tables.some((table) => wanted.test(table));
}
