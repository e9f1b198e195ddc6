import type { Server } from './host';

/** ca.crt, server.crt, server.key in the server's folder; for nothing but this test. */
export async function makeCertificates(server: Server, keyMode = 0o644): Promise<void> {
  const ca = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Portlight test CA'];
  await server.run('openssl', ['req', ...ca, '-keyout', 'ca.key', '-out', 'ca.crt']);
  const request = ['-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=192.0.2.2'];
  await server.run('openssl', ['req', ...request, '-keyout', 'server.key', '-out', 'server.csr']);
  const sign = [
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
  ];
  await server.run('openssl', ['x509', ...sign, '-out', 'server.crt']);
  await server.run('chmod', [keyMode.toString(8), 'server.key']);
}
