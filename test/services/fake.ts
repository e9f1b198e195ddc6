/** Stand-ins for servers that cannot be installed here: their part of the protocol, byte by byte. */
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import tls from 'node:tls';
import { makeCertificates } from './certificates';
import type { Configuration } from './configuration';
import { ADDRESS, type Server } from './host';

/** Through TLS; or only for clients with a certificate of the test's authority. */
type Secure = boolean | 'client-certificate';

/** Answers to what came so far; undefined waits for more. `close` ends the connection after it. */
export type Answer = (received: Buffer, turn: number) => { bytes: Buffer; close?: boolean } | undefined;

const serve =
  (port: number, answer: Answer, secure: Secure = false) =>
  async (server: Server) => {
    const connections = new Set<net.Socket>();
    const onConnection = (socket: net.Socket): void => {
      let received = Buffer.alloc(0);
      let turn = 0;
      connections.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        const reply = answer(received, turn);
        if (reply === undefined) return;
        received = Buffer.alloc(0);
        turn += 1;
        if (reply.close === true) socket.end(reply.bytes);
        else socket.write(reply.bytes);
      });
    };
    const listener =
      secure !== false ? await tlsServer(server, onConnection, secure) : net.createServer(onConnection);
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(port, ADDRESS, resolve);
    });
    server.also(
      () =>
        new Promise((resolve) => {
          for (const socket of connections) socket.destroy();
          listener.close(() => {
            resolve();
          });
        }),
    );
  };

async function tlsServer(
  server: Server,
  onConnection: (socket: net.Socket) => void,
  secure: Secure,
): Promise<net.Server> {
  await makeCertificates(server);
  const [cert, key] = await Promise.all([
    readFile(server.file('server.crt')),
    readFile(server.file('server.key')),
  ]);
  const ca = await readFile(server.file('ca.crt'));
  const asks = secure === 'client-certificate' && { ca, requestCert: true, rejectUnauthorized: true };
  return tls.createServer({ cert, key, ...asks }, onConnection);
}

export const http =
  (status: string, headers: readonly string[], body: string): Answer =>
  (received) => {
    if (!received.includes('\r\n\r\n')) return undefined;
    const head = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
    return { bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`) };
  };

/** Different answers by path. */
export const routes =
  (table: Readonly<Record<string, Answer>>): Answer =>
  (received, turn) => {
    const path = /^[A-Z]+ (\S+)/u.exec(received.toString('latin1'))?.[1] ?? '';
    return (table[path] ?? http('404 Not Found', [], ''))(received, turn);
  };

export const json = ['Content-Type: application/json'];
export const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');

export const fake = (
  service: string,
  name: string,
  port: number,
  expected: Configuration['expected'],
  answer: Answer,
  rest: { facts?: Configuration['facts']; secure?: Secure } = {},
): Configuration => ({
  name: `${service}: ${name}`,
  service,
  kind: 'fake',
  port,
  expected,
  start: serve(port, answer, rest.secure),
  ...(rest.facts ? { facts: rest.facts } : {}),
});
