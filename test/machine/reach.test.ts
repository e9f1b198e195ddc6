import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { browserScheme } from '../../src/machine/browserScheme';
import { portBinder } from '../../src/machine/portBinder';
import type { Endpoint } from '../../src/ports/endpoint';

describe('what a listener speaks', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server = undefined;
  });

  async function listen(it: Server): Promise<Endpoint> {
    server = it.listen(0, '127.0.0.1');
    await once(it, 'listening');
    const { port } = it.address() as AddressInfo;
    return { protocol: 'tcp', family: 'ipv4', address: '0.0.0.0', port, scope: 'wildcard' };
  }

  it('is http where it answers a HEAD request', async () => {
    const asked: (string | undefined)[] = [];
    const endpoint = await listen(
      createHttp((request, response) => {
        asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
        response.end('hi');
      }),
    );
    assert.equal(await browserScheme.schemeOf(endpoint), 'http');
    assert.deepEqual(asked, ['HEAD /']);
  });

  it('is https where it answers a ClientHello, even with an alert', async () => {
    // Without a certificate: every handshake ends in an alert.
    const endpoint = await listen(createTls({}));
    assert.equal(await browserScheme.schemeOf(endpoint), 'https');
  });

  it('is neither for a server that greets in another protocol', async () => {
    const endpoint = await listen(
      createTcp((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n')),
    );
    assert.equal(await browserScheme.schemeOf(endpoint), undefined);
  });

  it('is neither for a server that says nothing until the deadline', async function () {
    this.timeout(20_000);
    const open = new Set<{ destroy: () => unknown }>();
    const endpoint = await listen(createTcp((socket) => open.add(socket.on('error', () => undefined))));
    assert.equal(await browserScheme.schemeOf(endpoint), undefined);
    for (const socket of open) socket.destroy();
  });

  it('is neither where nobody listens', async () => {
    const endpoint = await listen(createTcp());
    const closed = once(server!, 'close');
    server?.close();
    await closed;
    assert.equal(await browserScheme.schemeOf(endpoint), undefined);
  });
});

describe('whether a port can be bound', () => {
  it('is no while somebody has it on any address, and yes after', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const server = createTcp().listen(0, host);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      assert.equal(await portBinder.canBind(port, 'tcp'), false, host);
      server.close();
      await once(server, 'close');
      assert.equal(await portBinder.canBind(port, 'tcp'), true, host);
    }
  });

  it('is answered for UDP, too, apart from TCP', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    assert.equal(await portBinder.canBind(port, 'udp'), false);
    assert.equal(await portBinder.canBind(port, 'tcp'), true);
    socket.close();
    await once(socket, 'close');
    assert.equal(await portBinder.canBind(port, 'udp'), true);
  });
});
