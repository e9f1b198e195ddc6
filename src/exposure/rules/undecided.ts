import { serviceRisks } from '../services';
import type { Rule } from '../subject';
import { verdictSentence } from '../words';

/** A service that can be reached and of which nothing was proved: unknown is never shown as safe. */
export const undecidedRule: Rule = {
  id: 'unknown',
  judge: (subject, t) => {
    const { verdict, service } = subject;
    if (verdict.kind !== 'unknown' || service === undefined) return undefined;
    const risk = serviceRisks[service];
    if (!risk) return undefined;
    const details = [risk.consequence(t)];
    if (service === 'zookeeper')
      details.push(
        t('By its own default ZooKeeper lets every client in; only ACLs and enforce.auth change that.'),
      );
    return {
      id: `unknown.${service}`,
      severity: risk.open === 'critical' || risk.open === 'high' ? 'medium' : 'info',
      sentence: t(
        '{0} can be reached: {1}',
        subject.serviceName ?? service,
        verdictSentence(verdict, subject.result?.address, t),
      ),
      details,
    };
  },
};
