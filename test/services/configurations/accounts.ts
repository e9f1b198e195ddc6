/** Well-known accounts, which are tried only when the user asks for it. */
import { needsCredentials, real, type Configuration } from '../configuration';
import type { Server } from '../host';
import { aborted, mariadbMayWrite, mariadb, mariadbState } from './stores';

export const vsftpd = (port: number, anonymous: 'YES' | 'NO') => async (server: Server) => {
  const lines = [
    `listen=YES\nlisten_port=${port}\nbackground=NO\nseccomp_sandbox=NO`,
    `anonymous_enable=${anonymous}\nanon_root=${server.folder}\nlocal_enable=YES`,
    `secure_chroot_dir=${server.folder}\nxferlog_enable=NO`,
  ];
  await server.write('vsftpd.conf', `${lines.join('\n')}\n`);
  await server.run('chmod', ['555', server.folder]);
  return await server.start('vsftpd', { args: [server.file('vsftpd.conf')], port });
};

const snmpd = (port: number, community: string) => async (server: Server) => {
  const config = await server.write(
    'snmpd.conf',
    `rocommunity ${community} default\nsysDescr a test agent\n`,
  );
  const args = ['-f', '-Lo', '-C', '-c', config, '-p', server.file('pid')];
  return await server.start('snmpd', {
    args: [...args, '-I', '-smux', `udp:0.0.0.0:${port}`],
    port,
    transport: 'udp',
    env: { SNMP_PERSISTENT_DIR: server.folder },
  });
};
const received = /Connection from UDP/u;

const account = (
  service: string,
  name: string,
  port: number,
  expected: Configuration['expected'],
  start: Configuration['start'],
  rest: Parameters<typeof real>[5] = {},
): Configuration => real(service, name, port, expected, start, { ...rest, credential: true });

export const accountConfigurations: readonly Configuration[] = [
  real('ftp', 'vsftpd, anonymous (not tried)', 2121, needsCredentials, vsftpd(2121, 'YES'), {
    shared: 'vsftpd',
  }),
  account('ftp', 'vsftpd, anonymous allowed', 2121, 'open-proved', vsftpd(2121, 'YES'), {
    facts: { account: 'anonymous' },
    shared: 'vsftpd',
  }),
  account('ftp', 'vsftpd, anonymous not allowed', 2122, 'auth-required', vsftpd(2122, 'NO')),
  account(
    'mysql',
    'MariaDB, root without a password',
    3309,
    'open-proved',
    mariadb(3309, "create user 'root'@'%';\n"),
    {
      state: mariadbState,
      mayWrite: mariadbMayWrite,
    },
  ),
  account(
    'mysql',
    'MariaDB, root with a password',
    3310,
    'auth-required',
    mariadb(3310, "create user 'root'@'%' identified by 'secret';\n"),
    { state: mariadbState, mayWrite: mariadbMayWrite, mayLog: /Access denied for user 'root'/u },
  ),
  account('mysql', 'MariaDB, root from this host only', 3311, 'refused-by-policy', mariadb(3311), {
    state: mariadbState,
    mayWrite: mariadbMayWrite,
    mayLog: aborted,
  }),
  real('snmp', 'snmpd, community public (not tried)', 1161, needsCredentials, snmpd(1161, 'public'), {
    shared: 'snmpd',
    mayLog: received,
  }),
  account('snmp', 'snmpd, community public', 1161, 'open-proved', snmpd(1161, 'public'), {
    facts: { description: 'a test agent' },
    shared: 'snmpd',
    mayLog: received,
  }),
  account(
    'snmp',
    'snmpd, another community',
    1162,
    { kind: 'unknown', reason: 'silent' },
    snmpd(1162, 'secret'),
    { mayLog: received },
  ),
];
