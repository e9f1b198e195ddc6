import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ownGroup } from '../support/run';

export interface WebServer {
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended. */
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

/** A web server as a developer has one: `npm run dev` in a project. Without a port, it takes a free one. */
export async function startWebServer(folder: string, host = '127.0.0.1', wish = 0): Promise<WebServer> {
  const source = `const server = require('http').createServer((request, response) => response.end('hello'));
server.listen(${wish}, '${host}', () => console.log(JSON.stringify({ port: server.address().port, pid: process.pid })));`;
  await writeFile(path.join(folder, 'server.js'), source);
  const scripts = { dev: 'node server.js' };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'shop', scripts }));
  const child = spawn('npm', ['run', '--silent', 'dev'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.pid === undefined) throw new Error('npm could not be started');
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const group = ownGroup(child.pid, gone);
  for await (const line of createInterface({ input: child.stdout })) {
    const { port, pid } = JSON.parse(line) as { readonly port: number; readonly pid: number };
    return { port, pid, gone, stop: () => group.end() };
  }
  throw new Error('The web server ended before it listened');
}

export interface Greeter {
  readonly port: number;
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1 that greets and answers each line. */
export async function listen(): Promise<Greeter> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.write('220 harbour ready\r\n');
    socket.on('data', (bytes) => socket.write(`you said ${bytes.toString()}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => {
        resolve();
      });
    });
  return { port: (server.address() as net.AddressInfo).port, close };
}
