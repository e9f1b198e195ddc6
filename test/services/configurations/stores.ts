import { makeCertificates } from '../certificates';
import { needsCredentials, notProvable, real, type Configuration } from '../configuration';
import type { Server } from '../host';

const memcached = (port: number, args: readonly string[]) => (server: Server) =>
  server.start('memcached', { args: ['-u', 'root', '-p', String(port), '-U', '0', '-v', ...args], port });

const postgresBin = '/usr/lib/postgresql/15/bin';

const postgres =
  (port: number, hba: string, passwordMethod = 'scram-sha-256', tls = false) =>
  async (server: Server) => {
    if (tls) await makeCertificates(server, 0o600);
    await server.own('postgres');
    const init = ['-D', 'data', '-U', 'owner', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
    await server.run(`${postgresBin}/initdb`, init, 'postgres');
    await server.write('data/pg_hba.conf', `local all all trust\n${hba}\n`);
    const settings = { listen_addresses: '*', port, unix_socket_directories: server.folder, fsync: 'off' };
    const options = Object.entries({
      ...settings,
      ...(tls ? { ssl: 'on', ssl_cert_file: '../server.crt', ssl_key_file: '../server.key' } : {}),
      password_encryption: passwordMethod,
      log_connections: 'off',
      // Nothing is written but what somebody asked for.
      autovacuum: 'off',
      bgwriter_lru_maxpages: 0,
      wal_level: 'minimal',
      max_wal_senders: 0,
    });
    const args = ['-D', 'data', ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    return await server.start(`${postgresBin}/postgres`, { args, user: 'postgres', port });
  };

const postgresTls = (port: number, hba: string) => postgres(port, hba, 'scram-sha-256', true);

const postgresState = (port: number) => async (server: Server) => {
  const query = `select (select string_agg(rolname, ',' order by rolname) from pg_roles where rolname !~ '^pg_'),
    (select string_agg(datname, ',' order by datname) from pg_database),
    (select count(*) from pg_stat_activity where backend_type = 'client backend')`;
  return await server.run(
    'psql',
    ['-h', server.folder, '-p', String(port), '-U', 'owner', '-At', '-c', query, 'postgres'],
    'postgres',
  );
};

export const mariadb =
  (port: number, setup = '') =>
  async (server: Server) => {
    await server.own('mysql');
    const data = `--datadir=${server.file('data')}`;
    const install = [
      '--no-defaults',
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      data,
      '--user=mysql',
    ];
    await server.run('mariadb-install-db', install);
    const args = [
      '--no-defaults',
      data,
      '--user=mysql',
      `--port=${port}`,
      '--bind-address=*',
      '--skip-name-resolve',
    ];
    const socket = `--socket=${server.file('socket')}`;
    const init = await server.write('init.sql', setup);
    return await server.start('mariadbd', {
      args: [
        ...args,
        socket,
        `--pid-file=${server.file('pid')}`,
        ...(setup === '' ? [] : [`--init-file=${init}`]),
      ],
      port,
    });
  };

/**
 * InnoDB flushes its log and its pages when it likes, and Aria makes its checkpoints. Accounts live in Aria's tables,
 * which are compared byte by byte, and {@link mariadbState} asks for them.
 */
export const mariadbMayWrite = /^data\/(?:ib_logfile0|ibdata1|undo\d+|aria_log[.\w]*|mysql\/\w+\.ibd)$/u;

export const mariadbState = async (server: Server) =>
  await server.run('mysql', [
    '--no-defaults',
    `--socket=${server.file('socket')}`,
    '-uroot',
    '-NBe',
    "select group_concat(user, '@', host order by user, host) from mysql.user; select count(*) from information_schema.processlist where user <> 'system user'; select count(*) from performance_schema.host_cache",
  ]);

const etcd =
  (port: number, args: readonly string[] = []) =>
  (server: Server) => {
    const scheme = args.length > 0 ? 'https' : 'http';
    return server.start('etcd', {
      args: [
        ...['--data-dir', 'data', '--listen-client-urls', `${scheme}://0.0.0.0:${port}`],
        ...[
          '--advertise-client-urls',
          `${scheme}://127.0.0.1:${port}`,
          '--listen-peer-urls',
          'http://127.0.0.1:0',
        ],
        ...args,
      ],
      port,
      ready:
        /serving (?:insecure )?client requests on[^]*enabled capabilities|enabled capabilities[^]*serving (?:insecure )?client requests on/u,
      env: { ETCD_UNSUPPORTED_ARCH: process.arch },
    });
  };

const etcdState = (port: number) => async (server: Server) =>
  (
    await server.run('curl', [
      '-s',
      '-X',
      'POST',
      '-d',
      '{"key":"AA==","range_end":"AA=="}',
      `http://127.0.0.1:${port}/v3/kv/range`,
    ])
  ).replaceAll(/"(?:cluster_id|member_id|raft_term)":"\d+",?/gu, '');

/** Users are made through etcd's own JSON gateway. */
async function enableEtcdAuth(server: Server, port: number): Promise<void> {
  for (const [path, body] of [
    ['user/add', '{"name":"root","password":"secret"}'],
    ['role/add', '{"name":"root"}'],
    ['user/grant', '{"user":"root","role":"root"}'],
    ['auth/enable', '{}'],
  ] as const)
    await server.run('curl', [
      '-sf',
      '-X',
      'POST',
      '-d',
      body,
      `http://127.0.0.1:${port}/v3/auth/${path.replace('auth/', '')}`,
    ]);
}

const zookeeper = (port: number) => async (server: Server) => {
  const jars = [
    'zookeeper',
    'zookeeper-jute',
    'slf4j-api',
    'slf4j-simple',
    'netty-all',
    'metrics-core',
    'snappy-java',
  ];
  await server.write(
    'zoo.cfg',
    `dataDir=${server.file('data')}\nclientPort=${port}\nadmin.enableServer=false\n`,
  );
  const classpath = jars.map((jar) => `/usr/share/java/${jar}.jar`).join(':');
  const args = ['-cp', classpath, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', 'zoo.cfg'];
  return await server.start('java', { args, port, ready: /ContainerManager - Using checkIntervalMs/u });
};

const influxdb = (port: number, auth: boolean) => async (server: Server) => {
  const [meta, data, wal] = ['meta', 'data', 'wal'].map((name) => server.file(name));
  const lines = [
    'reporting-disabled = true',
    'bind-address = "127.0.0.1:0"',
    `[meta]\ndir = "${meta ?? ''}"`,
    `[data]\ndir = "${data ?? ''}"\nwal-dir = "${wal ?? ''}"`,
    // It would store its own metrics every ten seconds.
    '[monitor]\nstore-enabled = false',
    `[http]\nbind-address = ":${port}"\nauth-enabled = ${auth}\nlog-enabled = false`,
  ];
  const config = await server.write('influxdb.conf', lines.join('\n'));
  return await server.start('influxd', { args: ['-config', config], port });
};

const roleMissing = /FATAL: {2}role "portlight_[0-9a-f]{6}" does not exist/u;
const noLine = /FATAL: {2}no pg_hba\.conf entry for host|FATAL: {2}pg_hba\.conf rejects connection/u;
export const aborted =
  /Aborted connection \d+ to db: 'unconnected' user: 'unauthenticated'.*closed normally without authentication/u;
const everybody = "create user 'app'@'%' identified by 'secret';\n";

export const storeConfigurations: readonly Configuration[] = [
  real('memcached', 'no authentication', 11211, 'open-proved', memcached(11211, []), {
    facts: { version: /^1\./u },
  }),
  real('memcached', 'authentication file (-Y)', 11212, 'auth-required', async (server) => {
    const users = await server.write('users', 'app:secret\n');
    await memcached(11212, ['-Y', users])(server);
  }),
  real('memcached-udp', 'UDP on', 11213, 'open-proved', (server) =>
    server.start('memcached', {
      args: ['-u', 'root', '-p', '0', '-U', '11213'],
      port: 11213,
      transport: 'udp',
    }),
  ),
  real('postgresql', 'trust', 5432, 'open-proved', postgres(5432, 'host all all all trust'), {
    state: postgresState(5432),
    mayLog: roleMissing,
  }),
  real(
    'postgresql',
    'scram-sha-256',
    5433,
    'auth-required',
    postgres(5433, 'host all all all scram-sha-256'),
    {
      state: postgresState(5433),
      facts: { method: 'SASL (SCRAM)' },
    },
  ),
  real('postgresql', 'md5', 5434, 'auth-required', postgres(5434, 'host all all all md5', 'md5')),
  real('postgresql', 'password in clear', 5435, 'auth-required', postgres(5435, 'host all all all password')),
  real('postgresql', 'no pg_hba line', 5436, 'refused-by-policy', postgres(5436, ''), { mayLog: noLine }),
  real('postgresql', 'reject line', 5437, 'refused-by-policy', postgres(5437, 'host all all all reject'), {
    mayLog: noLine,
  }),
  real(
    'postgresql',
    'trust for TLS only',
    5439,
    'open-proved',
    postgresTls(5439, 'hostssl all all all trust'),
    {
      mayLog: roleMissing,
    },
  ),
  real(
    'postgresql',
    'TLS, scram-sha-256',
    5440,
    'auth-required',
    postgresTls(5440, 'host all all all scram-sha-256'),
  ),
  real('postgresql', 'TLS, no pg_hba line', 5441, 'refused-by-policy', postgresTls(5441, ''), {
    mayLog: noLine,
  }),
  real('postgresql', 'ident', 5438, 'auth-required', postgres(5438, 'host all all all ident'), {
    mayLog: /could not connect to Ident server|Ident authentication failed|Connection matched/u,
  }),
  real('mysql', 'MariaDB, accounts for this host only', 3306, 'refused-by-policy', mariadb(3306), {
    state: mariadbState,
    mayWrite: mariadbMayWrite,
    mayLog: aborted,
  }),
  real('mysql', 'MariaDB, an account for every host', 3307, needsCredentials, mariadb(3307, everybody), {
    state: mariadbState,
    mayWrite: mariadbMayWrite,
    mayLog: aborted,
    facts: { version: /MariaDB/u },
  }),
  real(
    'mysql',
    'MariaDB, an account without a password',
    3308,
    needsCredentials,
    mariadb(3308, "create user 'root'@'%';\n"),
    {
      state: mariadbState,
      mayWrite: mariadbMayWrite,
      mayLog: aborted,
    },
  ),
  real('etcd', 'no authentication', 2379, 'open-proved', etcd(2379), { state: etcdState(2379) }),
  real('etcd', 'authentication enabled', 2380, 'auth-required', async (server) => {
    await etcd(2380)(server);
    await enableEtcdAuth(server, 2380);
  }),
  real(
    'etcd',
    'TLS, no authentication',
    2381,
    'open-proved',
    async (server) => {
      await makeCertificates(server);
      await etcd(2381, ['--cert-file', 'server.crt', '--key-file', 'server.key'])(server);
    },
    { mayLog: /rejected connection|tls:/u },
  ),
  real(
    'etcd',
    'client certificates',
    2382,
    'auth-required',
    async (server) => {
      await makeCertificates(server);
      const tls = ['--cert-file', 'server.crt', '--key-file', 'server.key', '--trusted-ca-file', 'ca.crt'];
      await etcd(2382, [...tls, '--client-cert-auth'])(server);
    },
    { mayLog: /rejected connection|tls:/u },
  ),
  real('zookeeper', 'as it comes', 2181, notProvable, zookeeper(2181), {
    facts: { version: /^3\./u },
    // The first admin word of a server's life makes it list them.
    mayLog: /Processing srvr|FourLetterCommands - The list of/u,
  }),
  real('influxdb', 'no authentication', 8086, 'open-proved', influxdb(8086, false), {
    facts: { version: /^1\./u },
    mayLog: /Executing query/u,
  }),
  real(
    'influxdb',
    'authentication',
    8087,
    'auth-required',
    async (server) => {
      await influxdb(8087, true)(server);
      const create = "q=CREATE USER admin WITH PASSWORD 'secret' WITH ALL PRIVILEGES";
      await server.run('curl', [
        '-sf',
        '-X',
        'POST',
        'http://127.0.0.1:8087/query',
        '--data-urlencode',
        create,
      ]);
    },
    { mayLog: /Unauthorized|error="unable to parse/u },
  ),
  real('influxdb', 'authentication, no administrator yet', 8088, 'open-proved', influxdb(8088, true), {
    facts: { unclaimed: 'yes' },
    mayLog: /create admin user first/u,
  }),
];
