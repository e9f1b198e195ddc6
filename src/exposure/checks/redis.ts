import { ascii, latin1 } from '../bytes';
import { proved, send, undecided, wholeLine, type Check, type Reply, type Step } from '../check';

const PING = ascii('PING\r\n');

/**
 * Told without calling them: HELLO names the version and the mode; ACL DRYRUN (7.0) says whether the default user
 * may run a command, and COMMAND COUNT ends the pipeline with a reply of a known shape. Nothing is run, read or written.
 */
const dangerous = ['CONFIG GET dir', 'FLUSHALL', 'SAVE'] as const;
const DETAILS = ascii(
  ['HELLO 2', ...dangerous.map((command) => `ACL DRYRUN default ${command}`), 'ECHO portlight-end', ''].join(
    '\r\n',
  ),
);

function afterPing(reply: Reply): Step | 'more' {
  const line = wholeLine(reply.bytes);
  if (line === undefined) return 'more';
  if (line === '+PONG') return send(DETAILS, 'HELLO 2, ACL DRYRUN', details);
  if (line.startsWith('-NOAUTH ')) return proved('auth-required', 'PING', line);
  if (line.startsWith('-DENIED Redis is running in protected mode'))
    return proved('refused-by-policy', 'PING', line.slice(0, 60), { policy: 'protected-mode' });
  if (line.startsWith('-NOPERM ')) return proved('refused-by-policy', 'PING', line, { policy: 'acl' });
  return undecided('unexpected-reply', 'PING', line);
}

/** The verdict is proved by +PONG already; what comes now only adds facts, and its absence takes nothing away. */
function details(reply: Reply): Step | 'more' {
  const text = latin1(reply.bytes);
  if (!/(?:portlight-end|NOPERM[^\r]*'echo'[^\r]*)\r\n/u.test(text) && reply.ended === undefined)
    return 'more';
  const facts: Record<string, string> = {};
  for (const key of ['version', 'mode', 'role', 'server']) {
    const value = new RegExp(
      `\\$${key.length}\\r\\n${key}\\r\\n\\$\\d+\\r\\n([^\\r\\n]{1,40})\\r\\n`,
      'u',
    ).exec(text)?.[1];
    if (value !== undefined) facts[key] = value;
  }
  const dryRuns = /^(?:\+OK|(?:User default|This user) has no permissions.*|-ERR Command .*)$/gmu;
  const answers = [...text.replaceAll('\r', '').matchAll(dryRuns)].map((match) => match[0]);
  if (answers.length === dangerous.length) {
    const names = dangerous.map((command) => command.split(' ')[0] ?? command);
    facts['allowed'] = names.filter((_, index) => answers[index] === '+OK').join(' ') || 'none';
  }
  return proved('open-proved', 'PING', '+PONG', facts);
}

/** Redis, Valkey, KeyDB and Dragonfly (RESP: redis.io/docs/latest/develop/reference/protocol-spec). */
export const redis: Check = {
  service: 'redis',
  name: 'Redis',
  transport: 'tcp',
  tls: 'after',
  recognition: {
    processes: /^(?:redis-server|redis-sentinel|valkey-server|keydb-server|dragonfly|redis-check-rdb)$/u,
    ports: [6379, 6380, 26379],
  },
  notTried: 'passwords, CONFIG, INFO, KEYS or any command that reads or writes data',
  start: () => send(PING, 'PING', afterPing),
};
