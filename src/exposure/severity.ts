import type { Translate } from '../base/text';

/** How urgent a finding is. `none`: nothing to do, or nothing known that would be. */
export type Severity = 'critical' | 'high' | 'medium' | 'info' | 'none';

const order: readonly Severity[] = ['none', 'info', 'medium', 'high', 'critical'];

export function worst(severities: readonly Severity[]): Severity {
  return severities.reduce<Severity>(
    (most, next) => (order.indexOf(next) > order.indexOf(most) ? next : most),
    'none',
  );
}

/** Most urgent first. */
export function bySeverity(a: Severity, b: Severity): number {
  return order.indexOf(b) - order.indexOf(a);
}

export function raised(severity: Severity): Severity {
  return order[Math.min(order.indexOf(severity) + 1, order.length - 1)] ?? severity;
}

export function severityWords(severity: Severity, t: Translate): string {
  switch (severity) {
    case 'critical':
      return t('Critical');
    case 'high':
      return t('High');
    case 'medium':
      return t('Medium');
    case 'info':
      return t('Information');
    case 'none':
      return t('No finding');
  }
}
