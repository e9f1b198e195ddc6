import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import {
  CancellationTokenSource,
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { plainText } from '../../base/text';
import { ScanError, type Capabilities } from '../../scan/client';
import {
  NOTIFICATION,
  PROTOCOL_VERSION,
  REQUEST,
  type ClosedParams,
  type DataParams,
  type InitializeResult,
  type ScanEventsParams,
} from '../wire';
import { FrameGuard } from './frames';
import type { Launch } from './launch';

const START_MS = 10_000;
const STDERR_KEPT = 2_000;
/** Asked to end (its stdin closed), it has so long. */
const END_MS = 1_000;

/** What the helper says without being asked. */
export interface HelperListener {
  onScanEvents(params: ScanEventsParams): void;
  onData(params: DataParams): void;
  onClosed(params: ClosedParams): void;
  /** It is gone, or of no use any more; said once. */
  onEnd(error: ScanError): void;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** The helper is ended when it has not answered by then: it hangs. */
  readonly deadlineMs?: number;
}

/** One process of the helper, from its start to its end. */
export class Helper {
  private readonly connection: MessageConnection;
  private failure: ScanError | undefined;
  private readonly waiting = new Set<(error: ScanError) => void>();
  private stderr = '';

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, Readable>,
    private readonly listener: HelperListener,
    log: (text: string) => void,
  ) {
    const guard = new FrameGuard();
    guard.on('error', (error) => {
      this.fail(
        new ScanError('protocol', `The helper does not speak the protocol. ${error.message}`, {
          cause: error,
        }),
      );
    });
    this.connection = createMessageConnection(
      new StreamMessageReader(child.stdout.pipe(guard)),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.onError(([error]) => {
      this.fail(
        new ScanError('protocol', `The helper's message cannot be read: ${error.message}`, { cause: error }),
      );
    });
    this.connection.onNotification(NOTIFICATION.scanEvents, (params: ScanEventsParams) => {
      listener.onScanEvents(params);
    });
    this.connection.onNotification(NOTIFICATION.data, (params: DataParams) => {
      listener.onData(params);
    });
    this.connection.onNotification(NOTIFICATION.closed, (params: ClosedParams) => {
      listener.onClosed(params);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
      log(text);
    });
    // Writing to a helper that has just died is told by its end.
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => {
      this.fail(
        new ScanError('not-available', `The helper cannot be started: ${error.message}`, { cause: error }),
      );
    });
    child.once('close', (code, signal) => {
      const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      const last = plainText(this.stderr.trim().split('\n').at(-1) ?? '', 200);
      this.fail(new ScanError('helper-died', `The helper ended (${how})${last === '' ? '.' : `: ${last}`}`));
    });
    this.connection.listen();
  }

  /** Starts the helper and asks what it can do. @throws ScanError */
  static async start(
    launch: Launch,
    listener: HelperListener,
    log: (text: string) => void,
  ): Promise<{ helper: Helper; capabilities: Capabilities }> {
    const child = spawn(launch.command, [...launch.args], {
      env: launch.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const helper = new Helper(child, listener, log);
    const result = await helper.request<Partial<InitializeResult>>(
      REQUEST.initialize,
      { protocolVersion: PROTOCOL_VERSION },
      { deadlineMs: START_MS },
    );
    const { protocolVersion, ...capabilities } = result;
    if (protocolVersion !== PROTOCOL_VERSION || !isCapabilities(capabilities)) {
      const error = new ScanError(
        'protocol',
        `The helper speaks protocol version ${String(protocolVersion)}, this extension ${PROTOCOL_VERSION}. Install the extension again.`,
      );
      helper.fail(error);
      throw error;
    }
    return { helper, capabilities };
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  async request<T>(method: string, params: object, options: RequestOptions = {}): Promise<T> {
    if (this.failure !== undefined) throw this.failure;
    const cancel = new CancellationTokenSource();
    const abort = (): void => {
      cancel.cancel();
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (options.deadlineMs !== undefined) {
      timer = setTimeout(() => {
        this.fail(new ScanError('timeout', `The helper did not answer “${method}” in time.`));
      }, options.deadlineMs);
    }
    let onEnd: (error: ScanError) => void = () => undefined;
    const ended = new Promise<never>((_resolve, reject) => {
      onEnd = reject;
    });
    this.waiting.add(onEnd);
    try {
      const answer = this.connection.sendRequest<T>(method, params, cancel.token);
      if (options.signal?.aborted === true) abort();
      return await Promise.race([answer, ended]);
    } catch (error) {
      throw this.ended() ?? asScanError(error);
    } finally {
      this.waiting.delete(onEnd);
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      cancel.dispose();
    }
  }

  private ended(): ScanError | undefined {
    return this.failure;
  }

  /** Ends the helper at once; whoever waits gets `error`. */
  fail(error: ScanError): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    this.connection.dispose();
    for (const reject of [...this.waiting]) reject(error);
    this.waiting.clear();
    this.listener.onEnd(error);
  }

  /** Lets it end by itself: its stdin closes. */
  end(): void {
    const { child } = this;
    child.stdin.end();
    const timer = setTimeout(() => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }, END_MS);
    timer.unref();
    child.once('close', () => {
      clearTimeout(timer);
    });
  }
}

function isCapabilities(value: Partial<Capabilities>): value is Capabilities {
  return (
    typeof value.version === 'string' &&
    typeof value.engine === 'string' &&
    Array.isArray(value.techniques) &&
    Array.isArray(value.ownAddresses)
  );
}

const CODES: ReadonlySet<string> = new Set<ScanError['code']>(['permission', 'invalid', 'internal']);

function asScanError(error: unknown): ScanError {
  if (error instanceof ScanError) return error;
  const data: unknown = error instanceof ResponseError ? error.data : undefined;
  const code = typeof data === 'object' && data !== null && 'code' in data ? String(data.code) : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  return new ScanError(CODES.has(code) ? (code as ScanError['code']) : 'internal', message, { cause: error });
}
