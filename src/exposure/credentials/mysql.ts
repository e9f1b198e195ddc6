import { ascii, concat, hex, latin1, uint } from '../bytes';
import { listen, proved, send, undecided, type Reply, type Step } from '../check';
import { greetingOf, mysql, packetOf } from '../checks/mysql';
import type { CredentialCheck } from './credential';

const ASKED = 'root without a password';
/** ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR, ER_ACCOUNT_HAS_BEEN_LOCKED (4151 in MariaDB, 3118). */
const denied = new Set([1045, 1698, 3118, 4151]);
const COM_QUIT = hex('01000000 01');

/**
 * HandshakeResponse41 without a scramble, which is how an empty password is sent: PROTOCOL_41, SECURE_CONNECTION and
 * PLUGIN_AUTH, packets of up to 4 KiB, utf8mb4. No database is chosen.
 */
function login(): Uint8Array {
  const body = concat(
    hex('00820800 00100000 2d'),
    new Uint8Array(23),
    ascii('root\0\0mysql_native_password\0'),
  );
  return concat(Uint8Array.of(body.length, 0, 0, 1), body);
}

function judge(reply: Reply, sequence: number): Step | 'more' {
  const packet = packetOf(reply, sequence);
  if (packet === 'more') return 'more';
  const kind = packet && uint(packet, 0, 1);
  // OK: affected rows 0, insert id 0, then the status flags.
  if (packet && kind === 0 && packet.length >= 7 && packet[1] === 0 && packet[2] === 0)
    return proved('open-proved', ASKED, 'OK', { account: ASKED }, COM_QUIT);
  if (packet && kind === 0xff) {
    const code = uint(packet, 1, 2, 'little') ?? 0;
    const message = `ERROR ${code} ${latin1(packet.subarray(3))}`;
    return denied.has(code)
      ? proved('auth-required', ASKED, message, { refused: ASKED })
      : undecided('unexpected-reply', ASKED, message);
  }
  // AuthSwitchRequest: another plugin; an empty password is an empty packet for all that take one.
  if (packet && kind === 0xfe && packet.length > 1 && sequence === 2)
    return send(hex('00000003'), ASKED, (answer) => judge(answer, 4));
  return undecided('unexpected-reply', ASKED, reply);
}

export const mysqlEmptyRoot: CredentialCheck = {
  ...mysql,
  account: ASKED,
  warning: (t) =>
    t(
      'This tries to log in as root without a password: the server may log it, and may block this address after many failures.',
    ),
  notTried: 'other accounts and passwords; no statement is run',
  start: () =>
    listen((reply) => {
      const greeting = greetingOf(reply);
      if (greeting === 'more') return 'more';
      return greeting.kind === 'handshake'
        ? send(login(), ASKED, (answer) => judge(answer, 2))
        : greeting.step;
    }),
};
