import assert from 'node:assert/strict';
import net from 'node:net';
import { budget } from '../../src/exposure/check';
import { checks } from '../../src/exposure/checks/index';
import { credentialChecks } from '../../src/exposure/credentials/index';
import { checkForOrder } from '../../src/exposure/choose';
import type { CheckResult } from '../../src/exposure/result';
import { runCheck } from '../../src/probe/checks/run';
import { ADDRESS } from './host';

/** What a peer that means no good, or is broken, does with a connection. */
const manners: Readonly<Record<string, (socket: net.Socket) => void>> = {
  'an endless greeting': (socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write('A'.repeat(65_536)));
    };
    socket.on('drain', more);
    more();
  },
  'one byte a second': (socket) => {
    socket.write('+');
    const timer = setInterval(() => socket.write('P'), 1000);
    socket.on('close', () => {
      clearInterval(timer);
    });
  },
  'a line of 100 MB': (socket) => {
    let left = 1600;
    const more = (): void => {
      while (left > 0 && !socket.destroyed) {
        left -= 1;
        if (!socket.write('HTTP'.repeat(16_384))) return;
      }
    };
    socket.on('drain', more);
    more();
  },
  'another protocol': (socket) => {
    socket.write('220 mail.example ESMTP ready\r\n');
    socket.on('data', () => socket.write('500 what?\r\n'));
  },
  'closes at once': (socket) => {
    socket.end();
  },
  'resets at once': (socket) => {
    socket.resetAndDestroy();
  },
  'closes in the middle of its answer': (socket) => {
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"vers'));
  },
  'TLS garbage': (socket) => {
    socket.on('data', () => socket.end(Buffer.from('160303ffff02000000deadbeef', 'hex')));
  },
  'says nothing': () => undefined,
  'echoes what it gets': (socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
  },
  'escapes and Markdown': (socket) => {
    socket.on('data', () =>
      socket.write('\u001b]0;owned\u0007\u001b[2J[click](command:evil)\u202e<img src=x>\r\n'),
    );
  },
};

describe('hostile servers', () => {
  for (const [name, behave] of Object.entries(manners)) {
    it(`${name}: bounded, never "open, proved", clean text`, async () => {
      const sockets = new Set<net.Socket>();
      const server = net.createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        behave(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, ADDRESS, resolve));
      const { port } = server.address() as net.AddressInfo;
      const greeting = checkForOrder({ service: 'unknown', transport: 'tcp', listenFirst: true });
      assert.ok(greeting);
      try {
        const memory = process.memoryUsage().rss;
        const tcp = [
          ...[...checks, ...credentialChecks].filter(({ transport }) => transport === 'tcp'),
          greeting,
        ];
        const results = await Promise.all(tcp.map((check) => runCheck(check, { address: ADDRESS, port })));
        for (const result of results) assertHarmless(result);
        assert.ok(process.memoryUsage().rss - memory < 200 * 1024 * 1024);
      } finally {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      }
    });
  }
});

function assertHarmless(result: CheckResult): void {
  const said = `${result.service}: ${JSON.stringify(result.verdict)}`;
  assert.ok(result.verdict.kind === 'unknown' || result.verdict.kind === 'not-checked', said);
  assert.ok(
    result.ms < (result.account === undefined ? budget.totalMs : budget.accountMs) + 1000,
    `${result.service} took ${result.ms} ms`,
  );
  const read = result.transcript.filter(({ direction }) => direction === 'in');
  assert.ok(read.reduce((sum, { bytes }) => sum + bytes, 0) <= 2 * budget.bytesIn);
  // Cc and Cf: control characters and what turns text around.
  assert.doesNotMatch(JSON.stringify([result.verdict.proof, result.verdict.facts]), /[\p{Cc}\p{Cf}]/u);
}
