import { checks } from '../checks/index';
import type { Rule } from '../subject';

function isShared(port: number): boolean {
  return checks.some(({ service, recognition }) => service === 'web' && recognition.ports?.includes(port));
}

/** A service on the port of another, by its program or by its greeting. */
export const wrongPortRule: Rule = {
  id: 'look.wrong-port',
  judge: ({ listener, addresses, choice, service, serviceName, verdict }, t) => {
    if (addresses.length === 0 || choice.kind !== 'check' || service === undefined) return undefined;
    const own = checks.find((check) => check.service === service);
    if (own?.recognition.ports?.includes(listener.port) === true) return undefined;
    const other = checks.find(
      (check) =>
        check.transport === listener.protocol && check.recognition.ports?.includes(listener.port) === true,
    );
    const greeted = verdict.facts?.['service'] !== undefined;
    if (!other || (choice.by === 'port' && !greeted)) return undefined;
    // 8080 belongs to nobody, and a web server before others listens where they would.
    if (!greeted && (service === 'web' || isShared(listener.port))) return undefined;
    return {
      id: 'look.wrong-port',
      severity: greeted ? 'medium' : 'info',
      sentence: t('Look at this: {0} answers on the port of {1}', serviceName ?? service, other.name),
      details: [t('Often somebody moved it there on purpose.')],
    };
  },
};
