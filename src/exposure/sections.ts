import { plainText, type Translate } from '../base/text';
import { evidenceLines } from './evidence';
import type { Assessment, JudgedFinding } from './judge';
import { remediesOf, remedyWords } from './remedies';
import { severityWords } from './severity';
import { acceptedWords, verdictSentence } from './words';

/** A part of what is told of one listener, in plain text: whatever writes it down escapes it. */
export interface Section {
  readonly title: string;
  /** Each with the lines that belong to it. */
  readonly items: readonly (readonly string[])[];
  /** The items are steps, the first of which helps most. */
  readonly ordered?: true;
}

/**
 * Who can get into one listener: what was found, what to do, who reaches it, the evidence.
 * @param firewall what the firewalls of this machine say of its port: facts, which change no severity
 */
export function sectionsOf(assessment: Assessment, firewall: readonly string[], t: Translate): Section[] {
  const { findings, reach, verdict, subject } = assessment;
  const { result } = subject;
  const remedies = remediesOf(assessment, t).map((remedy) => remedyWords(remedy, t));
  const evidence = result ? evidenceLines(result, t) : [t('No packet was sent.')];
  const sections: Section[] = [
    ...findings.map((finding) => findingSection(finding, t)),
    { title: t('What to do, in this order'), items: remedies, ordered: true },
    { title: t('Who can reach it'), items: reach.map((line) => [line]) },
    {
      title: t('The firewall of this machine, as far as it tells'),
      items: firewall.map((line) => [line]),
    },
    {
      title: t('Evidence'),
      items: [verdictSentence(verdict, result?.address, t), ...evidence].map((line) => [line]),
    },
  ];
  return sections
    .filter(({ items }, index) => items.length > 0 || index < findings.length)
    .map(({ title, items, ...rest }) => ({
      title: plainText(title),
      items: items.map((lines) => lines.map((line) => plainText(line))),
      ...rest,
    }));
}

function findingSection({ sentence, details, severity, accepted, id }: JudgedFinding, t: Translate): Section {
  const lines = [...(accepted ? [acceptedWords(accepted, t)] : []), ...details];
  return {
    title: `${t('{0}: {1}', severityWords(severity, t), sentence)} [${id}]`,
    items: lines.map((line) => [line]),
  };
}
