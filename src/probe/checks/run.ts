import { randomBytes } from 'node:crypto';
import {
  advance,
  budget,
  looksLikeTls,
  saysHttps,
  type Check,
  type CheckContext,
  type Next,
  type Reply,
  type Step,
} from '../../exposure/check';
import type { CheckResult, Exchange } from '../../exposure/result';
import { unknown, type UnknownReason, type Verdict } from '../../exposure/verdict';
import { ConnectionFailure, connectTcp, connectUdp, type CheckConnection } from './connection';

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Where the service wants TLS although a first plain connection was not tried. */
  readonly tls?: boolean;
  /** Called for a fault of a check, with its cause: for the log. */
  readonly onFault?: (error: unknown) => void;
}

/** One connection's worth of a check. `tls`: what came back shows that the server wants TLS. */
type Outcome = { readonly kind: 'verdict'; readonly verdict: Verdict } | { readonly kind: 'tls' };

/**
 * Runs one check against one address, within the budget: at most two packets out, 4 KiB in a connection and two seconds.
 * One connection; another only where the first was answered by TLS, which it does not survive, or where the check needs
 * one for its second question.
 * It never throws: what goes wrong is a verdict of `unknown` with its reason.
 */
export async function runCheck(
  check: Check,
  target: { readonly address: string; readonly port: number },
  options: RunOptions = {},
): Promise<CheckResult> {
  const run = new Run(check, { ...target, nonce: randomBytes(3).toString('hex') }, options);
  const verdict = await run.verdict();
  return {
    service: check.service,
    address: target.address,
    port: target.port,
    transport: check.transport,
    verdict,
    transcript: run.transcript,
    tls: run.overTls,
    connections: run.connections,
    packetsOut: run.packetsOut,
    ms: Math.round(performance.now() - run.startedAt),
    notTried: check.notTried,
    ...(check.account !== undefined && { account: check.account }),
  };
}

/** The check goes on with a new connection. */
interface Reconnect {
  readonly kind: 'reconnect';
  readonly start: () => Step;
}

class Run {
  readonly transcript: Exchange[] = [];
  readonly startedAt = performance.now();
  private readonly totalMs: number;
  overTls = false;
  connections = 0;
  packetsOut = 0;

  constructor(
    private readonly check: Check,
    private readonly context: CheckContext,
    private readonly options: RunOptions,
  ) {
    this.totalMs = check.account === undefined ? budget.totalMs : budget.accountMs;
  }

  async verdict(): Promise<Verdict> {
    try {
      const tlsFirst =
        this.check.tls === 'first' || (this.options.tls === true && this.check.tls !== 'never');
      const first = await this.attempt(tlsFirst);
      if (first.kind === 'verdict' && !this.mayBeTls(first.verdict)) return first.verdict;
      if (this.check.tls === 'never') return unknown('tls');
      return await this.throughTls(first);
    } catch (error) {
      if (error instanceof ConnectionFailure) return unknown(error.code);
      this.options.onFault?.(error);
      return unknown('error');
    }
  }

  /** A TLS server may also close without an alert (Redis does), and so may any other: then TLS is tried once. */
  private mayBeTls(verdict: Verdict): boolean {
    const heard = this.transcript.some(({ direction }) => direction === 'in');
    return !heard && !this.overTls && this.check.tls === 'after' && isUnknown(verdict, 'closed');
  }

  private async throughTls(first: Outcome): Promise<Verdict> {
    try {
      const second = await this.attempt(true);
      return second.kind === 'verdict' ? second.verdict : unknown('tls');
    } catch (error) {
      // It closes on both: what the plain try said is the better answer.
      if (error instanceof ConnectionFailure && first.kind === 'verdict') return first.verdict;
      throw error;
    }
  }

  /** From the first byte to a verdict, over plain TCP or TLS: the packets of one try are counted together. */
  private async attempt(overTls: boolean): Promise<Outcome> {
    this.overTls = overTls;
    this.packetsOut = 0;
    const limit = this.connections + 2;
    let start = (): Step => this.check.start(this.context);
    for (;;) {
      if (this.connections >= limit) throw new Error(`${this.check.service} asks for a third connection`);
      const outcome = await this.connection(overTls, start);
      if (outcome.kind !== 'reconnect') return outcome;
      start = outcome.start;
    }
  }

  private async connection(overTls: boolean, start: () => Step): Promise<Outcome | Reconnect> {
    if (this.options.signal?.aborted === true) return { kind: 'verdict', verdict: unknown('cancelled') };
    this.connections += 1;
    const { address, port } = this.context;
    const connection =
      this.check.transport === 'udp' ? connectUdp(address, port) : connectTcp(address, port, overTls);
    const stop = this.stop();
    try {
      const stopped = stop.promise.then((reason): Outcome => ({ kind: 'verdict', verdict: unknown(reason) }));
      return await Promise.race([stopped, this.talk(connection, overTls, start())]);
    } finally {
      stop.dispose();
      connection.dispose();
    }
  }

  /** Ends this connection when the time is up or the caller gives up. */
  private stop(): { promise: Promise<'silent' | 'incomplete' | 'cancelled'>; dispose: () => void } {
    const { signal } = this.options;
    let dispose = (): void => undefined;
    const promise = new Promise<'silent' | 'incomplete' | 'cancelled'>((resolve) => {
      const left = Math.max(0, this.totalMs - (performance.now() - this.startedAt));
      const timer = setTimeout(() => {
        resolve(this.transcript.some((exchange) => exchange.direction === 'in') ? 'incomplete' : 'silent');
      }, left);
      const abort = (): void => {
        resolve('cancelled');
      };
      signal?.addEventListener('abort', abort, { once: true });
      dispose = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
    });
    return { promise, dispose };
  }

  private async talk(
    connection: CheckConnection,
    overTls: boolean,
    first: Step,
  ): Promise<Outcome | Reconnect> {
    await connection.ready();
    let step = first;
    for (;;) {
      if (step.kind === 'reconnect') return { kind: 'reconnect', start: step.then };
      if (step.kind === 'start-tls') {
        await connection.startTls();
        this.overTls = true;
        step = step.then();
        continue;
      }
      if (step.kind === 'done') {
        if (step.farewell && this.packetsOut < budget.packetsOut) this.send(connection, step.farewell);
        return { kind: 'verdict', verdict: step.verdict };
      }
      if (step.kind === 'send') {
        if (this.packetsOut >= budget.packetsOut)
          throw new Error(`${this.check.service} asks for a third packet`);
        this.send(connection, step.bytes);
      }
      const asked = step.kind === 'send' ? step.asked : undefined;
      const answer = await this.answer(connection, step, asked);
      if (!overTls && (looksLikeTls(answer.reply.bytes) || saysHttps(answer.reply.bytes)))
        return { kind: 'tls' };
      step = answer.step;
    }
  }

  private send(connection: CheckConnection, bytes: Uint8Array): void {
    connection.send(bytes);
    this.packetsOut += 1;
    this.transcript.push(exchange('out', bytes));
  }

  private async answer(
    connection: CheckConnection,
    step: Extract<Step, { then: Next }>,
    asked: string | undefined,
  ): Promise<{ reply: Reply; step: Step }> {
    const ms = step.kind === 'listen' ? budget.greetingMs : this.totalMs;
    let seen = 0;
    for (;;) {
      const reply = await connection.receive(seen, ms);
      const next = advance(step.then, reply, asked);
      if (next !== 'more') {
        if (reply.bytes.length > 0) this.transcript.push(exchange('in', reply.bytes));
        return { reply, step: next };
      }
      seen = reply.bytes.length;
    }
  }
}

function isUnknown(verdict: Verdict, reason: UnknownReason): boolean {
  return verdict.kind === 'unknown' && verdict.reason === reason;
}

function exchange(direction: 'in' | 'out', bytes: Uint8Array): Exchange {
  return { direction, base64: Buffer.from(bytes).toString('base64'), bytes: bytes.length };
}
