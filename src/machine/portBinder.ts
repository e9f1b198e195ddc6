import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { PortBinder } from '../ports/reach';

/** Families that the machine does not have do not keep a port from being free. */
const NO_SUCH_FAMILY = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

export const portBinder: PortBinder = {
  canBind: async (port, protocol) => {
    const bind = protocol === 'tcp' ? bindTcp : bindUdp;
    return (await bind(port, '0.0.0.0')) && (await bind(port, '::'));
  },
};

function bindTcp(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(NO_SUCH_FAMILY.has(error.code ?? ''));
    });
    server.listen({ port, host, ipv6Only: host === '::', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

function bindUdp(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: address === '::' ? 'udp6' : 'udp4', ipv6Only: address === '::' });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(NO_SUCH_FAMILY.has(error.code ?? ''));
    });
    socket.bind({ port, address, exclusive: true }, () => {
      socket.close(() => {
        resolve(true);
      });
    });
  });
}
