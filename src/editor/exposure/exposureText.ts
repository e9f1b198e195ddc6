import { plainText, type Translate } from '../../base/text';
import { firewallWords, type FirewallReading } from '../../exposure/firewall/firewall';
import type { Assessment } from '../../exposure/judge';
import { sectionsOf, type Section } from '../../exposure/sections';
import { severityWords } from '../../exposure/severity';
import { shortCommand } from '../../ownership/shortCommand';
import { ownerLabel } from '../../ports/words';

interface MoreText {
  /** For what is not a listener of this machine. */
  readonly title?: string;
  /** What the firewalls of this machine tell; absent for what is not a listener of this machine. */
  readonly firewall?: FirewallReading;
}

/** Everything that is known of who can get into one listener, as plain text for a document or the clipboard. */
export function exposureText(assessment: Assessment, t: Translate, more: MoreText = {}): string {
  const { subject, severity } = assessment;
  const { listener, process } = subject;
  const name = process ? shortCommand(process) : ownerLabel(listener.owner, t);
  const rules =
    more.firewall && listener.scope !== 'loopback' ? firewallWords(more.firewall, listener, t) : [];
  const lines = [
    more.title ?? t('{0} port {1}, {2}', listener.protocol.toUpperCase(), String(listener.port), name),
    ...(process ? [t('Process {0}, pid {1}', plainText(process.name, 64), String(process.pid))] : []),
    '',
    t('{0}: {1}', severityWords(severity, t), plainText(assessment.sentence)),
    '',
    ...sectionsOf(assessment, rules, t).flatMap(sectionLines),
  ];
  return lines.join('\n');
}

function sectionLines({ title, items, ordered }: Section): string[] {
  const lines = items.flatMap(([first = '', ...more], index) => [
    ordered ? `  ${index + 1}. ${first}` : `  ${first}`,
    ...more.map((line) => `     ${line}`),
  ]);
  return [title, ...lines, ''];
}
