import { english, plainText, type Translate } from '../../base/text';
import { credentialCheckFor } from '../../exposure/choose';
import type { Assessment } from '../../exposure/judge';
import { remediesOf } from '../../exposure/remedies';
import { severityWords, type Severity } from '../../exposure/severity';
import type { NotCheckedReason } from '../../exposure/verdict';
import { verdictLabel } from '../../exposure/words';
import type { Icon } from '../views/look';
import { dotted } from '../views/words';

/** Each severity has a shape of its own: the colour only repeats it. */
const SEVERITY_ICONS: Readonly<Record<Severity, Icon | undefined>> = {
  critical: { id: 'error', color: 'problemsErrorIcon.foreground' },
  high: { id: 'warning', color: 'problemsWarningIcon.foreground' },
  medium: { id: 'info', color: 'problemsInfoIcon.foreground' },
  info: undefined,
  none: undefined,
};

/** It was asked and turned strangers away. */
const CLOSED: Icon = { id: 'shield', color: 'charts.green' };

const SENTENCE_LENGTH = 200;

/** @returns undefined where the row keeps the icon that it has without a verdict. */
export function exposureIcon({ severity, verdict }: Assessment): Icon | undefined {
  const closed = verdict.kind === 'auth-required' || verdict.kind === 'refused-by-policy';
  return SEVERITY_ICONS[severity] ?? (closed ? CLOSED : undefined);
}

/** The row's words: `Critical: Redis is open, proved: …`; only the verdict where there is nothing to do. */
export function exposureWords(
  { severity, sentence, verdict, findings }: Assessment,
  t: Translate,
): string | undefined {
  switch (severity) {
    case 'critical':
    case 'high':
    case 'medium':
      return plainText(t('{0}: {1}', severityWords(severity, t), sentence), SENTENCE_LENGTH);
    case 'info':
    case 'none': {
      const told = verdict.kind !== 'not-checked' || verdict.reason === 'needs-credentials';
      const accepted = findings.some((finding) => finding.accepted !== undefined);
      const words = [...(told ? [verdictLabel(verdict, t)] : []), ...(accepted ? [t('accepted')] : [])];
      return words.length > 0 ? dotted(words) : undefined;
    }
  }
}

/** What the user's wish does not overrule, or where no own address answers. */
const BARRED: ReadonlySet<NotCheckedReason> = new Set<NotCheckedReason>([
  'loopback-only',
  'no-target',
  'policy-off',
  'excepted',
]);

/** What can be done about it: the menus of package.json match these words. */
export function exposureTraits(assessment: Assessment): string[] {
  const { findings, subject, verdict } = assessment;
  const barred = verdict.kind === 'not-checked' && BARRED.has(verdict.reason);
  const commands = remediesOf(assessment, english).filter(({ command }) => command !== undefined);
  const fixable = commands.some(({ restart }) => restart !== true);
  const restartable = commands.some(({ restart }) => restart === true);
  const pending = findings.some(({ accepted, severity }) => accepted === undefined && severity !== 'none');
  return [
    ...(pending ? ['acceptable'] : []),
    ...(fixable ? ['fixable'] : []),
    ...(restartable ? ['restartable'] : []),
    ...(subject.choice.kind === 'never' ? [] : ['checkable']),
    ...(credentialCheckFor(subject.choice, subject.service) && !barred ? ['account'] : []),
  ];
}
