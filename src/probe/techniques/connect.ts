import { constants } from 'node:os';
import type { Cells } from '../engine/cells';
import type { HostRun } from '../engine/host';
import type { Prober, ProbeSink } from '../engine/prober';
import type { VerdictTable } from '../engine/verdicts';
import type { NativeAddon, NativeHandle } from '../native';

const WORDS = 3;
const BATCH = 1024;
/** Descriptors that the process needs besides: its own files, and what a check or a conversation opens meanwhile. */
const SPARE_FILES = 64;
const SOCKETS_MAX = 8_192;

const ERRNO_NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** TCP connects through the addon: its threads connect, we submit and drain. */
export class ConnectProber implements Prober {
  readonly capacity: number;
  readonly deadlineSlack = 5_000;
  private readonly connector: NativeHandle;
  private readonly runs: (HostRun | undefined)[] = [];
  private readonly queued = new Uint32Array(WORDS * BATCH);
  private readonly drained = new Uint32Array(WORDS * BATCH);
  private count = 0;
  private ready: () => void = () => undefined;
  private open = true;

  constructor(
    private readonly addon: NativeAddon,
    private readonly cells: Cells,
    private readonly verdicts: VerdictTable,
    limits: { files: number; threads: number },
  ) {
    const sockets = Math.max(limits.threads, Math.min(SOCKETS_MAX, limits.files - SPARE_FILES));
    // Twice the sockets: while one probe is under way the next one already waits at the thread.
    this.capacity = sockets * 2;
    this.connector = addon.createConnector(limits.threads, sockets, () => {
      this.ready();
    });
  }

  admit(run: HostRun): void {
    const { family, bytes, scope } = run.host.address;
    this.addon.connectorHost(this.connector, run.place, family, bytes, scope);
    this.runs[run.place] = run;
  }

  release(run: HostRun): void {
    this.runs[run.place] = undefined;
  }

  send(run: HostRun, cell: number, attempt: number, timeoutMs: number): boolean {
    if (this.count === BATCH) this.flush();
    if (this.count === BATCH) return false;
    const at = this.count++ * WORDS;
    this.queued[at] = (run.place << 20) | (cell << 4) | attempt;
    this.queued[at + 1] = (run.place << 16) | this.cells.portOf(cell);
    this.queued[at + 2] = Math.ceil(timeoutMs);
    return true;
  }

  flush(): void {
    if (this.count === 0) return;
    const taken = this.addon.connectorSubmit(this.connector, this.queued, this.count);
    this.queued.copyWithin(0, taken * WORDS, this.count * WORDS);
    this.count -= taken;
  }

  receive(sink: ProbeSink): void {
    for (;;) {
      const count = this.addon.connectorDrain(this.connector, this.drained);
      for (let index = 0; index < count; index++) this.hand(sink, index * WORDS);
      if (count < BATCH) return;
    }
  }

  private hand(sink: ProbeSink, at: number): void {
    const token = this.drained[at] ?? 0;
    const error = this.drained[at + 1] ?? 0;
    const run = this.runs[token >>> 20];
    if (run === undefined) return;
    const cell = (token >>> 4) & 0xffff;
    const attempt = token & 0xf;
    const verdict = this.verdicts.classify(error, connectReply, error);
    if (error === constants.errno.ETIMEDOUT || verdict === 0) {
      if (verdict === 0) sink.onTrouble(ERRNO_NAMES.get(error) ?? `errno ${error}`);
      sink.onExpired(run, cell, attempt);
      return;
    }
    sink.onReply(run, cell, attempt, verdict, false, (this.drained[at + 2] ?? 0) / 1000);
  }

  watch(callback: () => void): void {
    this.ready = callback;
  }

  cancel(): void {
    this.count = 0;
    if (this.open) this.addon.connectorCancel(this.connector);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.addon.connectorClose(this.connector);
  }
}

function connectReply(error: number): { kind: 'connected' } | { kind: 'connect-error'; code: string } {
  if (error === 0) return { kind: 'connected' };
  return { kind: 'connect-error', code: ERRNO_NAMES.get(error) ?? `errno ${error}` };
}
