import { needsCredentials, real, type Configuration } from '../configuration';
import type { Server } from '../host';

const rsync = (port: number, modules: string) => async (server: Server) => {
  await server.write('file.txt', 'content\n');
  await server.write('secrets', 'app:secret\n', 0o600);
  await server.write(
    'rsyncd.conf',
    `port = ${port}\nuse chroot = no\nlog file = /dev/null\n${modules.replaceAll('FOLDER', server.folder)}`,
  );
  return await server.start('rsync', { args: ['--daemon', '--no-detach', '--config=rsyncd.conf'], port });
};
const secrets = 'auth users = app\nsecrets file = FOLDER/secrets\n';

const vnc = (display: number, args: readonly string[]) => async (server: Server) => {
  const port = 5900 + display;
  const screen = ['-geometry', '320x200', '-depth', '16', '-nolisten', 'unix', '-Log', '*:stderr:30'];
  return await server.start('Xtigervnc', {
    args: [`:${display}`, ...screen, '-rfbport', String(port), ...args],
    port,
    ready: /created VNC server for screen/u,
  });
};

/** What TigerVNC tells of any connection, at its usual level. */
const session =
  /^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}$|\[mi\] mieq: warning: overriding existing handler|Connections: +(?:accepted|closed)|SConnection|VNCSConnST: +closing|EncodeManager|ComparingUpdateTracker/u;

const vncPassword = async (server: Server) => {
  const { promisify } = await import('node:util');
  const { execFile } = await import('node:child_process');
  const { writeFile } = await import('node:fs/promises');
  const child = promisify(execFile)('tigervncpasswd', ['-f'], { encoding: 'buffer' });
  child.child.stdin?.end('secret99\n');
  const { stdout } = await child;
  await writeFile(server.file('passwd'), stdout, { mode: 0o600 });
};

const xvfb = (display: number, args: readonly string[]) => (server: Server) =>
  server.start('Xvfb', {
    args: [`:${display}`, '-listen', 'tcp', '-nolisten', 'unix', '-screen', '0', '320x200x24', ...args],
    port: 6000 + display,
  });

const slapd = (port: number, more: string) => async (server: Server) => {
  const lines = [
    'include /etc/ldap/schema/core.schema',
    `modulepath /usr/lib/ldap\nmoduleload back_mdb`,
    `pidfile ${server.file('pid')}`,
    more,
    `database mdb\nsuffix "dc=example,dc=org"\nrootdn "cn=admin,dc=example,dc=org"\nrootpw secret\ndirectory ${server.folder}`,
  ];
  await server.write('slapd.conf', `${lines.join('\n')}\n`);
  return await server.start('slapd', {
    args: ['-f', 'slapd.conf', '-h', `ldap://0.0.0.0:${port}`, '-d', '0'],
    port,
  });
};

const dante = (port: number, method: string) => async (server: Server) => {
  const lines = [
    `logoutput: stderr\ninternal: 0.0.0.0 port = ${port}\nexternal: 192.0.2.2\nsocksmethod: ${method}\nclientmethod: none`,
    'user.privileged: root\nuser.unprivileged: nobody',
    'client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\nsocks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }',
  ];
  await server.write('danted.conf', `${lines.join('\n')}\n`);
  return await server.start('danted', { args: ['-f', 'danted.conf'], port });
};

const squid = (port: number, rules: string) => async (server: Server) => {
  const lines = [
    `http_port ${port}\npid_filename none\ncache deny all\ncache_mem 8 MB\naccess_log none\ncache_log /dev/null`,
    `coredump_dir ${server.folder}\nshutdown_lifetime 1 seconds\nvisible_hostname test\npinger_enable off\nnetdb_filename none`,
    'acl CONNECT method CONNECT',
    rules,
  ];
  const config = await server.write('squid.conf', `${lines.join('\n')}\n`);
  await server.own('proxy');
  return await server.start('squid', { args: ['-N', '-d', '1', '-f', config], port });
};
const basic = (server: Server) => server.write('users', 'app:$apr1$x$1111111111111111111111\n');

const sshd = (port: number) => async (server: Server) => {
  await server.run('mkdir', ['-p', '/run/sshd']);
  await server.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', 'key']);
  const args = ['-D', '-e', '-f', '/dev/null', '-h', server.file('key'), '-p', String(port)];
  return await server.start('/usr/sbin/sshd', { args: [...args, '-o', 'PidFile=none'], port });
};

const dovecot = (port: number, kind: 'imap' | 'pop3') => async (server: Server) => {
  const lines = [
    `base_dir = ${server.file('run')}\nlog_path = /dev/stderr\nprotocols = ${kind}\nssl = no\nlisten = *`,
    `service ${kind}-login {\n inet_listener ${kind} {\n port = ${port}\n }\n inet_listener ${kind}s {\n port = 0\n }\n}`,
    'passdb {\n driver = static\n args = password=secret\n}\nuserdb {\n driver = static\n args = uid=65534 gid=65534 home=/nonexistent\n}',
  ];
  await server.write('dovecot.conf', `${lines.join('\n')}\n`);
  return await server.start('dovecot', { args: ['-F', '-c', server.file('dovecot.conf')], port });
};

/** It looks for its clients' names, and the namespace of the tests has no resolver. */
const noResolver = /idnsSendQuery|comm_udp_sendto|^ +connection: conn/u;

/** What dovecot's first login process draws for itself. */
const tokenSecret = /auth-token-secret/u;

export const legacyConfigurations: readonly Configuration[] = [
  real('rsync', 'open module', 873, 'open-proved', rsync(873, '[data]\npath = FOLDER\n'), {
    facts: { module: 'data' },
  }),
  real('rsync', 'secrets', 874, 'auth-required', rsync(874, `[data]\npath = FOLDER\n${secrets}`)),
  real(
    'rsync',
    'hosts denied',
    875,
    'refused-by-policy',
    rsync(875, '[data]\npath = FOLDER\nhosts allow = 127.0.0.1\n'),
  ),
  real(
    'rsync',
    'a secret module before an open one',
    876,
    { kind: 'unknown', reason: 'not-provable' },
    rsync(876, `[first]\npath = FOLDER\n${secrets}[second]\npath = FOLDER\n`),
  ),
  real('vnc', 'no password', 5900, 'open-proved', vnc(0, ['-SecurityTypes', 'None']), { mayLog: session }),
  real(
    'vnc',
    'password',
    5901,
    'auth-required',
    async (server) => {
      await vncPassword(server);
      return await vnc(1, ['-SecurityTypes', 'VncAuth', '-PasswordFile', server.file('passwd')])(server);
    },
    { mayLog: session },
  ),
  real(
    'vnc',
    'only TLS without a name for the rest',
    5902,
    { kind: 'unknown', reason: 'not-provable' },
    vnc(2, ['-SecurityTypes', 'TLSNone']),
    { mayLog: session },
  ),
  real('x11', 'Xvfb -ac', 6010, 'open-proved', xvfb(10, ['-ac'])),
  real('x11', 'Xvfb with a cookie', 6011, 'auth-required', async (server) => {
    await server.run('xauth', [
      '-f',
      server.file('auth'),
      'add',
      ':11',
      '.',
      '0123456789abcdef0123456789abcdef',
    ]);
    return await xvfb(11, ['-auth', server.file('auth')])(server);
  }),
  real('ldap', 'anonymous bind allowed', 389, 'open-proved', slapd(389, '')),
  real('ldap', 'bind_anon disallowed', 390, 'auth-required', slapd(390, 'disallow bind_anon')),
  real('socks', 'dante, no authentication', 1080, 'open-proved', dante(1080, 'none')),
  real('socks', 'dante, user names', 1081, 'auth-required', dante(1081, 'username')),
  real('http-proxy', 'squid, everybody', 3128, 'open-proved', squid(3128, 'http_access allow all'), {
    mayLog: noResolver,
  }),
  real(
    'http-proxy',
    'squid, everybody, but CONNECT for TLS ports only',
    3131,
    'open-proved',
    squid(3131, 'acl tls port 443\nhttp_access deny CONNECT !tls\nhttp_access allow all'),
    { mayLog: noResolver },
  ),
  real('http-proxy', 'squid, nobody', 3129, 'refused-by-policy', squid(3129, 'http_access deny all'), {
    mayLog: noResolver,
  }),
  real(
    'http-proxy',
    'squid, user names',
    3130,
    'auth-required',
    async (server) => {
      await basic(server);
      const rules = `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${server.file('users')}\nacl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all`;
      return await squid(3130, rules)(server);
    },
    { mayLog: noResolver },
  ),
  real('tftp', 'tftpd-hpa', 69, 'no-auth-by-design', (server) =>
    server.start('in.tftpd', {
      args: ['-L', '-a', '0.0.0.0:69', '-s', server.folder],
      port: 69,
      transport: 'udp',
    }),
  ),
  real('ssh', 'OpenSSH', 2222, needsCredentials, sshd(2222), {
    facts: { version: /^OpenSSH/u },
    mayLog: /Connection (?:closed|reset) by|kex_exchange_identification/u,
  }),
  real(
    'ssh',
    'dropbear',
    2223,
    needsCredentials,
    (server) =>
      server.start('dropbear', {
        args: ['-F', '-E', '-R', '-p', '2223', '-P', server.file('pid')],
        port: 2223,
      }),
    { mayLog: /Child connection from|Exit before auth/u },
  ),
  real('smtp', 'aiosmtpd', 2525, needsCredentials, (server) =>
    server.start('/usr/bin/python3', { args: ['-m', 'aiosmtpd', '-n', '-l', '0.0.0.0:2525'], port: 2525 }),
  ),
  real('imap', 'dovecot', 143, needsCredentials, dovecot(143, 'imap'), {
    mayWrite: tokenSecret,
    mayLog: /(?:Disconnected|Aborted login)/u,
  }),
  real('pop3', 'dovecot', 110, needsCredentials, dovecot(110, 'pop3'), {
    mayWrite: tokenSecret,
    mayLog: /(?:Disconnected|Aborted login)/u,
  }),
];
