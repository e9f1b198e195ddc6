import { plainText, type Translate } from '../../base/text';
import { evidenceLines } from '../../exposure/evidence';
import type { Assessment } from '../../exposure/judge';
import { assessRemote, isLoopback, remoteChoice } from '../../exposure/remote';
import { remediesOf, remedyWords } from '../../exposure/remedies';
import { serviceOf } from '../../scan/formats/service';
import { formatRanges } from '../../scan/ports';
import { serviceGuess } from '../../scan/portSets';
import { checkOfPort, type HostCheck, type HostRecord } from '../../scan/sessionData';
import { stateName, type PortState } from '../../scan/states';
import { FOLD_ABOVE, type PortRow, type StateSummary } from '../../scan/summary';
import { exposureIcon, exposureWords } from '../exposure/exposureLook';
import type { Icon } from '../views/look';
import { dotted } from '../views/words';
import { look, type DraftContext, type ScanDraft } from './draftParts';
import { portCount, reasonsWords } from './scanWords';

/** A port that was checked: what came out, with the words and the icon of our own listeners. */
interface Checked {
  readonly assessment: Assessment;
  readonly check: HostCheck;
}

/** What each state looks like; the words beside it say the same. */
const STATE_ICONS: Readonly<Record<PortState, Icon>> = {
  open: { id: 'pass-filled', color: 'charts.green' },
  'open|filtered': { id: 'question', color: 'charts.yellow' },
  unfiltered: { id: 'circle-outline', color: 'charts.blue' },
  'closed|filtered': { id: 'question' },
  filtered: { id: 'shield', color: 'charts.orange' },
  closed: { id: 'circle-slash' },
};

/** Closed and filtered ports are always summed up, others where they are many. */
export function foldsInView({ state, count }: StateSummary): boolean {
  return state === 'closed' || state === 'filtered' || (state !== 'open' && count > FOLD_ABOVE);
}

export function portDraft(
  id: string,
  host: HostRecord,
  row: PortRow,
  prefix: string,
  context: DraftContext,
): ScanDraft {
  const { t } = context;
  const service = serviceOf(host, row.protocol, row.port, serviceGuess);
  const name = service === undefined ? undefined : plainText(service.name, 80);
  // The question mark of nmap: a guess by the number.
  const shown = name === undefined || service?.method !== 'table' ? name : `${name}?`;
  const key = `${prefix}/${row.protocol}/${row.port}`;
  const checked = checkedPort(host, row, context);
  const verdict = checked && exposureWords(checked.assessment, t);
  return {
    id: key,
    look: {
      ...look(
        `${row.port}/${row.protocol}`,
        dotted([
          verdict,
          stateName(row.state, t),
          shown,
          service?.product === undefined ? undefined : plainText(service.product, 200),
          row.reason,
        ]),
        checked ? checkedIcon(checked) : STATE_ICONS[row.state],
        portTraits(host, row, checked).join(';'),
        checked ? 'collapsed' : 'leaf',
      ),
      spoken: dotted([
        t(
          '{0} port {1} of {2} is {3}',
          row.protocol.toUpperCase(),
          String(row.port),
          host.name ?? host.address,
          stateName(row.state, t),
        ),
        verdict,
        row.reason,
        name === undefined
          ? undefined
          : service?.method === 'table'
            ? t('by its number perhaps {0}', name)
            : name,
      ]),
    },
    subject: { kind: 'port', sessionId: id, address: host.address, row },
    children: checked ? () => checkDrafts(id, key, checked, context) : [],
  };
}

/** A port that was asked and is none of these keeps no green: unknown is never shown as safe. */
function checkedIcon({ assessment }: Checked): Icon {
  return exposureIcon(assessment) ?? { id: 'question' };
}

/** The menus of package.json match these words. */
function portTraits({ address }: HostRecord, row: PortRow, checked: Checked | undefined): string[] {
  const { protocol, port, state } = row;
  const traits = ['port', protocol];
  if (state === 'open') traits.push('open');
  if (checked) traits.push('checked');
  if (state !== 'open' || protocol === 'ip' || isLoopback(address)) return traits;
  const choice = remoteChoice({ address, port, protocol });
  return choice.kind === 'never' ? traits : [...traits, 'checkable'];
}

function checkedPort(
  host: HostRecord,
  { protocol, port }: PortRow,
  { t }: DraftContext,
): Checked | undefined {
  const check = checkOfPort(host, protocol, port);
  if (check === undefined) return undefined;
  return { check, assessment: assessRemote(check.result, { now: check.checkedAt, t }) };
}

/** What was found, what its owner can do, and the evidence; each a line. */
function checkDrafts(
  id: string,
  key: string,
  { assessment, check }: Checked,
  { t, formatTime }: DraftContext,
): ScanDraft[] {
  const remedies = remediesOf(assessment, t).map((remedy) => remedyWords(remedy, t).join(' '));
  const lines: (readonly [icon: string, text: string])[] = [
    ...assessment.findings.flatMap(({ sentence, details }) => [
      ['law', sentence] as const,
      ...details.map((detail) => ['info', detail] as const),
    ]),
    ...(assessment.findings.length === 0 ? [['law', assessment.sentence] as const] : []),
    ...remedies.map((remedy) => ['wrench', t('What its owner can do: {0}', remedy)] as const),
    ...assessment.reach.map((sentence) => ['globe', sentence] as const),
    ...evidenceLines(check.result, t).map((line) => ['output', line] as const),
    ['clock', t('Checked at {0}', formatTime(check.checkedAt))],
  ];
  return lines.map(([icon, line], index) => {
    const text = plainText(line);
    return {
      id: `${key}/check/${index}`,
      look: look(text, undefined, { id: icon }, 'fact', 'leaf'),
      subject: { kind: 'fact', sessionId: id, text },
      children: [],
    };
  });
}

/** Ports of one state, summed up by reason. */
export function foldedDraft(id: string, summary: StateSummary, prefix: string, t: Translate): ScanDraft {
  const { protocol, state, count, reasons } = summary;
  const key = `${prefix}/${protocol}/${state}`;
  return {
    id: key,
    look: look(
      t('{0}: {1}', portCount(count, protocol, t), stateName(state, t)),
      reasonsWords(summary),
      STATE_ICONS[state],
      'fact',
      'collapsed',
    ),
    subject: {
      kind: 'fact',
      sessionId: id,
      text: reasons.map(({ reason, ports }) => `${reason}: ${formatRanges(ports)}`).join('\n'),
    },
    children: reasons.map(({ reason, count: each, ports }) => {
      const ranges = formatRanges(ports);
      return {
        id: `${key}/${reason}`,
        look: look(`${each} ${reason}`, plainText(ranges, 400), { id: 'list-flat' }, 'fact', 'leaf'),
        subject: { kind: 'fact', sessionId: id, text: ranges },
        children: [],
      } satisfies ScanDraft;
    }),
  };
}
