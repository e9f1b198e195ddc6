import type { Translate } from '../../base/text';
import type { Rule } from '../subject';

const temporary = /^(?:\/tmp|\/var\/tmp|\/dev\/shm|\/private\/tmp|\/run\/shm)\//u;

/** What developers start from a temporary folder every day. */
const usual: readonly (readonly [RegExp, (t: Translate) => string])[] = [
  [/\/go-build\d+\//u, (t) => t('“go run” and “go test” build their programs there.')],
  [/\/___\w*go_build_/u, (t) => t('GoLand builds its programs there.')],
  [/^\/tmp\/\.mount_/u, (t) => t('An AppImage is mounted there while it runs.')],
];

/** A listener whose program is no file any more, or lies where anybody may write. */
export const executableRule: Rule = {
  id: 'look.executable',
  judge: ({ process, addresses }, t) => {
    const path = process?.executable;
    if (!process || path === undefined || addresses.length === 0) return undefined;
    const odd = path.startsWith('/memfd:')
      ? t('its program exists in memory only: {0}', path)
      : temporary.test(path)
        ? t('its program lies in a temporary folder: {0}', path)
        : undefined;
    if (odd === undefined && process.executableDeleted !== true) return undefined;
    const [, why] = usual.find(([pattern]) => odd !== undefined && pattern.test(path)) ?? [];
    return {
      id: 'look.executable',
      severity: odd === undefined || why ? 'info' : 'medium',
      sentence: t(
        'Look at this: {0}',
        odd ?? t('its program was deleted or replaced since it started: {0}', path),
      ),
      details: [
        odd === undefined
          ? t('After an upgrade this is usual: a restart runs the new program.')
          : (why?.(t) ?? t('Builds and installers do this too: see who started it.')),
      ],
    };
  },
};
