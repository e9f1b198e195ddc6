import { makeCertificates } from '../certificates';
import { real, type Configuration } from '../configuration';
import type { Server } from '../host';

const prometheus =
  (port: number, web = '') =>
  async (server: Server) => {
    await server.write('prometheus.yml', 'scrape_configs: []\n');
    await server.write('web.yml', web);
    const args = [
      '--config.file=prometheus.yml',
      '--web.config.file=web.yml',
      `--web.listen-address=0.0.0.0:${port}`,
    ];
    return await server.start('prometheus', {
      args: [...args, `--storage.tsdb.path=${server.file('data')}`],
      port,
      ready: /ready to receive web requests/u,
    });
  };
/** The password is "secret"; nobody logs in here. */
const user = "basic_auth_users:\n  app: '$2y$10$B3yZ1Yz8Qm3Vn3m0tq7q7eY1s7u1h1m6Q5lq2mWlQ6m0Z7mJ0m3G2'\n";

const jupyter = (port: number, args: readonly string[]) => (server: Server) =>
  server.start('jupyter-notebook', {
    args: [
      '--allow-root',
      '--no-browser',
      '--ip=0.0.0.0',
      `--port=${port}`,
      `--notebook-dir=${server.folder}`,
      ...args,
    ],
    port,
    readyMs: 60_000,
  });

const jupyterState = (port: number) => async (server: Server) =>
  await server.run('curl', ['-s', `http://127.0.0.1:${port}/api/status`]);

const podman = (port: number) => async (server: Server) => {
  const storage = [
    '--root',
    server.file('root'),
    '--runroot',
    server.file('run'),
    '--storage-driver',
    'vfs',
    '--cgroup-manager',
    'cgroupfs',
  ];
  const args = [...storage, 'system', 'service', '--time', '0', `tcp:0.0.0.0:${port}`];
  return await server.start('podman', { args, port });
};

export const webConfigurations: readonly Configuration[] = [
  real('prometheus', 'no authentication', 9090, 'open-proved', prometheus(9090), {
    facts: { version: /^2\./u },
  }),
  real('prometheus', 'basic auth', 9091, 'auth-required', prometheus(9091, user)),
  real(
    'prometheus',
    'TLS, client certificates',
    9092,
    'auth-required',
    async (server) => {
      await makeCertificates(server);
      const tls =
        'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n';
      await prometheus(9092, tls)(server);
    },
    { mayLog: /http: TLS handshake error/u },
  ),
  real(
    'node-inspector',
    'node --inspect=0.0.0.0',
    9229,
    'open-proved',
    (server) =>
      server.start(process.execPath, {
        args: ['--inspect=0.0.0.0:9229', '-e', 'setInterval(() => {}, 1000)'],
        port: 9229,
      }),
    { facts: { version: /^node\.js\// } },
  ),
  real(
    'chromium-devtools',
    'on loopback: this Chromium binds nothing else',
    9222,
    'open-proved',
    (server) =>
      server.start('chromium', {
        args: [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--remote-debugging-port=9222',
          `--user-data-dir=${server.file('profile')}`,
          'about:blank',
        ],
        port: 9222,
      }),
    // Headless Chromium looks for a desktop's bus, whoever asks what.
    { address: '127.0.0.1', mayLog: /ERROR:dbus/u },
  ),
  real(
    'jupyter',
    'no token',
    8888,
    'open-proved',
    jupyter(8888, ['--NotebookApp.token=', '--NotebookApp.password=']),
    { state: jupyterState(8888) },
  ),
  real('jupyter', 'token', 8889, 'auth-required', jupyter(8889, []), {
    mayLog: /403 GET \/api\/status|NotebookApp\] Forbidden/u,
  }),
  real('docker', 'podman system service', 2375, 'open-proved', podman(2375)),
];
