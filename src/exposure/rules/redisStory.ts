import type { Translate } from '../../base/text';
import type { Facts } from '../verdict';
import type { Subject } from '../subject';

/** The oldest line that its makers still fix (redis.io, "Redis release cycle", 2025). */
const supported = { major: 7, minor: 2 };

/** The version, where its makers no longer fix its line. */
export function oldRedis(facts: Facts = {}): string | undefined {
  const { version = '' } = facts;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < supported.major || (major === supported.major && minor < supported.minor);
  return major > 0 && old ? version : undefined;
}

/** What a Redis that lets anybody in says about itself. */
export function redisStory({ verdict }: Subject, t: Translate): string[] {
  const facts = verdict.facts ?? {};
  // A server in protected mode answers -DENIED to every address but loopback.
  const story = [t('Protected mode is off, or it would have turned this address away.')];
  const allowed = facts['allowed'];
  if (allowed !== undefined && allowed !== 'none')
    story.push(t('Without calling them: the default user may run {0}.', allowed.replaceAll(' ', ', ')));
  if (allowed === 'none') story.push(t('The default user may not run CONFIG, FLUSHALL or SAVE.'));
  if (allowed === undefined || allowed.includes('CONFIG'))
    story.push(
      t(
        'With CONFIG and SAVE a stranger writes files: a key in authorized_keys, a line in cron, a library to load.',
      ),
    );
  if (facts['mode'] === 'sentinel')
    story.push(t('It is a Sentinel: a stranger can move the whole group to another master.'));
  return story;
}
