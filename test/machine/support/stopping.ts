import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import { systemClock } from '../../../src/base/clock';
import { ProcessController } from '../../../src/machine/linux/control';
import { LinuxReader } from '../../../src/machine/linux/reader';
import type { Listener } from '../../../src/ports/listener';
import type { Process } from '../../../src/ports/owner';
import { ListenerWatcher } from '../../../src/ports/watcher';
import type { ProcessControl } from '../../../src/stop/control';
import { executeStop } from '../../../src/stop/execute';
import type { StopMachine, StopOptions } from '../../../src/stop/options';
import type { ListenerOutcome } from '../../../src/stop/outcome';
import { prepareStop, type StopPlan, type StopRequest } from '../../../src/stop/plan';
import { portStateOf } from '../../../src/stop/port-state';
import { readEditorFacts } from '../../../src/stop/refusals';

/** The controller without a worker between. */
function directControl(controller = new ProcessController()): ProcessControl {
  return {
    inspect: (pid) => Promise.resolve(controller.inspect(pid)),
    verify: (target, options) => Promise.resolve(controller.verify(target, options)),
    signal: (target, signal, options) => Promise.resolve(controller.signal(target, signal, options)),
    descendants: (root) => Promise.resolve(controller.descendants(root)),
  };
}

/** This machine, and real processes on it that carry a mark, so that exactly they are ended afterwards. */
export class RealMachine {
  readonly control = directControl();
  private readonly reader = new LinuxReader();
  private readonly watcher = new ListenerWatcher(
    {
      refresh: (depth) => Promise.resolve(this.reader.refresh(depth)),
      connections: (id) => Promise.resolve(this.reader.connections(id)),
    },
    systemClock,
    { intervalMs: 60_000 },
  );
  readonly ports = portStateOf(this.watcher);
  private readonly mark = `PORTLIGHT_TEST=${process.pid}-${Math.random().toString(36).slice(2)}`;
  private readonly children: ChildProcess[] = [];

  get machine(): StopMachine {
    return { control: this.control, ports: this.ports, clock: systemClock };
  }

  /** @returns once the process has written a line: its port. */
  async start(
    command: string,
    args: readonly string[],
    options: { cwd?: string; uid?: number } = {},
  ): Promise<number> {
    const [name = '', value = ''] = this.mark.split('=');
    const child = spawn(command, args, {
      ...options,
      ...(options.uid === undefined ? {} : { gid: options.uid }),
      env: { ...process.env, [name]: value },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.children.push(child);
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      const port = /^port (\d+)$/m.exec(text)?.[1];
      if (port !== undefined) return Number(port);
    }
    throw new Error(`${command} ended without telling a port: ${text}`);
  }

  node(script: string, options: { uid?: number } = {}): Promise<number> {
    return this.start(process.execPath, ['-e', script], options);
  }

  /** The row of a port, with an owner. */
  async row(port: number): Promise<Listener> {
    const row = (await this.ports.look('full')).find((it) => it.port === port && it.protocol === 'tcp');
    if (row === undefined) throw new Error(`Nothing listens on ${port}`);
    return row;
  }

  async owner(port: number): Promise<Process> {
    const { owner } = await this.row(port);
    if (owner.kind !== 'exact') throw new Error(`The owner of ${port} is ${owner.kind}`);
    return owner.process;
  }

  async plan(request: StopRequest): Promise<StopPlan> {
    const facts = { ownPid: process.pid, appRoot: '/nowhere', terminalShellPids: [] };
    const editor = await readEditorFacts(this.control, facts);
    const listeners = await this.ports.look('full');
    return prepareStop(request, { listeners, uid: process.getuid?.() ?? -1, editor }, this.control);
  }

  async stop(request: StopRequest, options: Partial<StopOptions> = {}): Promise<readonly ListenerOutcome[]> {
    return this.execute(await this.plan(request), options);
  }

  execute(plan: StopPlan, options: Partial<StopOptions> = {}): Promise<readonly ListenerOutcome[]> {
    const onGraceOver = (): Promise<'kill'> => Promise.resolve('kill');
    return executeStop(plan, this.machine, { graceMs: 5000, onGraceOver, ...options });
  }

  /** Pids that carry the mark. */
  marked(): readonly number[] {
    return fs
      .readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(this.mark));
  }

  /** Ends everything that was started here, and what that started. */
  async dispose(): Promise<void> {
    this.watcher.dispose();
    const exits = this.children
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map((child) => once(child, 'exit'));
    for (const child of this.children) child.stdout?.destroy();
    // A supervisor may start another between the look and the signal.
    for (let left = this.marked(); left.length > 0; left = this.marked()) {
      for (const pid of left) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await Promise.all(exits);
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // Ended meanwhile, or a kernel thread.
    return [];
  }
}

export async function isOpen(port: number): Promise<boolean> {
  const socket = net.connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** @returns whether a program is there. */
export function hasProgram(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(name, ['--version'], { timeout: 20_000 }, (error) => {
      resolve(error === null);
    });
  });
}
