import { setTimeout as delay } from 'node:timers/promises';
import type { CheckOrder } from '../../exposure/choose';
import type { ServiceChecker } from '../../exposure/model';
import type { CheckResult } from '../../exposure/result';
import { ScanError, type Capabilities, type PortCheck, type ScanClient } from '../../scan/client';
import type { ScanEnd, ScanEvent, ScanRequest } from '../../scan/report';
import type { Reason } from '../../scan/states';
import type { Resolution } from '../../scan/targets';
import { TECHNIQUES } from '../../scan/techniques';
import {
  CHECK_DEADLINE_MS,
  REQUEST,
  type ClosedParams,
  type ConnectResult,
  type DataParams,
  type ScanEventsParams,
} from '../wire';
import { RemoteConversation } from './conversation';
import type { Helper, HelperListener, RequestOptions } from './helper';
import type { Launch } from './launch';

/** The helper tells of a scan four times a second: silent for so long, it hangs. */
const SCAN_SILENCE_MS = 20_000;
/** After a cancel the scan has so long to say that it has ended. */
const CANCEL_MS = 3_000;
const RESTART_MS = [0, 250, 1_000, 4_000, 8_000] as const;
/** A helper that has worked for so long is not one that fails at every start. */
const WORKED_MS = 10_000;

export interface ProbeClientOptions {
  /** Undefined where this platform has no helper. */
  readonly launch: Launch | undefined;
  /** What the helper writes on stderr, and how it ended. */
  readonly log: (text: string) => void;
}

type State =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly started: Promise<Running> }
  | Running
  | { readonly kind: 'disposed' };

interface Running {
  readonly kind: 'running';
  readonly helper: Helper;
  readonly capabilities: Capabilities;
  readonly since: number;
}

/** The helper, started when it is first needed, and again after it ended; late words of an old one are not heard. */
export class ProbeClient implements ScanClient, ServiceChecker {
  private state: State = { kind: 'stopped' };
  private failures = 0;
  private lastScan = 0;
  private readonly scans = new Map<number, (events: readonly ScanEvent[]) => void>();
  private readonly conversations = new Map<number, RemoteConversation>();

  constructor(private readonly options: ProbeClientOptions) {}

  async capabilities(signal?: AbortSignal): Promise<Capabilities> {
    return (await this.running(signal)).capabilities;
  }

  async resolve(names: readonly string[], signal?: AbortSignal): Promise<readonly Resolution[]> {
    return names.length === 0 ? [] : this.request(REQUEST.resolve, { names }, { signal, deadlineMs: 31_000 });
  }

  async scan(
    request: ScanRequest,
    onEvent: (event: ScanEvent) => void,
    signal?: AbortSignal,
  ): Promise<ScanEnd> {
    const { helper } = await this.running(signal);
    const scan = ++this.lastScan;
    const watch = new Watchdog(SCAN_SILENCE_MS, () => {
      helper.fail(new ScanError('timeout', 'The helper has said nothing of the scan for too long.'));
    });
    this.scans.set(scan, (events) => {
      watch.alive();
      for (const event of events) onEvent(event);
    });
    const onAbort = (): void => {
      watch.alive(CANCEL_MS);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await helper.request<ScanEnd>(REQUEST.scan, { scan, request }, { signal });
    } finally {
      signal?.removeEventListener('abort', onAbort);
      watch.stop();
      this.scans.delete(scan);
    }
  }

  async connect(
    target: { readonly address: string; readonly port: number; readonly timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<PortCheck> {
    const { helper } = await this.running(signal);
    const options = { signal, deadlineMs: target.timeoutMs + 2_000 };
    const result = await helper.request<ConnectResult>(REQUEST.connect, target, options);
    if (result.kind === 'unreachable') {
      const { ms, code } = result;
      return { kind: 'unreachable', ms, reason: unreachableReason(code), detail: code };
    }
    if (result.kind !== 'connected') return result;
    return { kind: 'connected', ms: result.ms, conversation: this.conversation(helper, result.connection) };
  }

  private conversation(helper: Helper, connection: number): RemoteConversation {
    const known = this.conversations.get(connection);
    if (known !== undefined) return known;
    const conversation = new RemoteConversation(
      (bytes) =>
        helper.request(
          REQUEST.send,
          { connection, base64: Buffer.from(bytes).toString('base64') },
          { deadlineMs: 11_000 },
        ),
      () => {
        this.conversations.delete(connection);
        helper.request(REQUEST.close, { connection }, { deadlineMs: 2_000 }).catch((error: unknown) => {
          // The connection goes with the helper.
          this.options.log(
            `Closing a connection: ${error instanceof Error ? error.message : String(error)}\n`,
          );
        });
      },
    );
    this.conversations.set(connection, conversation);
    return conversation;
  }

  /** Finds out whether a service lets anybody in. */
  check(
    order: CheckOrder & { readonly address: string; readonly port: number },
    signal: AbortSignal,
  ): Promise<CheckResult> {
    return this.request(REQUEST.check, order, { signal, deadlineMs: CHECK_DEADLINE_MS + 2_000 });
  }

  /** A request that runs to its own end. */
  private async request<T>(method: string, params: object, options: RequestOptions): Promise<T> {
    const { helper } = await this.running(options.signal);
    return helper.request<T>(method, params, options);
  }

  private async running(signal?: AbortSignal): Promise<Running> {
    signal?.throwIfAborted();
    switch (this.state.kind) {
      case 'running':
        return this.state;
      case 'starting':
        return this.state.started;
      case 'disposed':
        throw new ScanError('not-available', 'The extension is shutting down.');
      case 'stopped': {
        const started = this.start();
        this.state = { kind: 'starting', started };
        return started;
      }
    }
  }

  private async start(): Promise<Running> {
    const { launch, log } = this.options;
    try {
      if (launch === undefined)
        throw new ScanError('not-available', 'The helper is missing from this installation.');
      await delay(RESTART_MS[Math.min(this.failures, RESTART_MS.length - 1)] ?? 0);
      // Loaded on first use, with the protocol's library.
      const { Helper } = await import('./helper');
      const { helper, capabilities } = await Helper.start(launch, this.listener(), log);
      const running: Running = { kind: 'running', helper, capabilities, since: performance.now() };
      if (this.isDisposed()) {
        helper.end();
        throw new ScanError('not-available', 'The extension is shutting down.');
      }
      this.state = running;
      return running;
    } catch (error) {
      this.failures++;
      if (!this.isDisposed()) this.state = { kind: 'stopped' };
      throw error;
    }
  }

  private isDisposed(): boolean {
    return this.state.kind === 'disposed';
  }

  private listener(): HelperListener {
    return {
      onScanEvents: ({ scan, events }: ScanEventsParams) => {
        this.scans.get(scan)?.(events);
      },
      onData: ({ connection, base64 }: DataParams) => {
        this.orNew(connection)?.receive(Buffer.from(base64, 'base64'));
      },
      onClosed: ({ connection, error }: ClosedParams) => {
        this.orNew(connection)?.close(error === undefined ? {} : { error });
        this.conversations.delete(connection);
      },
      onEnd: (error) => {
        this.onEnd(error);
      },
    };
  }

  /** Data may come before the answer that announces its connection has been looked at. */
  private orNew(connection: number): RemoteConversation | undefined {
    return this.state.kind === 'running' ? this.conversation(this.state.helper, connection) : undefined;
  }

  private onEnd(error: ScanError): void {
    if (this.state.kind !== 'running') return;
    const worked = performance.now() - this.state.since > WORKED_MS;
    this.failures = worked ? 0 : this.failures + 1;
    this.options.log(`${error.message}\n`);
    this.state = { kind: 'stopped' };
    for (const conversation of this.conversations.values()) conversation.close({ error: error.message });
    this.conversations.clear();
  }

  async restart(): Promise<void> {
    const running = this.state.kind === 'starting' ? await this.state.started : this.state;
    if (running.kind !== 'running' || this.scans.size > 0 || this.conversations.size > 0) return;
    running.helper.fail(new ScanError('helper-died', 'The helper is started anew.'));
    this.failures = 0;
  }

  dispose(): void {
    if (this.state.kind === 'running') this.state.helper.end();
    this.state = { kind: 'disposed' };
  }
}

/** As a connect scan reads the same error. */
function unreachableReason(code: string): Reason {
  return TECHNIQUES.connect.classify({ kind: 'connect-error', code })?.reason ?? 'unknown-response';
}

/** Calls back when nothing is heard for a while. */
class Watchdog {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly silenceMs: number,
    private readonly onSilence: () => void,
  ) {
    this.alive();
  }

  alive(silenceMs = this.silenceMs): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onSilence, silenceMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
