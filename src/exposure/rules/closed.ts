import type { Rule } from '../subject';
import { verdictSentence } from '../words';

/** It can be reached and asks who is there: worth saying, nothing to do. */
export const closedRule: Rule = {
  id: 'closed',
  judge: (subject, t) => {
    const { verdict, service } = subject;
    const asks = verdict.kind === 'auth-required' || verdict.kind === 'refused-by-policy';
    const exists = verdict.kind === 'not-checked' && verdict.reason === 'needs-credentials';
    if ((!asks && !exists) || service === undefined) return undefined;
    return {
      id: `closed.${service}`,
      severity: asks ? 'none' : 'info',
      sentence: t(
        '{0}: {1}',
        subject.serviceName ?? service,
        verdictSentence(verdict, subject.result?.address, t),
      ),
      details:
        verdict.facts?.['policy'] === 'protected-mode'
          ? [t('Only protected mode keeps strangers out; it ends as soon as a password or a bind is set.')]
          : [],
    };
  },
};
