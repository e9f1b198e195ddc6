// Listens, hands the socket to a child, and (with `leave`) ends: the child has it under another descriptor.
import { fork } from 'node:child_process';
import net from 'node:net';
import { fileURLToPath } from 'node:url';

if (process.argv[2] === 'child') {
  process.on('message', (_, server) => {
    globalThis.kept = server;
    process.send('has it');
  });
  process.on('disconnect', () => process.exit(0));
} else {
  const child = fork(fileURLToPath(import.meta.url), ['child']);
  const server = net.createServer();
  server.listen(0, '127.0.0.1', () => child.send('take it', server));
  child.on('message', () => console.log(JSON.stringify({ port: server.address().port, child: child.pid })));
  process.stdin.on('end', () => process.exit(0)).resume();
}
