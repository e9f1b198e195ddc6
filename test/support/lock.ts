import { createHash } from 'node:crypto';
import net from 'node:net';

/**
 * Runs `work` while no other process of this machine runs it for the same name. The lock is a listening socket in
 * Linux's abstract namespace: the kernel gives it back when its holder ends, in whatever way, so none goes stale.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const address = `\0portlight-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  let release = await tryLock(address);
  while (release === undefined) {
    await untilReleased(address);
    release = await tryLock(address);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/** Answers with the function that lets go, or undefined where somebody else holds the lock. */
async function tryLock(address: string): Promise<(() => void) | undefined> {
  const waiting = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => waiting.delete(socket));
  });
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      resolve(() => {
        server.close();
        for (const socket of waiting) socket.destroy();
      });
    });
  });
}

/** A connection to the holder ends when the holder lets go or dies. */
async function untilReleased(address: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = net.connect(address);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
    });
    socket.resume();
  });
}
