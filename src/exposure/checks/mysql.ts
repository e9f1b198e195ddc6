import { latin1, uint } from '../bytes';
import { listen, notChecked, proved, undecided, type Check, type Reply, type Step } from '../check';

/** ER_HOST_NOT_PRIVILEGED, ER_HOST_IS_BLOCKED. */
const refusals = new Set([1130, 1129]);

/** The payload of the one packet with this sequence number; undefined where the bytes are none. */
export function packetOf(reply: Reply, sequence: number): Uint8Array | 'more' | undefined {
  const low = uint(reply.bytes, 0, 2, 'little');
  const high = uint(reply.bytes, 2, 1);
  const number = uint(reply.bytes, 3, 1);
  if (low === undefined || high === undefined || number === undefined) return 'more';
  const length = low + (high << 16);
  if (length > 4000 || number !== sequence) return undefined;
  return reply.bytes.length < length + 4 ? 'more' : reply.bytes.subarray(4, length + 4);
}

/** What the server greets with: the handshake that a login answers, or what ends the check. */
export function greetingOf(
  reply: Reply,
):
  | { readonly kind: 'handshake'; readonly version: string }
  | { readonly kind: 'end'; readonly step: Step }
  | 'more' {
  const packet = packetOf(reply, 0);
  if (packet === 'more') return 'more';
  const first = packet && uint(packet, 0, 1);
  if (packet && first === 0xff) {
    const code = uint(packet, 1, 2, 'little');
    const message = `ERROR ${code ?? 0} ${latin1(packet.subarray(3))}`;
    return {
      kind: 'end',
      step:
        code !== undefined && refusals.has(code)
          ? proved('refused-by-policy', undefined, message)
          : undecided('unexpected-reply', undefined, message),
    };
  }
  const text = packet && first === 10 ? latin1(packet.subarray(1)) : '';
  const version = /^([\x20-\x7e]{1,60})\0/u.exec(text)?.[1];
  return version === undefined
    ? { kind: 'end', step: undecided('unexpected-reply', undefined, reply) }
    : { kind: 'handshake', version };
}

function judge(reply: Reply): Step | 'more' {
  const greeting = greetingOf(reply);
  if (greeting === 'more') return 'more';
  if (greeting.kind === 'end') return greeting.step;
  const { version } = greeting;
  // MariaDB puts 5.5.5- before its own version, for clients of old.
  const own = version.replace(/^5\.5\.5-(?=\d)/u, '');
  return notChecked('needs-credentials', `Handshake ${version}`, { version: own });
}

/**
 * MySQL and MariaDB greet first; whether an account has no password could be told only by trying one, so it is not.
 * A connection that ends after the greeting counts against max_connect_errors: a check runs once per server start.
 */
export const mysql: Check = {
  service: 'mysql',
  name: 'MySQL, MariaDB',
  transport: 'tcp',
  tls: 'never',
  recognition: {
    processes: /^(?:mysqld|mariadbd|mysqld_safe)$/u,
    ports: [3306, 3307],
    greeting: /^.{2}\x00\x00\x0a\d[\x20-\x7e]{2,60}\x00/su,
  },
  notTried: 'any account: root or an anonymous one without a password is not guessed',
  start: () => listen(judge),
};
