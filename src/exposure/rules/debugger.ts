import { debuggerListener } from '../debuggers';
import type { Rule } from '../subject';

/** A debugger on a reachable address: judged from arguments and bind alone. */
export const debuggerRule: Rule = {
  id: 'debugger',
  judge: ({ process, listener, addresses, verdict }, t) => {
    const found = debuggerListener(process, listener.port);
    if (!found || addresses.length === 0 || listener.protocol !== 'tcp' || verdict.kind === 'open-proved')
      return undefined;
    const sure = found.from !== 'port';
    const details = sure
      ? [t('Whoever reaches it can run code as the user that it runs as.')]
      : [t('Nothing but the port says so: look at the program.')];
    if (found.argument !== undefined) details.push(t('Opened by: {0}', found.argument));
    if (found.probe === 'never')
      details.push(t('No packet was sent: connecting could resume, stop or occupy the program.'));
    return {
      id: `debugger.${found.id}`,
      severity: sure ? 'critical' : 'medium',
      sentence: sure
        ? t('{0} listens on {1}', found.name, addresses.join(', '))
        : t('Port {0} is where {1} listens by default', listener.port, found.name),
      details,
    };
  },
};
