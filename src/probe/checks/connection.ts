import net from 'node:net';
import dgram from 'node:dgram';
import tls from 'node:tls';
import { budget, type Reply } from '../../exposure/check';

/** Why a connection could not be made or kept. */
export type Failure = 'connection-refused' | 'unreachable' | 'tls' | 'error';

/** One connection of a check: it collects what comes, up to the budget, and answers one question at a time. */
export interface CheckConnection {
  /** Resolves when connected (and, through TLS, greeted); rejects with a {@link ConnectionFailure}. */
  ready(): Promise<void>;
  send(bytes: Uint8Array): void;
  /**
   * Waits until there is more than `seen` bytes, the peer closed, or `ms` passed.
   * @returns everything that came since the last {@link send}.
   */
  receive(seen: number, ms: number): Promise<Reply>;
  /** Goes on through TLS; rejects with a {@link ConnectionFailure}. */
  startTls(): Promise<void>;
  dispose(): void;
}

export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  constructor(
    readonly code: Failure,
    options: ErrorOptions,
  ) {
    super(code, options);
  }
}

const refused = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
const unreachable = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);
/** What OpenSSL says where the server's alert is certificate_required (116, TLS 1.3) or, before 1.3, 40 or 42. */
const wantsCertificate =
  /alert.*certificate.required|alert number 116|CERTIFICATE_REQUIRED|BAD_CERTIFICATE/iu;

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function failureOf(error: unknown, overTls: boolean): Failure {
  const code = errorCode(error);
  if (refused.has(code)) return overTls ? 'tls' : 'connection-refused';
  if (unreachable.has(code)) return 'unreachable';
  return overTls ? 'tls' : 'error';
}

/** What arrives, however it arrives: the part that TCP, TLS and UDP share. */
class Inbox {
  private chunks: Uint8Array[] = [];
  private length = 0;
  private total = 0;
  private ended: Reply['ended'] | undefined;
  private wake: (() => void) | undefined;

  /** @returns false when the budget is used up: the caller stops reading. */
  push(chunk: Uint8Array): boolean {
    const room = budget.bytesIn - this.total;
    const part = chunk.subarray(0, room);
    this.chunks.push(part);
    this.length += part.length;
    this.total += part.length;
    if (chunk.length >= room) this.end('full');
    this.wake?.();
    return this.ended === undefined;
  }

  end(how: NonNullable<Reply['ended']>): void {
    this.ended ??= how;
    this.wake?.();
  }

  clear(): void {
    this.chunks = [];
    this.length = 0;
  }

  async receive(seen: number, ms: number): Promise<Reply> {
    if (this.length <= seen && this.ended === undefined) {
      let timer: NodeJS.Timeout | undefined;
      try {
        await new Promise<void>((resolve) => {
          timer = setTimeout(resolve, ms);
          this.wake = resolve;
        });
      } finally {
        clearTimeout(timer);
        this.wake = undefined;
      }
    }
    const bytes = Buffer.concat(this.chunks);
    const ended = this.ended ?? (this.length <= seen ? 'quiet' : undefined);
    return ended === undefined ? { bytes } : { bytes, ended };
  }
}

/** Certificates are not verified: the question is whether the server asks for ours. */
const TLS = { rejectUnauthorized: false, minVersion: 'TLSv1' } as const;

export function connectTcp(address: string, port: number, overTls: boolean): CheckConnection {
  return new TcpConnection(
    overTls ? tls.connect({ host: address, port, ...TLS }) : net.connect({ host: address, port }),
    overTls,
  );
}

class TcpConnection implements CheckConnection {
  private readonly inbox = new Inbox();
  private connected: Promise<void>;

  constructor(
    private socket: net.Socket,
    overTls: boolean,
  ) {
    socket.setNoDelay(true);
    this.connected = this.attach(socket, overTls);
  }

  ready(): Promise<void> {
    return this.connected;
  }

  async startTls(): Promise<void> {
    const plain = this.socket;
    plain.removeAllListeners('data');
    plain.removeAllListeners('end');
    this.inbox.clear();
    this.socket = tls.connect({ socket: plain, ...TLS });
    this.connected = this.attach(this.socket, true);
    await this.connected;
  }

  private attach(socket: net.Socket, overTls: boolean): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      let connected = false;
      socket.once(overTls ? 'secureConnect' : 'connect', () => {
        connected = true;
        resolve();
      });
      socket.on('error', (error) => {
        const certificate = overTls && wantsCertificate.test(`${errorCode(error)} ${error.message}`);
        this.inbox.end(certificate ? 'client-certificate' : 'closed');
        if (certificate) resolve();
        else if (!connected) reject(new ConnectionFailure(failureOf(error, overTls), { cause: error }));
      });
      // Before TLS is up a silent close is no error event.
      socket.once('close', () => {
        if (!connected) reject(new ConnectionFailure(overTls ? 'tls' : 'connection-refused', {}));
      });
    });
    // Whoever never asks for it (a cancelled check) must not turn a refusal into an unhandled rejection.
    ready.catch(() => undefined);
    socket.on('data', (chunk: Buffer) => {
      if (!this.inbox.push(chunk)) socket.destroy();
    });
    for (const event of ['end', 'close'] as const)
      socket.on(event, () => {
        if (socket === this.socket) this.inbox.end('closed');
      });
    return ready;
  }

  send(bytes: Uint8Array): void {
    this.inbox.clear();
    if (this.socket.writable) this.socket.write(bytes);
  }

  receive(seen: number, ms: number): Promise<Reply> {
    return this.inbox.receive(seen, ms);
  }

  dispose(): void {
    const { socket } = this;
    socket.end();
    // A peer that never reads must not keep the helper alive.
    const timer = setTimeout(() => socket.destroy(), 200);
    timer.unref();
    socket.once('close', () => {
      clearTimeout(timer);
    });
    socket.resume();
    socket.unref();
  }
}

export function connectUdp(address: string, port: number): CheckConnection {
  const inbox = new Inbox();
  const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
  // Not connected: a TFTP server answers from another port of the same address (RFC 1350, 4).
  socket.on('message', (message, from) => {
    if (from.address === address) inbox.push(message);
  });
  socket.on('error', () => {
    inbox.end('closed');
  });
  return {
    ready: () => Promise.resolve(),
    send: (bytes) => {
      inbox.clear();
      socket.send(bytes, port, address);
    },
    receive: (seen, ms) => inbox.receive(seen, ms),
    startTls: () => Promise.reject(new ConnectionFailure('error', {})),
    dispose: () => {
      socket.close();
    },
  };
}
