import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Endpoint } from '../ports/endpoint';
import { connectAddress, type SchemeProbe } from '../ports/reach';

/** A listener on this machine answers in a few ms; a development server that compiles first may take its time. */
const DEADLINE_MS = 2000;
/** The status line's beginning is enough. */
const ENOUGH_BYTES = 5;

/**
 * One TLS ClientHello, and where that is not answered as TLS one `HEAD /`. TLS first: many TLS servers answer plain
 * HTTP with an HTTP error, so that HTTP first would take them for plain ones.
 */
export const browserScheme: SchemeProbe = {
  schemeOf: async (endpoint) => {
    if (await speaksTls(endpoint)) return 'https';
    return (await speaksHttp(endpoint)) ? 'http' : undefined;
  },
};

function speaksTls(endpoint: Endpoint): Promise<boolean> {
  const socket = connectTls({
    host: connectAddress(endpoint),
    port: endpoint.port,
    // Whether it speaks TLS is the question, not whether to trust it: nothing is sent, nothing is believed.
    rejectUnauthorized: false,
    // Some servers (Caddy) have no certificate without a name.
    servername: 'localhost',
  });
  return settle(socket, (finish) => {
    socket.once('secureConnect', () => {
      finish(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // An alert is an answer in TLS: it wants a client certificate, or a protocol that we do not offer.
      finish(error.code?.includes('ALERT') === true);
    });
  });
}

function speaksHttp(endpoint: Endpoint): Promise<boolean> {
  const socket = connectTcp({ host: connectAddress(endpoint), port: endpoint.port });
  return settle(socket, (finish) => {
    let answer = '';
    socket.once('connect', () => {
      socket.write(`HEAD / HTTP/1.1\r\nHost: localhost:${endpoint.port}\r\nConnection: close\r\n\r\n`);
    });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length >= ENOUGH_BYTES) finish(answer.startsWith('HTTP/'));
    });
    socket.once('error', () => {
      finish(false);
    });
  });
}

/** Waits for one answer within the deadline, and ends the socket in any case. */
function settle(socket: Socket, listen: (finish: (answer: boolean) => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      finish(false);
    }, DEADLINE_MS);
    const finish = (answer: boolean): void => {
      clearTimeout(timer);
      // What it says after we have the answer is of no interest, an error least of all.
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.destroy();
      resolve(answer);
    };
    socket.once('close', () => {
      finish(false);
    });
    listen(finish);
  });
}
