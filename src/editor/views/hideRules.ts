import { plainText, type Translate } from '../../base/text';
import type { Protocol } from '../../ports/endpoint';
import type { Listener } from '../../ports/listener';

/** Rows that the user does not want to see: all that match every field which is there. */
export interface HideRule {
  readonly protocol?: Protocol;
  readonly port?: number;
  /** The kernel's name of the owner's process. */
  readonly process?: string;
}

export function isHidden(listener: Listener, rules: readonly HideRule[]): boolean {
  return rules.some(
    (rule) =>
      (rule.protocol === undefined || rule.protocol === listener.protocol) &&
      (rule.port === undefined || rule.port === listener.port) &&
      (rule.process === undefined || rule.process === processName(listener)),
  );
}

/** What “rows like this” may mean for a row, narrowest first. */
export function rulesFor(listener: Listener): HideRule[] {
  const { protocol, port } = listener;
  const process = processName(listener);
  return process === undefined
    ? [{ protocol, port }]
    : [{ protocol, port, process }, { process }, { protocol, port }];
}

export function ruleWords(rule: HideRule, t: Translate): string {
  const port = rule.port === undefined ? undefined : String(rule.port);
  const protocol = rule.protocol?.toUpperCase() ?? '';
  if (rule.process === undefined) return t('Port {0} {1}, whatever listens', port ?? '', protocol);
  const process = plainText(rule.process, 64);
  return port === undefined
    ? t('Process {0}, on every port', process)
    : t('Process {0} on port {1} {2}', process, port, protocol);
}

/** Reads rules that were stored by this or another version; what is not a rule is left out. */
export function readHideRules(stored: unknown): HideRule[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry: unknown): HideRule[] => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { protocol, port, process } = entry as Record<string, unknown>;
    const rule: HideRule = {
      ...((protocol === 'tcp' || protocol === 'udp') && { protocol }),
      ...(typeof port === 'number' && { port }),
      ...(typeof process === 'string' && { process }),
    };
    // A rule without a port or process would hide everything.
    return rule.port === undefined && rule.process === undefined ? [] : [rule];
  });
}

export function sameRule(a: HideRule, b: HideRule): boolean {
  return a.protocol === b.protocol && a.port === b.port && a.process === b.process;
}

function processName({ owner }: Listener): string | undefined {
  return 'process' in owner ? owner.process.name : undefined;
}
