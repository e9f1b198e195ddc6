import type { Translate } from '../../base/text';
import { serviceRisks } from '../services';
import { raised, type Severity } from '../severity';
import { runsAsRoot, type Finding, type Rule, type Subject } from '../subject';
import { verdictSentence } from '../words';
import { redisStory } from './redisStory';

/** Services whose own rights are not those of the process, or that are as bad as can be anyway. */
function severityOf(subject: Subject, open: Severity): Severity {
  return runsAsRoot(subject) && (open === 'medium' || open === 'high') ? raised(open) : open;
}

/** Anybody gets in: proved by a handshake, or because the protocol knows no authentication. */
export const openRule: Rule = {
  id: 'open',
  judge: (subject: Subject, t: Translate): Finding | undefined => {
    const { verdict, service, addresses } = subject;
    if (verdict.kind !== 'open-proved' && verdict.kind !== 'no-auth-by-design') return undefined;
    const risk = serviceRisks[service ?? ''];
    if (!risk) return undefined;
    const name = subject.serviceName ?? service ?? '';
    const details = [risk.consequence(t)];
    if (runsAsRoot(subject)) details.push(t('It runs as root: whoever takes it over has this machine.'));
    if (verdict.facts?.['unclaimed'] === 'yes')
      details.push(t('Nobody has claimed it yet: the first visitor becomes its administrator.'));
    if (verdict.facts?.['version'] !== undefined) details.push(t('Version: {0}.', verdict.facts['version']));
    if (service === 'redis') details.push(...redisStory(subject, t));
    return {
      id: `open.${service ?? ''}`,
      severity: severityOf(subject, risk.open),
      sentence: t('{0} is {1}', name, verdictSentence(verdict, subject.result?.address ?? addresses[0], t)),
      details,
    };
  },
};
