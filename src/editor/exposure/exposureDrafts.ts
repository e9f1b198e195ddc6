import { plainText, type Translate } from '../../base/text';
import { evidenceLines } from '../../exposure/evidence';
import type { Assessment, JudgedFinding } from '../../exposure/judge';
import { remediesOf, remedyWords } from '../../exposure/remedies';
import { severityWords } from '../../exposure/severity';
import { acceptedWords, verdictSentence } from '../../exposure/words';
import type { Listener } from '../../ports/listener';
import { branch, leaf } from '../views/rowDetails';
import type { Draft } from '../views/stableTree';
import type { Subject } from '../views/subject';
import { exposureIcon, exposureTraits, exposureWords } from './exposureLook';
import type { ExposureRow } from './exposureRow';

type DraftOf = Draft<Subject>;

export function exposureRow(assessment: Assessment, t: Translate): ExposureRow {
  const { severity, reach, subject } = assessment;
  const words = exposureWords(assessment, t);
  return {
    severity,
    words,
    icon: exposureIcon(assessment),
    traits: ['exposure', ...exposureTraits(assessment)],
    paragraphs: words === undefined ? [] : [words, ...reach],
    branches: () => exposureDrafts(subject.listener, assessment, t),
  };
}

/** What stands below a row about who can get in: findings with what they mean, the reach, the evidence. */
function exposureDrafts(listener: Listener, assessment: Assessment, t: Translate): readonly DraftOf[] {
  const { findings, verdict, subject, severity } = assessment;
  if (listener.scope === 'loopback' && subject.result === undefined && findings.length === 0) return [];
  const id = `${listener.id}/exposure`;
  const children = [
    ...findings.map((finding) => findingDraft(`${id}/${finding.id}`, listener, finding, t)),
    ...remedyDrafts(id, listener, assessment, t),
    ...assessment.reach.map((sentence, index) => fact(`${id}/reach/${index}`, listener, sentence, 'globe')),
    ...evidenceDrafts(id, listener, assessment, t),
  ];
  const words =
    severity === 'none' ? verdictSentence(verdict, subject.result?.address, t) : severityWords(severity, t);
  const drawn = branch(id, listener, t('Exposure'), plainText(words), 'shield', 'expanded', children);
  const icon = exposureIcon(assessment) ?? { id: 'shield' };
  return [{ ...drawn, look: { ...drawn.look, icon, traits: 'fact;exposure' } }];
}

function findingDraft(id: string, listener: Listener, finding: JudgedFinding, t: Translate): DraftOf {
  const accepted = finding.accepted && acceptedWords(finding.accepted, t);
  const details = [...(accepted === undefined ? [] : [accepted]), ...finding.details];
  const children = details.map((sentence, index) => fact(`${id}/${index}`, listener, sentence, 'info'));
  const expand = children.length > 0 ? 'expanded' : 'leaf';
  return branch(id, listener, plainText(finding.sentence), '', 'law', expand, children);
}

function remedyDrafts(
  id: string,
  listener: Listener,
  assessment: Assessment,
  t: Translate,
): readonly DraftOf[] {
  const lines = remediesOf(assessment, t).map((remedy) => remedyWords(remedy, t).join(' '));
  if (lines.length === 0) return [];
  const children = lines.map((line, index) => fact(`${id}/remedy/${index}`, listener, line, 'wrench'));
  return [
    branch(`${id}/remedy`, listener, t('What to do, in this order'), '', 'tools', 'expanded', children),
  ];
}

function evidenceDrafts(
  id: string,
  listener: Listener,
  { subject }: Assessment,
  t: Translate,
): readonly DraftOf[] {
  if (!subject.result) return [];
  const lines = evidenceLines(subject.result, t);
  const children = lines.map((line, index) => fact(`${id}/evidence/${index}`, listener, line, 'output'));
  return [branch(`${id}/evidence`, listener, t('Evidence'), '', 'inspect', 'collapsed', children)];
}

function fact(id: string, listener: Listener, text: string, icon: string): DraftOf {
  const plain = plainText(text);
  return {
    id,
    look: leaf(plain, undefined, { id: icon }, 'fact'),
    subject: { kind: 'fact', listenerId: listener.id, text: plain },
    children: [],
  };
}
