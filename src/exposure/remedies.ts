import type { Translate } from '../base/text';
import type { Assessment } from './judge';
import { restartOf } from './restart';
import { oldRedis } from './rules/redisStory';
import { runsAsRoot, type Subject } from './subject';

/** One thing that closes the door. */
export interface Remedy {
  readonly sentence: string;
  /** What to type, for this very listener, where one command does it. */
  readonly command?: string;
  /** The line that its configuration file should have, so that it lasts. */
  readonly line?: string;
  /** Closes nothing by itself: it makes a change of the configuration count. */
  readonly restart?: true;
}

type Remedies = (subject: Subject, t: Translate) => readonly Remedy[];

const loopback = (t: Translate): Remedy => ({
  sentence: t('Bind it to localhost (127.0.0.1), unless others shall reach it.'),
});

/** What helps with one service, most effective first. Sources: each service's own documentation of these options. */
const BY_SERVICE: Readonly<Record<string, Remedies>> = {
  redis: (subject, t) => [
    {
      sentence: t('Bind it to localhost.'),
      command: `${redisCli(subject)} CONFIG SET bind "127.0.0.1 -::1"`,
      line: 'bind 127.0.0.1 -::1',
    },
    {
      sentence: t('Set a password: choose a long one in place of CHOOSE-ONE.'),
      command: `${redisCli(subject)} CONFIG SET requirepass CHOOSE-ONE`,
      line: 'requirepass CHOOSE-ONE',
    },
  ],
  memcached: (_subject, t) => [
    { sentence: t('Bind it to localhost.'), line: '-l 127.0.0.1' },
    { sentence: t('Turn UDP off, unless something uses it.'), line: '-U 0' },
  ],
  mqtt: ({ listener }, t) => [
    { sentence: t('Bind it to localhost.'), line: `listener ${listener.port} 127.0.0.1` },
    { sentence: t('Turn strangers away and name a password file.'), line: 'allow_anonymous false' },
  ],
  postgresql: (_subject, t) => [
    { sentence: t('Bind it to localhost.'), line: "listen_addresses = 'localhost'" },
    { sentence: t('In pg_hba.conf, ask for a password where it says trust.'), line: 'scram-sha-256' },
  ],
  'node-inspector': (_subject, t) => [
    { sentence: t('Start it so that it listens on localhost only.'), line: '--inspect=127.0.0.1:9229' },
  ],
};

/** Where it is bound to one address only, 127.0.0.1 does not reach it. */
function redisCli({ listener, addresses }: Subject): string {
  const host = listener.scope === 'address' && addresses[0] !== undefined ? ` -h ${addresses[0]}` : '';
  return `redis-cli${host} -p ${listener.port}`;
}

const REDIS_LAST: Remedies = (subject, t) => {
  const version = oldRedis(subject.verdict.facts);
  return [
    {
      sentence: t('Keep dangerous commands from the default user.'),
      command: `${redisCli(subject)} ACL SETUSER default -config -flushall -save -module -debug`,
      line: 'rename-command CONFIG ""',
    },
    ...(version === undefined ? [] : [{ sentence: t('Upgrade it: Redis {0} is an old line.', version) }]),
  ];
};

/** What to do about a listener that needs it, in this order; empty where there is nothing to do. */
export function remediesOf({ subject, severity }: Assessment, t: Translate): readonly Remedy[] {
  if (severity === 'none' || severity === 'info' || subject.addresses.length === 0) return [];
  const own = BY_SERVICE[subject.service ?? '']?.(subject, t) ?? [loopback(t)];
  const root = runsAsRoot(subject)
    ? [{ sentence: t('Do not run it as root: give it a user of its own.') }]
    : [];
  const last = subject.service === 'redis' ? REDIS_LAST(subject, t) : [];
  const restart = restartOf(subject.listener, t);
  return [...own, ...root, ...last, ...(restart ? [{ ...restart, restart: true as const }] : [])];
}

/** `Bind it to this machine. Command: …; in its configuration: …` */
export function remedyWords({ sentence, command, line }: Remedy, t: Translate): string[] {
  return [
    sentence,
    ...(command === undefined ? [] : [t('Now: {0}', command)]),
    ...(line === undefined ? [] : [t('For good, in its configuration or arguments: {0}', line)]),
  ];
}
