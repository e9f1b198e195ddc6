import path from 'node:path';
import { hostsFolder, installHost } from '../../support/hosts';
import { bundlerFile } from '../bundlers';
import { makeCertificates } from '../certificates';
import { needsCredentials, notProvable, real, type Configuration } from '../configuration';
import type { Server } from '../host';

/** The first visit, whoever's it is, loads the server's parts, which says much in the log. */
async function visit(server: Server, port: number): Promise<void> {
  await server.run('curl', ['-sL', '-o', server.file('page'), `http://127.0.0.1:${port}/`]);
  await server.settle(500);
}

/** An editor's server: what `code serve-web` runs. */
const workbench = (port: number, args: readonly string[]) => async (server: Server) => {
  const { node, serverMain } = await installHost('newest');
  const data = ['--server-data-dir', server.file('data'), '--accept-server-license-terms'];
  await server.start(node, {
    args: [serverMain, '--host', '0.0.0.0', '--port', String(port), ...data, ...args],
    port,
    ready: /Extension host agent listening/u,
  });
  await visit(server, port);
};

const codeServer = (port: number, auth: 'none' | 'password') => async (server: Server) => {
  const { node } = await installHost('newest');
  const entry = path.join(hostsFolder(), 'host-newest/node_modules/code-server/out/node/entry.js');
  const args = [
    '--bind-addr',
    `0.0.0.0:${port}`,
    '--auth',
    auth,
    '--disable-telemetry',
    '--disable-update-check',
  ];
  const env = { PASSWORD: 'secret', XDG_CONFIG_HOME: server.folder, XDG_DATA_HOME: server.folder };
  await server.start(node, { args: [entry, ...args], port, env, ready: /HTTP server listening/u });
  await visit(server, port);
};

const vite = (port: number) => async (server: Server) => {
  await server.write('index.html', '<h1>hello</h1>');
  const args = [bundlerFile('vite/bin/vite.js'), '--host', '0.0.0.0', '--port', String(port), '--strictPort'];
  return await server.start(process.execPath, { args, port, ready: /ready in/u });
};

const webpackDevServer = (port: number) => async (server: Server) => {
  await server.write('index.js', 'document.title = 1;');
  const options = ['--mode', 'development', '--host', '0.0.0.0', '--port', String(port), '--no-open'];
  const args = [
    bundlerFile('webpack-cli/bin/cli.js'),
    'serve',
    '--entry',
    server.file('index.js'),
    ...options,
  ];
  // webpack-cli looks for webpack and the server from its working folder.
  const env = { NODE_PATH: bundlerFile('') };
  return await server.start(process.execPath, { args, port, env, ready: /compiled/u });
};

const registry =
  (port: number, auth = '') =>
  async (server: Server) => {
    await server.write('users', 'app:$2y$05$0123456789012345678901uW1p1Jb0mI5m6rJrjmq8h0xk7a9Ut6e\n');
    const config = `version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: ${server.file('data')}}}\nhttp: {addr: "0.0.0.0:${port}"}\n${auth}`;
    const file = await server.write('config.yml', config);
    return await server.start('docker-registry', { args: ['serve', file], port });
  };

const dnsmasq = (port: number) => (server: Server) =>
  server.start('dnsmasq', {
    args: [
      '-k',
      '-C',
      '/dev/null',
      '-p',
      String(port),
      '-R',
      '-h',
      '-u',
      'root',
      '--local=/invalid/',
      '--pid-file=',
    ],
    port,
    transport: 'udp',
  });

const nginx = (port: number, location: string) => async (server: Server) => {
  const folder = server.folder;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/t;`,
  );
  const http = `http { access_log off; ${temporary.join(' ')} server { listen ${port}; root ${folder}; ${location} } }`;
  await server.write('index.html', '<title>hello</title>');
  const lines = `daemon off; master_process off; pid ${server.file('pid')}; error_log stderr; events {} ${http}`;
  const config = await server.write('nginx.conf', lines);
  return await server.start('nginx', { args: ['-c', config, '-e', 'stderr'], port });
};

export const developerConfigurations: readonly Configuration[] = [
  real(
    'code-server',
    'serve-web without a token',
    8000,
    'open-proved',
    workbench(8000, ['--without-connection-token']),
  ),
  real(
    'code-server',
    'serve-web with a token',
    8001,
    'auth-required',
    workbench(8001, ['--connection-token', 'secret']),
  ),
  real('code-server', 'code-server --auth none', 8080, 'open-proved', codeServer(8080, 'none')),
  real('code-server', 'code-server with a password', 8082, 'auth-required', codeServer(8082, 'password')),
  real('vite', 'vite --host', 5173, 'no-auth-by-design', vite(5173)),
  real('webpack-dev-server', 'webpack serve --host', 8083, 'no-auth-by-design', webpackDevServer(8083)),
  real('webdriver', 'chromedriver', 9515, 'open-proved', (server) =>
    server.start('chromedriver', {
      args: ['--port=9515', '--allowed-ips=', '--allowed-origins=*'],
      port: 9515,
    }),
  ),
  real('adb-server', 'adb -a nodaemon server', 5037, 'open-proved', (server) =>
    server.start('adb', { args: ['-a', '-P', '5037', 'nodaemon', 'server'], port: 5037 }),
  ),
  real('registry', 'no authentication', 5000, 'open-proved', registry(5000)),
  real(
    'registry',
    'htpasswd',
    5001,
    'auth-required',
    registry(5001, 'auth: {htpasswd: {realm: test, path: users}}'),
    { mayLog: /basic authentication|authorizing context/u },
  ),
  real('dns', 'dnsmasq', 53, 'no-auth-by-design', dnsmasq(53)),
  real(
    'rpcbind',
    'as it comes',
    111,
    'no-auth-by-design',
    (server) => server.start('rpcbind', { args: ['-f', '-i'], port: 111 }),
    { facts: { programs: 'portmapper' } },
  ),
  real('web', 'nginx, TLS', 443, notProvable, async (server) => {
    await makeCertificates(server);
    const [cert, key] = [server.file('server.crt'), server.file('server.key')];
    const tls = `listen 443 ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};`;
    return await nginx(80, tls)(server);
  }),
  real('web', 'nginx', 3000, notProvable, nginx(3000, ''), { facts: { server: /^nginx/u } }),
  real(
    'web',
    'nginx, basic auth',
    3001,
    'auth-required',
    nginx(3001, 'auth_basic "x"; auth_basic_user_file /dev/null;'),
    {
      mayLog: /no user\/password was provided/u,
    },
  ),
  real(
    'web',
    'Adminer behind php -S',
    8080,
    needsCredentials,
    async (server) => {
      // Its arguments do not name it: only its page does.
      await server.run('ln', ['-s', '/usr/share/adminer/adminer', 'www']);
      return await server.start('php', { args: ['-S', '0.0.0.0:8080', '-t', 'www'], port: 8080 });
    },
    { facts: { service: 'database-admin' }, mayLog: /Accepted|Closing|\[200\]/u },
  ),
];
