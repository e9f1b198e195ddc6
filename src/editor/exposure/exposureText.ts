import { plainText, type Translate } from '../../base/text';
import { evidenceLines } from '../../exposure/evidence';
import { firewallWords, type FirewallReading } from '../../exposure/firewall/firewall';
import type { Assessment, JudgedFinding } from '../../exposure/judge';
import { remediesOf, remedyWords } from '../../exposure/remedies';
import { severityWords } from '../../exposure/severity';
import { verdictSentence } from '../../exposure/words';
import { shortCommand } from '../../ownership/shortCommand';
import { ownerLabel } from '../../ports/words';
import { acceptedWords } from './exposureDrafts';

interface MoreText {
  /** For what is not a listener of this machine. */
  readonly title?: string;
  /** What the firewalls of this machine tell; absent for what is not a listener of this machine. */
  readonly firewall?: FirewallReading;
}

/**
 * Everything that is known of who can get into one listener, as plain text for a document or the clipboard.
 */
export function exposureText(assessment: Assessment, t: Translate, more: MoreText = {}): string {
  const { subject, verdict, severity, findings, reach } = assessment;
  const { listener, process, result } = subject;
  const name = process ? shortCommand(process) : ownerLabel(listener.owner, t);
  const lines = [
    more.title ?? t('{0} port {1}, {2}', listener.protocol.toUpperCase(), String(listener.port), name),
    ...(process ? [t('Process {0}, pid {1}', plainText(process.name, 64), String(process.pid))] : []),
    '',
    t('{0}: {1}', severityWords(severity, t), plainText(assessment.sentence)),
    '',
    ...findings.flatMap((finding) => findingLines(finding, t)),
    ...remedySection(assessment, t),
    ...section(t('Who can reach it'), reach),
    ...(more.firewall && listener.scope !== 'loopback'
      ? section(
          t('The firewall of this machine, as far as it tells'),
          firewallWords(more.firewall, listener, t),
        )
      : []),
    ...section(t('Evidence'), [
      verdictSentence(verdict, result?.address, t),
      ...(result ? evidenceLines(result, t) : [t('No packet was sent.')]),
    ]),
  ];
  return lines.join('\n');
}

/** Numbered: the first helps most. */
function remedySection(assessment: Assessment, t: Translate): string[] {
  const remedies = remediesOf(assessment, t);
  if (remedies.length === 0) return [];
  const lines = remedies.flatMap((remedy, index) => {
    const [first = '', ...more] = remedyWords(remedy, t);
    return [`${index + 1}. ${first}`, ...more.map((line) => `   ${line}`)];
  });
  return section(t('What to do, in this order'), lines);
}

function findingLines(finding: JudgedFinding, t: Translate): string[] {
  const { sentence, details, severity, accepted, id } = finding;
  const title = t('{0}: {1}', severityWords(severity, t), sentence);
  return section(`${title} [${id}]`, [...(accepted ? [acceptedWords(accepted, t)] : []), ...details]);
}

function section(title: string, lines: readonly string[]): string[] {
  return [plainText(title), ...lines.map((line) => `  ${plainText(line)}`), ''];
}
