import type { Clock } from '../../../src/base/clock';
import type { Disposable } from '../../../src/base/disposable';
import type { Listener } from '../../../src/ports/listener';
import type { Owner, Process, ProcessId } from '../../../src/ports/owner';
import type {
  PortState,
  ProcessControl,
  Signal,
  SignalOptions,
  SignalRefusal,
} from '../../../src/stop/control';
import { executeStop } from '../../../src/stop/execute';
import type { ListenerOutcome, StopOutcome } from '../../../src/stop/outcome';
import type { StopOptions } from '../../../src/stop/options';
import { prepareStop, type StopPlan, type StopRequest } from '../../../src/stop/plan';
import type { EditorFacts } from '../../../src/stop/refusals';

/** A clock that stands still until nothing else can happen, then leaps to its next timer. */
class FakeClock implements Clock {
  private time = 1_000_000;
  private readonly timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer = { at: this.time + ms, callback };
    this.timers.add(timer);
    return { dispose: () => this.timers.delete(timer) };
  }

  /** Runs until the promise is settled. */
  async drive<T>(promise: Promise<T>): Promise<T> {
    const state = { settled: false };
    const mark = (): void => {
      state.settled = true;
    };
    promise.then(mark, mark);
    for (let leaps = 0; leaps < 20_000; leaps++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (state.settled) return promise;
      const next = [...this.timers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined) throw new Error('Nothing is scheduled, and the promise is not settled');
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    throw new Error('The promise is never settled');
  }
}

export const EDITOR: EditorFacts = {
  ownPid: 500,
  ancestors: [400, 1],
  appRoot: '/opt/code/resources/app',
  terminalShellPids: [600],
};

export const USER = 1000;

export function aProcess(pid: number, facts: Partial<Process> = {}): Process {
  return {
    pid,
    startTicks: pid * 10,
    parentPid: 1,
    name: 'node',
    commandLine: ['node', `server${pid}.js`],
    uid: USER,
    user: 'alice',
    startedAt: 0,
    state: 'S',
    ...facts,
  };
}

/** What a process does on a signal, instead of ending. */
export type Reaction = 'end' | 'ignore' | ((signal: Signal) => void);

interface Socket {
  readonly inode: number;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly address: string;
  readonly holders: Set<number>;
}

/** Processes and sockets that behave as told, behind the interfaces that a stop uses. */
export class FakeMachine implements ProcessControl, PortState {
  readonly clock = new FakeClock();
  readonly processes = new Map<number, Process>();
  readonly sockets: Socket[] = [];
  /** Every signal that arrived: `SIGTERM 12`. */
  readonly signals: string[] = [];
  readonly reactions = new Map<number, Reaction>();
  readonly foreign = new Set<number>();
  /** Called before each look. */
  beforeLook: (count: number) => void = () => undefined;
  looks = 0;
  private nextInode = 1;

  constructor() {
    this.add(aProcess(1, { name: 'systemd', uid: 0, user: 'root', parentPid: 0 }));
  }

  add(process: Process, reaction: Reaction = 'end'): Process {
    this.processes.set(process.pid, process);
    this.reactions.set(process.pid, reaction);
    return process;
  }

  listen(port: number, ...holders: readonly number[]): Socket {
    const socket: Socket = {
      inode: this.nextInode++,
      protocol: 'tcp',
      port,
      address: '127.0.0.1',
      holders: new Set(holders),
    };
    this.sockets.push(socket);
    return socket;
  }

  close(socket: Socket): void {
    this.sockets.splice(this.sockets.indexOf(socket), 1);
  }

  end(pid: number): void {
    this.processes.delete(pid);
    for (const socket of [...this.sockets]) {
      socket.holders.delete(pid);
      if (socket.holders.size === 0) this.close(socket);
    }
    for (const child of [...this.processes.values()].filter(({ parentPid }) => parentPid === pid)) {
      this.processes.set(child.pid, { ...child, parentPid: 1 });
    }
  }

  /** The row of a port now. */
  row(port: number): Listener {
    const row = this.rows().find((it) => it.port === port);
    if (row === undefined) throw new Error(`Nothing listens on ${port}`);
    return row;
  }

  rows(): readonly Listener[] {
    return this.sockets.map((socket) => {
      const owner = this.ownerOf(socket);
      const who = owner.kind === 'exact' ? `${owner.process.pid}@${owner.process.startTicks}` : 'kernel';
      return {
        id: `${socket.protocol}:${socket.port}:${who}`,
        protocol: socket.protocol,
        port: socket.port,
        endpoints: [
          {
            protocol: socket.protocol,
            family: 'ipv4',
            address: socket.address,
            port: socket.port,
            scope: 'loopback',
          },
        ],
        scope: 'loopback',
        owner,
        inodes: [socket.inode],
      };
    });
  }

  private ownerOf({ holders }: Socket): Owner {
    const [process, ...coOwners] = [...holders]
      .sort((a, b) => a - b)
      .map((pid) => this.processes.get(pid))
      .filter((it) => it !== undefined);
    if (process === undefined) return { kind: 'kernel', uid: 0 };
    const parents: Process[] = [];
    for (let at = this.processes.get(process.parentPid); at; at = this.processes.get(at.parentPid))
      parents.push(at);
    return { kind: 'exact', process, parents, coOwners };
  }

  look(): Promise<readonly Listener[]> {
    this.beforeLook(++this.looks);
    return Promise.resolve(this.rows());
  }

  inspect(pid: number): Promise<Process | undefined> {
    return Promise.resolve(this.processes.get(pid));
  }

  private refuse({ pid, startTicks }: ProcessId, { mustHold }: SignalOptions): SignalRefusal | undefined {
    const process = this.processes.get(pid);
    if (process === undefined) return { kind: 'gone' };
    if (process.startTicks !== startTicks) return { kind: 'changed' };
    if (this.foreign.has(pid)) return { kind: 'not-permitted' };
    const holds = this.sockets.some(({ inode, holders }) => holders.has(pid) && mustHold?.includes(inode));
    return mustHold === undefined || holds ? undefined : { kind: 'socket-not-held' };
  }

  verify(target: ProcessId, options: SignalOptions = {}): Promise<{ kind: 'valid' } | SignalRefusal> {
    return Promise.resolve(this.refuse(target, options) ?? { kind: 'valid' });
  }

  signal(
    target: ProcessId,
    signal: Signal,
    options: SignalOptions = {},
  ): Promise<{ kind: 'sent' } | SignalRefusal> {
    const refusal = this.refuse(target, options);
    if (refusal !== undefined) return Promise.resolve(refusal);
    this.signals.push(`${signal} ${target.pid}`);
    const reaction = this.reactions.get(target.pid) ?? 'end';
    if (typeof reaction === 'function') reaction(signal);
    else if (signal === 'SIGKILL' || reaction === 'end') this.end(target.pid);
    return Promise.resolve({ kind: 'sent' });
  }

  descendants(root: ProcessId): Promise<readonly Process[]> {
    const found: Process[] = [];
    const parents = [root.pid];
    for (let parent = parents.shift(); parent !== undefined; parent = parents.shift()) {
      for (const child of this.processes.values()) {
        if (child.parentPid !== parent) continue;
        found.push(child);
        parents.push(child.pid);
      }
    }
    return Promise.resolve(found);
  }

  plan(request: StopRequest): Promise<StopPlan> {
    return prepareStop(request, { listeners: this.rows(), uid: USER, editor: EDITOR }, this);
  }

  /** Plans and executes; the user lets things be killed when the grace period is over. */
  async stop(
    request: StopRequest,
    options: Partial<StopOptions> = {},
    between: () => void = () => undefined,
  ): Promise<readonly ListenerOutcome[]> {
    const plan = await this.plan(request);
    between();
    return this.clock.drive(
      executeStop(
        plan,
        { control: this, ports: this, clock: this.clock },
        { graceMs: 3000, onGraceOver: () => Promise.resolve('kill'), ...options },
      ),
    );
  }

  /** The outcome of stopping one port. */
  async stopPort(
    port: number,
    options: Partial<StopOptions> & { level?: StopRequest['level'] } = {},
    between?: () => void,
  ): Promise<StopOutcome> {
    const { level = 'stop', ...rest } = options;
    const [first] = await this.stop({ level, listeners: [this.row(port)] }, rest, between);
    if (first === undefined) throw new Error('No outcome');
    return first.outcome;
  }
}
