import {
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import { ScanError } from '../../scan/client';
import { FormatError } from '../../scan/formats/format';
import { JsonNode } from '../../scan/formats/jsonNode';
import { dropRights, loadEnvironment } from '../load';
import { Conversations } from './conversations';
import type { Command } from '../cli/command';
import { METHODS, type Call, type Method } from './methods';

/** Without work for so long it ends; the editor starts it again when it is needed. */
const IDLE_MS = 5 * 60_000;

const SERVE_HELP = `portlight-probe serve

Speaks JSON-RPC on stdin and stdout, for the editor. Ends when stdin closes, and after five idle minutes.
`;

export const serveCommand: Command = { help: SERVE_HELP, run: serve };

/** Runs until stdin closes. @returns the exit code. */
async function serve(): Promise<number> {
  const environment = loadEnvironment();
  // Later scans open their sockets later, so the rights for those are all that is kept.
  const missed = dropRights(environment, 'sockets');
  if (missed > 0) process.stderr.write('Some threads keep the rights of this process.\n');
  const connection = createMessageConnection(
    new StreamMessageReader(process.stdin),
    new StreamMessageWriter(process.stdout),
  );
  const gone = new AbortController();
  const notify = (method: string, params: unknown): void => {
    connection.sendNotification(method, params).catch((error: unknown) => {
      // The other side is gone: stdin tells as well, and ends everything.
      process.stderr.write(`${method}: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  };
  const conversations = new Conversations(notify);
  const idle = new IdleTimer(() => conversations.size === 0);
  for (const method of METHODS) {
    connection.onRequest(method.name, (params: unknown, token: CancellationToken) =>
      idle.during(() =>
        answer(method, params, token, { environment, conversations, notify, signal: gone.signal }),
      ),
    );
  }
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    connection.onClose(resolve);
    idle.onIdle = resolve;
  });
  connection.listen();
  await ended;
  gone.abort();
  conversations.closeAll();
  connection.dispose();
  // Nothing that is still under way may keep the process: its master is gone.
  process.exit(0);
}

async function answer(
  method: Method,
  params: unknown,
  token: CancellationToken,
  call: Call,
): Promise<unknown> {
  const abort = new AbortController();
  const stop = (): void => {
    abort.abort();
  };
  const cancelled = token.onCancellationRequested(stop);
  call.signal.addEventListener('abort', stop, { once: true });
  const deadline = method.deadlineMs === undefined ? undefined : setTimeout(stop, method.deadlineMs);
  try {
    return await method.run(JsonNode.of(params), { ...call, signal: abort.signal });
  } catch (error) {
    throw asResponse(error);
  } finally {
    clearTimeout(deadline);
    cancelled.dispose();
    call.signal.removeEventListener('abort', stop);
  }
}

function asResponse(error: unknown): ResponseError<{ code: string }> {
  if (error instanceof ScanError)
    return new ResponseError(ErrorCodes.InternalError, error.message, { code: error.code });
  if (error instanceof FormatError)
    return new ResponseError(ErrorCodes.InvalidParams, error.message, { code: 'invalid' });
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof Error ? (error.stack ?? message) : message}\n`);
  return new ResponseError(ErrorCodes.InternalError, message, { code: 'internal' });
}

/** Ends what has had nothing to do for a while. */
class IdleTimer {
  private busy = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  onIdle: () => void = () => undefined;

  constructor(private readonly mayEnd: () => boolean) {
    this.arm();
  }

  private arm(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.busy === 0 && this.mayEnd()) this.onIdle();
      else this.arm();
    }, IDLE_MS);
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      return await work();
    } finally {
      this.busy--;
      this.arm();
    }
  }
}
