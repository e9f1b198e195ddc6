import { plainText, type Translate } from '../../base/text';
import { countPorts } from '../../scan/ports';
import type { ScanProgress, Timing } from '../../scan/report';
import { downTotal, type SessionData, type SessionStatus } from '../../scan/sessionData';
import { totalOpen, type StateSummary } from '../../scan/summary';
import { techniqueName, TECHNIQUES, type ScanProtocol } from '../../scan/techniques';
import { dotted } from '../views/words';

export function timingName(timing: Timing, t: Translate): string {
  switch (timing) {
    case 'polite':
      return t('Polite');
    case 'normal':
      return t('Normal');
    case 'fast':
      return t('Fast');
  }
}

export function timingDetail(timing: Timing, t: Translate): string {
  switch (timing) {
    case 'polite':
      return t('Few probes at a time: hardly noticed by the target and the network');
    case 'normal':
      return t('Grows with what the network carries, and gives way to loss');
    case 'fast':
      return t('For a network of your own: many probes at once, short waits');
  }
}

export function portCount(count: number, protocol: ScanProtocol, t: Translate): string {
  if (protocol === 'ip') return count === 1 ? t('1 IP protocol') : t('{0} IP protocols', count);
  if (protocol === 'udp') return count === 1 ? t('1 UDP port') : t('{0} UDP ports', count);
  return count === 1 ? t('1 TCP port') : t('{0} TCP ports', count);
}

export function hostCount(count: number, t: Translate): string {
  return count === 1 ? t('1 host') : t('{0} hosts', count);
}

export function openWords(count: number, t: Translate): string {
  return count === 1 ? t('1 open port') : t('{0} open ports', count);
}

/** `TCP connect 106 ports`, one part after another. */
export function partsWords(data: SessionData, t: Translate): string {
  return data.parts
    .map(({ technique, ports }) => {
      const name = techniqueName(technique, t);
      const count = countPorts(ports);
      if (TECHNIQUES[technique].protocol === 'ip') return t('{0}: {1}', name, count);
      return count === 1 ? t('{0}, 1 port', name) : t('{0}, {1} ports', name, count);
    })
    .join(' + ');
}

export function statusWords(status: SessionStatus, t: Translate): string {
  switch (status.kind) {
    case 'running':
      return t('running');
    case 'completed':
      return t('done');
    case 'cancelled':
      return t('cancelled');
    case 'interrupted':
      return t('interrupted');
    case 'failed':
      return t('failed');
  }
}

/** What a failure of the helper means for the user. */
export function failureWords(code: string, t: Translate): string {
  switch (code) {
    case 'not-available':
      return t('The scan helper cannot run on this system.');
    case 'helper-died':
      return t('The scan helper ended unexpectedly; what was found until then is kept.');
    case 'protocol':
      return t('The scan helper and this extension do not fit together; reinstalling Portlight helps.');
    case 'timeout':
      return t('The scan helper did not answer in time.');
    case 'permission':
      return t('The scan helper lacks the right to open raw sockets.');
    default:
      return t('The scan failed; the log has the reason.');
  }
}

export function summaryWords(data: SessionData, t: Translate): string {
  const up = data.hosts.length + (data.omittedHosts ?? 0);
  const found = openWords(totalOpen(data), t);
  return data.hostsTotal === 1 ? found : t('{0} on {1} of {2} hosts', found, up, data.hostsTotal);
}

/** `1,234/s, 3 open, 12 s left` */
export function progressWords(progress: ScanProgress, t: Translate): string {
  const percent = progress.total === 0 ? 0 : Math.floor((100 * progress.done) / progress.total);
  return [
    t('{0} %', percent),
    t('{0} probes/s', Math.round(progress.rate)),
    t('{0} open', progress.open),
    progress.secondsLeft === undefined ? undefined : t('{0} left', durationWords(progress.secondsLeft, t)),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

export function durationWords(seconds: number, t: Translate): string {
  if (seconds < 90) return t('{0} s', Math.max(1, Math.round(seconds)));
  if (seconds < 5400) return t('{0} min', Math.round(seconds / 60));
  return t('{0} h', (seconds / 3600).toFixed(1));
}

/** `96 reset, 1 no-response` */
export function reasonsWords({ reasons }: StateSummary): string {
  return reasons.map(({ reason, count }) => `${count} ${reason}`).join(', ');
}

/** Paragraphs about a session, for its tooltip. */
export function sessionTooltip(
  data: SessionData,
  formatTime: (ms: number) => string,
  t: Translate,
): string[] {
  const { scanner, status, endedAt, engine } = data;
  const down = downTotal(data);
  return [
    plainText(data.targets, 500),
    dotted([partsWords(data, t), plainText(data.ports, 200), timingName(data.timing, t)]),
    t('{0} up, {1} down', hostCount(data.hosts.length + (data.omittedHosts ?? 0), t), down),
    endedAt === undefined
      ? t('Started {0}', formatTime(data.startedAt))
      : t('{0} to {1}', formatTime(data.startedAt), formatTime(endedAt)),
    engine === undefined
      ? t('By {0} {1}', scanner.name, scanner.version)
      : t('By {0} {1}, engine: {2}', scanner.name, scanner.version, engine),
    ...(status.kind === 'failed' ? [failureWords(status.code, t)] : []),
  ];
}

export function latencyText(ms: number): string {
  return ms >= 10 ? ms.toFixed(0) : ms.toPrecision(2);
}
