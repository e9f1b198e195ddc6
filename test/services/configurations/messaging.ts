import { makeCertificates } from '../certificates';
import { real, type Configuration } from '../configuration';
import type { Server } from '../host';

const mosquitto = (port: number, lines: readonly string[], prepare?: (server: Server) => Promise<void>) => {
  return async (server: Server) => {
    await prepare?.(server);
    await server.write(
      'mosquitto.conf',
      `listener ${port}\nuser root\nlog_type error\nlog_type warning\n${lines.join('\n')}\n`,
    );
    return await server.start('mosquitto', { args: ['-c', 'mosquitto.conf'], port });
  };
};

const nats =
  (port: number, args: readonly string[], config = '') =>
  async (server: Server) => {
    await server.write('nats.conf', config);
    return await server.start('nats-server', {
      args: ['-c', 'nats.conf', '-a', '0.0.0.0', '-p', String(port), ...args],
      port,
    });
  };

/** Its own node name, Erlang port mapper, data and logs: nothing is shared with a broker of the machine. */
/** The indexes of queues, which Erlang's dets saves when nothing has happened for a while (dets(3), auto_save). */
const autoSaved = /\/(?:meta|names)\.dets$/u;

const rabbitmq = (port: number) => async (server: Server) => {
  await server.write('enabled_plugins', '[rabbitmq_management].\n');
  const lines = [
    `listeners.tcp.default = ${port}`,
    'management.tcp.port = 15672',
    'log.console = true',
    'log.file = false',
  ];
  await server.write('rabbitmq.conf', `${lines.join('\n')}\n`);
  const env = {
    RABBITMQ_NODENAME: 'portlight@localhost',
    RABBITMQ_CONFIG_FILE: server.file('rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: server.file('enabled_plugins'),
    RABBITMQ_MNESIA_BASE: server.file('mnesia'),
    RABBITMQ_LOG_BASE: server.folder,
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
  };
  await server.own('rabbitmq');
  // Else the broker starts one that outlives it.
  await server.start('epmd', { user: 'rabbitmq', port: 4369 });
  const options = { user: 'rabbitmq', port, env, readyMs: 90_000, ready: /completed with \d+ plugins/u };
  return await server.start('/usr/lib/rabbitmq/bin/rabbitmq-server', options);
};

const connection =
  /accepting AMQP connection|closing AMQP connection|connection_closed_with_no_data_received|handshake_error|client unexpectedly closed/u;

export const messagingConfigurations: readonly Configuration[] = [
  real('mqtt', 'mosquitto, anonymous', 1883, 'open-proved', mosquitto(1883, ['allow_anonymous true'])),
  real(
    'mqtt',
    'mosquitto, password file',
    1884,
    'auth-required',
    mosquitto(1884, ['allow_anonymous false', 'password_file users'], async (server) => {
      await server.run('mosquitto_passwd', ['-c', '-b', 'users', 'app', 'secret']);
    }),
  ),
  real(
    'mqtt',
    'mosquitto, TLS, anonymous',
    8883,
    'open-proved',
    mosquitto(8883, ['allow_anonymous true', 'certfile server.crt', 'keyfile server.key'], makeCertificates),
    {
      mayLog: /OpenSSL Error|wrong version number/u,
    },
  ),
  real(
    'mqtt',
    'mosquitto, TLS, client certificates',
    8884,
    'auth-required',
    mosquitto(
      8884,
      ['require_certificate true', 'cafile ca.crt', 'certfile server.crt', 'keyfile server.key'],
      makeCertificates,
    ),
    {
      mayLog: /OpenSSL Error|wrong version number|peer did not return a certificate/u,
    },
  ),
  real('nats', 'no authentication', 4222, 'open-proved', nats(4222, [])),
  real('nats', 'token', 4223, 'auth-required', nats(4223, ['--auth', 'secret'])),
  real('nats', 'user and password', 4224, 'auth-required', nats(4224, ['--user', 'app', '--pass', 'secret'])),
  real(
    'nats',
    'no_auth_user',
    4225,
    'open-proved',
    nats(4225, [], 'authorization { users = [ { user: guest, password: x } ] }\nno_auth_user: guest\n'),
  ),
  real('amqp', 'RabbitMQ as it comes', 5672, 'auth-required', rabbitmq(5672), {
    facts: { version: /^3\./u },
    mayLog: connection,
    mayWrite: autoSaved,
    shared: 'rabbitmq',
  }),
  real('rabbitmq-management', 'as it comes', 15672, 'auth-required', rabbitmq(5672), {
    mayLog: /HTTP access denied|auth/u,
    mayWrite: autoSaved,
    shared: 'rabbitmq',
  }),
  real('epmd', 'one node', 4369, 'no-auth-by-design', rabbitmq(5672), {
    facts: { nodes: 'portlight' },
    mayWrite: autoSaved,
    shared: 'rabbitmq',
  }),
];
