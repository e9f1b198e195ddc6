import type { Configuration } from '../configuration';
import { ADDRESS6, type Server } from '../host';
import { makeCertificates } from '../certificates';

const state = (port: number, password?: string) => async (server: Server) => {
  const login = password === undefined ? [] : ['-a', password, '--no-auth-warning'];
  const ask = (...command: string[]) => server.run('redis-cli', ['-p', String(port), ...login, ...command]);
  const clients = (await ask('CLIENT', 'LIST')).split('\n').filter((line) => line !== '').length;
  return `${await ask('DBSIZE')} ${await ask('GET', 'canary')} clients ${clients} ${await ask('LASTSAVE')}`;
};

const redis = (
  name: string,
  port: number,
  args: readonly string[],
  rest: Pick<Configuration, 'expected' | 'facts' | 'state' | 'address'>,
): Configuration => ({
  name: `redis: ${name}`,
  service: 'redis',
  kind: 'real',
  port,
  start: (server) =>
    server.start('redis-server', {
      args: [...(args.includes('--tls-port') ? [] : ['--port', String(port)]), '--save', '', ...args],
      port,
    }),
  ...rest,
});

const open = ['--bind', '0.0.0.0', '--protected-mode', 'no'];
const certificates = [
  '--tls-cert-file',
  'server.crt',
  '--tls-key-file',
  'server.key',
  '--tls-ca-cert-file',
  'ca.crt',
];

export const redisConfigurations: readonly Configuration[] = [
  redis('no password', 6379, open, {
    expected: 'open-proved',
    facts: { version: /^\d+\.\d+\.\d+$/u, allowed: 'CONFIG FLUSHALL SAVE', mode: 'standalone' },
    state: state(6379),
  }),
  redis('no password, every IPv6 address', 6379, ['--bind', '::', '--protected-mode', 'no'], {
    expected: 'open-proved',
    address: ADDRESS6,
  }),
  redis('password', 6380, [...open, '--requirepass', 'secret'], {
    expected: 'auth-required',
    state: state(6380, 'secret'),
  }),
  redis(
    'ACL user without CONFIG',
    6381,
    [...open, '--user', ...'default on nopass ~* &* +@all -config -flushall'.split(' ')],
    {
      expected: 'open-proved',
      facts: { allowed: 'SAVE' },
    },
  ),
  redis('ACL user limited to nothing', 6382, [...open, '--user', ...'default on nopass -@all'.split(' ')], {
    expected: 'refused-by-policy',
    facts: { policy: 'acl' },
  }),
  redis(
    'ACL user limited to PING',
    6383,
    [...open, '--user', ...'default on nopass -@all +ping'.split(' ')],
    {
      expected: 'open-proved',
    },
  ),
  redis(
    'renamed commands',
    6384,
    [...open, '--rename-command', 'CONFIG', '', '--rename-command', 'FLUSHALL', ''],
    {
      expected: 'open-proved',
      facts: { allowed: 'SAVE' },
    },
  ),
  redis('protected mode', 6385, ['--bind', '0.0.0.0'], {
    expected: 'refused-by-policy',
    facts: { policy: 'protected-mode' },
    state: state(6385),
  }),
  {
    ...redis('TLS, no password', 6386, [], { expected: 'open-proved' }),
    mayLog: /SSL routines::wrong version number/u,
    start: async (server) => {
      await makeCertificates(server);
      await server.start('redis-server', {
        args: [
          ...open,
          '--port',
          '0',
          '--tls-port',
          '6386',
          '--tls-auth-clients',
          'no',
          '--save',
          '',
          ...certificates,
        ],
        port: 6386,
      });
    },
  },
  {
    ...redis('TLS, client certificates', 6387, [], { expected: 'auth-required' }),
    mayLog: /SSL routines::(?:wrong version number|peer did not return a certificate)/u,
    start: async (server) => {
      await makeCertificates(server);
      await server.start('redis-server', {
        args: [...open, '--port', '0', '--tls-port', '6387', '--save', '', ...certificates],
        port: 6387,
      });
    },
  },
];
