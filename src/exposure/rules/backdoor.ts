import { knownPort } from '../../ports/knownPorts';
import type { Choice } from '../choose';
import { programOf } from '../debuggers';
import type { Rule } from '../subject';

const isNamedDebugger = (choice: Choice): boolean =>
  choice.kind === 'never' && choice.debugger.from !== 'port';

/** A port that is known from malware, held by a program that is not known for it. Never an accusation. */
export const backdoorRule: Rule = {
  id: 'look.backdoor-port',
  judge: ({ process, listener, addresses, choice }, t) => {
    if (addresses.length === 0 || listener.ephemeralUdp === true) return undefined;
    const { backdoor } = knownPort(listener.port, listener.protocol);
    // A server that its program names is what it is, whatever else once used the number.
    const named = choice.kind === 'check' ? choice.by !== 'port' : isNamedDebugger(choice);
    if (!backdoor || named) return undefined;
    return {
      id: 'look.backdoor-port',
      severity: 'medium',
      sentence: t('Look at this: port {0} is known from {1}', listener.port, backdoor.name),
      details: [
        t('Source: {0}.', backdoor.source),
        process
          ? t('Here {0} holds it, which may be perfectly fine.', programOf(process))
          : t('Who holds it here cannot be seen.'),
      ],
    };
  },
};
