import { Socket } from 'node:net';
import { NOTIFICATION, type ClosedParams, type ConnectResult, type DataParams } from '../wire';

/** A server that talks without end is not read without end: what the editor has not taken by then is dropped with it. */
const RECEIVED_MAX = 4 * 1024 * 1024;

type Notify = (method: string, params: DataParams | ClosedParams) => void;

/** The single TCP connections of "check one port", by number. */
export class Conversations {
  private readonly sockets = new Map<number, Socket>();
  private last = 0;

  constructor(private readonly notify: Notify) {}

  get size(): number {
    return this.sockets.size;
  }

  async open(
    target: { readonly address: string; readonly port: number; readonly timeoutMs: number },
    signal: AbortSignal,
  ): Promise<ConnectResult> {
    const start = performance.now();
    const socket = new Socket();
    const code = await connected(socket, target, signal);
    const ms = performance.now() - start;
    if (code === undefined) {
      const connection = ++this.last;
      this.keep(connection, socket);
      return { kind: 'connected', ms, connection };
    }
    socket.destroy();
    if (code === 'ECONNREFUSED') return { kind: 'refused', ms };
    return code === 'ETIMEDOUT' ? { kind: 'timed-out', ms } : { kind: 'unreachable', ms, code };
  }

  private keep(connection: number, socket: Socket): void {
    let received = 0;
    let error: string | undefined;
    this.sockets.set(connection, socket);
    socket.on('data', (data: Buffer) => {
      received += data.length;
      if (received <= RECEIVED_MAX)
        this.notify(NOTIFICATION.data, { connection, base64: data.toString('base64') });
      else socket.destroy(Object.assign(new Error('Too much data'), { code: 'EMSGSIZE' }));
    });
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      error = cause.code ?? cause.message;
    });
    socket.on('close', () => {
      if (!this.sockets.delete(connection)) return;
      this.notify(NOTIFICATION.closed, { connection, ...(error === undefined ? {} : { error }) });
    });
  }

  /** @returns false where there is no such connection any more. */
  async send(connection: number, bytes: Uint8Array): Promise<boolean> {
    const socket = this.sockets.get(connection);
    if (socket === undefined) return false;
    return new Promise((resolve) => {
      socket.write(bytes, (error) => {
        resolve(error === undefined || error === null);
      });
    });
  }

  close(connection: number): void {
    const socket = this.sockets.get(connection);
    this.sockets.delete(connection);
    socket?.destroy();
  }

  closeAll(): void {
    for (const connection of [...this.sockets.keys()]) this.close(connection);
  }
}

/** @returns undefined when connected, else the errno's name. */
function connected(
  socket: Socket,
  {
    address,
    port,
    timeoutMs,
  }: { readonly address: string; readonly port: number; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (code?: string): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', fail);
      resolve(code);
    };
    const abort = (): void => {
      settle('ECANCELED');
    };
    const fail = (error: NodeJS.ErrnoException): void => {
      settle(error.code ?? 'EIO');
    };
    const timer = setTimeout(() => {
      settle('ETIMEDOUT');
    }, timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.connect({ host: address, port, autoSelectFamily: false }, () => {
      settle();
    });
  });
}
