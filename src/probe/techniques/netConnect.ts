import type { Socket } from 'node:net';
import type { Cells } from '../engine/cells';
import type { HostRun } from '../engine/host';
import type { Prober, ProbeSink } from '../engine/prober';
import type { VerdictTable } from '../engine/verdicts';

/** libuv makes each connect several turns of the loop: more at once only waits there. */
const SOCKETS = 200;
/** Out of descriptors or ports: how long before the next try. */
const PRESSURE_MS = 50;
const PRESSURE: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL']);

interface Attempt {
  readonly run: HostRun;
  readonly cell: number;
  readonly attempt: number;
  readonly timeoutMs: number;
}

/** TCP connects through Node's own sockets: where there is no addon for the platform. */
export class NetConnectProber implements Prober {
  readonly capacity = SOCKETS;
  readonly deadlineSlack = 5_000;
  private readonly sockets = new Set<Socket>();
  private readonly waiting: Attempt[] = [];
  private readonly results: { attempt: Attempt; code: string; ms: number }[] = [];
  private limit = SOCKETS;
  private pressure: ReturnType<typeof setTimeout> | undefined;
  private ready: () => void = () => undefined;
  private cancelled = false;

  constructor(
    private readonly cells: Cells,
    private readonly verdicts: VerdictTable,
  ) {}

  admit(): void {
    // Nothing to prepare: Node takes addresses as text.
  }

  release(): void {
    // Results of a host that left are dropped by the pass.
  }

  send(run: HostRun, cell: number, attempt: number, timeoutMs: number): boolean {
    if (this.waiting.length >= SOCKETS) return false;
    this.waiting.push({ run, cell, attempt, timeoutMs });
    return true;
  }

  flush(): void {
    while (!this.cancelled && this.sockets.size < this.limit && this.pressure === undefined) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.connect(next);
    }
  }

  private connect(attempt: Attempt): void {
    const start = performance.now();
    // Loaded where it is needed: the addon connects without it.
    const { Socket } = process.getBuiltinModule('node:net');
    const socket = new Socket();
    this.sockets.add(socket);
    let settled = false;
    const settle = (code: string): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      this.sockets.delete(socket);
      if (code === '') socket.resetAndDestroy();
      else socket.destroy();
      if (this.cancelled) return;
      if (PRESSURE.has(code)) this.slowDown(attempt);
      else this.results.push({ attempt, code, ms: performance.now() - start });
      this.flush();
      this.ready();
    };
    const timer = setTimeout(() => {
      settle('ETIMEDOUT');
    }, attempt.timeoutMs);
    socket.once('connect', () => {
      settle('');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      settle(error.code ?? 'ECONNABORTED');
    });
    socket.connect({
      host: attempt.run.host.address.text,
      port: this.cells.portOf(attempt.cell),
      autoSelectFamily: false,
    });
  }

  private slowDown(attempt: Attempt): void {
    this.waiting.unshift(attempt);
    this.limit = Math.max(1, this.sockets.size);
    this.pressure ??= setTimeout(() => {
      this.pressure = undefined;
      this.limit = Math.min(SOCKETS, this.limit + Math.ceil(this.limit / 8));
      this.flush();
    }, PRESSURE_MS);
  }

  receive(sink: ProbeSink): void {
    for (const { attempt, code, ms } of this.results.splice(0)) {
      const { run, cell } = attempt;
      const verdict = this.verdicts.numberOfReply(
        code === '' ? { kind: 'connected' } : { kind: 'connect-error', code },
      );
      if (code !== 'ETIMEDOUT' && verdict !== 0) sink.onReply(run, cell, attempt.attempt, verdict, false, ms);
      else {
        if (verdict === 0) sink.onTrouble(code);
        sink.onExpired(run, cell, attempt.attempt);
      }
    }
  }

  watch(callback: () => void): void {
    this.ready = callback;
  }

  cancel(): void {
    this.cancelled = true;
    clearTimeout(this.pressure);
    this.waiting.length = 0;
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.cancel();
  }
}
