import { Worker } from 'node:worker_threads';
import { systemClock, type Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { SourceError } from '../ports/source';
import type { Reply, Request, RequestTable, WorkerData } from './wire';

export interface ClientOptions {
  /** The bundled worker. */
  readonly workerPath: string;
  readonly platform: NodeJS.Platform;
  readonly clock?: Clock;
  /** Milliseconds for one request; a worker that needs longer is ended. */
  readonly deadlineMs?: number;
  /** Hears of everything that no request's promise tells: why a worker ended. */
  readonly onError?: (error: unknown) => void;
}

type Name<T extends RequestTable> = keyof T & string;
type Result<T extends RequestTable, K extends Name<T>> = Awaited<ReturnType<T[K]>>;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: SourceError) => void;
  readonly deadline: Disposable;
}

/** One life of a worker. What it still says after its end reaches only its own, empty, `pending`. */
interface Session {
  /** Counts lives: an answer's `session` tells whether the worker has forgotten what it once sent. */
  readonly number: number;
  readonly worker: Worker;
  readonly startedAt: number;
  readonly pending: Map<number, Pending>;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly session: Session }
  /** Died lately: not started again before `until`. */
  | { readonly kind: 'resting'; readonly until: number; readonly cause: SourceError }
  | { readonly kind: 'disposed' };

const DEADLINE_MS = 15_000;
const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 30_000;
/** A worker that lived this long was healthy: the next rest is short again. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * Asks the worker. It is started by the first request, and again, after a rest that doubles, by the first request
 * after its death.
 */
export class WorkerClient<T extends RequestTable> implements Disposable {
  private state: State = { kind: 'idle' };
  private readonly clock: Clock;
  private sessions = 0;
  private lastId = 0;
  private restMs = FIRST_REST_MS;

  constructor(private readonly options: ClientOptions) {
    this.clock = options.clock ?? systemClock;
  }

  /**
   * @returns the handler's result, and in which life of the worker it was made.
   * @throws SourceError
   */
  async request<K extends Name<T>>(
    name: K,
    ...args: Parameters<T[K]>
  ): Promise<{ readonly value: Result<T, K>; readonly session: number }> {
    const session = this.session();
    const id = ++this.lastId;
    return await new Promise((resolve, reject) => {
      const deadlineMs = this.options.deadlineMs ?? DEADLINE_MS;
      const deadline = this.clock.after(deadlineMs, () => {
        this.end(session, new SourceError('timeout', `No answer to '${name}' within ${deadlineMs} ms`));
      });
      session.pending.set(id, {
        // The table types what the handler of this name returns; the thread boundary erased it.
        resolve: (value) => {
          resolve({ value: value as Result<T, K>, session: session.number });
        },
        reject,
        deadline,
      });
      const request: Request = { id, name, args };
      session.worker.postMessage(request);
    });
  }

  dispose(): void {
    const state = this.state;
    this.state = { kind: 'disposed' };
    if (state.kind === 'running') this.close(state.session, new SourceError('worker-died', 'Disposed'));
  }

  private session(): Session {
    const state = this.state;
    switch (state.kind) {
      case 'running':
        return state.session;
      case 'disposed':
        throw new SourceError('worker-died', 'Disposed');
      case 'resting':
        if (this.clock.now() < state.until) throw state.cause;
        return this.start();
      case 'idle':
        return this.start();
    }
  }

  private start(): Session {
    const workerData: WorkerData = { platform: this.options.platform };
    // Without the host's own arguments: an inspector's port, for one, can be taken only once.
    const worker = new Worker(this.options.workerPath, {
      workerData,
      execArgv: [],
      name: 'portlight-machine',
    });
    const session: Session = {
      number: ++this.sessions,
      worker,
      startedAt: this.clock.now(),
      pending: new Map(),
    };
    // The editor's exit does not wait for a reader.
    worker.unref();
    worker.on('message', (reply: Reply) => {
      receive(session, reply);
    });
    worker.on('error', (error) => {
      this.end(
        session,
        new SourceError('worker-died', `The reader failed: ${describe(error)}`, { cause: error }),
      );
    });
    worker.on('exit', (code) => {
      this.end(session, new SourceError('worker-died', `The reader ended with code ${code}`));
    });
    this.state = { kind: 'running', session };
    return session;
  }

  /** Does nothing for a session that has ended already. */
  private end(session: Session, cause: SourceError): void {
    if (this.state.kind !== 'running' || this.state.session !== session) return;
    const now = this.clock.now();
    if (now - session.startedAt >= HEALTHY_AFTER_MS) this.restMs = FIRST_REST_MS;
    this.state = { kind: 'resting', until: now + this.restMs, cause };
    this.restMs = Math.min(this.restMs * 2, LONGEST_REST_MS);
    this.options.onError?.(cause);
    this.close(session, cause);
  }

  private close(session: Session, cause: SourceError): void {
    const waiting = [...session.pending.values()];
    session.pending.clear();
    for (const { deadline, reject } of waiting) {
      deadline.dispose();
      reject(cause);
    }
    session.worker.terminate().catch((error: unknown) => this.options.onError?.(error));
  }
}

function receive(session: Session, reply: Reply): void {
  const pending = session.pending.get(reply.id);
  if (pending === undefined) return;
  session.pending.delete(reply.id);
  pending.deadline.dispose();
  if (reply.kind === 'done') pending.resolve(reply.value);
  else pending.reject(sourceError(reply));
}

function sourceError(reply: Reply & { kind: 'failed' }): SourceError {
  const cause = new Error(reply.message);
  if (reply.stack !== undefined) cause.stack = reply.stack;
  return new SourceError(reply.code === 'no-proc' ? 'no-proc' : 'internal', reply.message, { cause });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
