import { plainText, type Translate } from '../../base/text';
import type { HostChange, PortChange } from '../../scan/compare';
import { countPorts, formatRanges } from '../../scan/ports';
import { stateName } from '../../scan/states';
import type { Icon } from '../views/look';
import { dotted } from '../views/words';
import { fact, look, type DraftContext, type ScanDraft } from './draftParts';
import type { SessionEntry } from './sessionList';
import { hostCount, portCount } from './scanWords';

/** What changed since the scan that a session is compared with. */
export function comparisonDraft(
  id: string,
  comparison: NonNullable<SessionEntry['comparison']>,
  context: DraftContext,
): ScanDraft {
  const { t, formatTime } = context;
  const { hosts, notCompared } = comparison.result;
  const key = `scan:${id}/compare`;
  const children = hosts.map((host) => hostChangeDraft(id, key, host, t));
  if (notCompared > 0)
    children.push(
      fact(
        id,
        'compare/rest',
        notCompared === 1
          ? t('1 port was scanned only once and is not compared')
          : t('{0} ports were scanned only once and are not compared', notCompared),
        undefined,
        'info',
      ),
    );
  const label =
    hosts.length === 0 ? t('Nothing has changed') : t('Changes on {0}', hostCount(hosts.length, t));
  return {
    id: key,
    look: look(
      label,
      t('since {0}', formatTime(comparison.with.startedAt)),
      { id: 'diff' },
      'fact',
      children.length > 0 ? 'expanded' : 'leaf',
    ),
    subject: { kind: 'fact', sessionId: id },
    children,
  };
}

function hostChangeDraft(id: string, key: string, host: HostChange, t: Translate): ScanDraft {
  const prefix = `${key}/${host.address}`;
  const kinds = { new: t('new host'), gone: t('host gone'), both: undefined };
  return {
    id: prefix,
    look: look(
      host.name === undefined ? host.address : plainText(host.name, 120),
      kinds[host.kind],
      { id: 'server' },
      'fact',
      host.ports.length > 0 ? 'expanded' : 'leaf',
    ),
    subject: { kind: 'fact', sessionId: id, text: host.address },
    children: host.ports.map((change, index) => changeDraft(id, `${prefix}/${index}`, change, t)),
  };
}

const CHANGE_ICONS: Readonly<Record<PortChange['kind'], Icon>> = {
  new: { id: 'diff-added', color: 'charts.green' },
  gone: { id: 'diff-removed', color: 'charts.red' },
  changed: { id: 'diff-modified', color: 'charts.yellow' },
};

function changeDraft(
  id: string,
  key: string,
  { kind, protocol, ports, before, after }: PortChange,
  t: Translate,
): ScanDraft {
  const ranges = formatRanges(ports);
  const label = countPorts(ports) === 1 ? `${ranges}/${protocol}` : portCount(countPorts(ports), protocol, t);
  const kinds = { new: t('new'), gone: t('gone'), changed: t('changed') };
  const states =
    before === undefined || after === undefined
      ? stateName(before ?? after ?? 'open', t)
      : t('{0} → {1}', stateName(before, t), stateName(after, t));
  const list = label.startsWith(ranges) ? undefined : plainText(ranges, 400);
  return {
    id: key,
    look: look(label, dotted([kinds[kind], states, list]), CHANGE_ICONS[kind], 'fact', 'leaf'),
    subject: { kind: 'fact', sessionId: id, text: ranges },
    children: [],
  };
}
