import type { Translate } from '../base/text';
import type { Listener } from '../ports/listener';
import type { MachineFacts } from '../ports/snapshot';
import type { Acceptance } from './accept';
import { acceptanceOf } from './accept';
import type { CheckResult } from './result';
import { rules } from './rules/index';
import { bySeverity, worst, type Severity } from './severity';
import { subjectOf, type Finding, type Subject } from './subject';
import type { NotCheckedReason, Verdict } from './verdict';
import { reachWords, verdictSentence } from './words';

export interface JudgedFinding extends Finding {
  /** Somebody said that this is meant so, why, and until when. */
  readonly accepted?: Acceptance;
}

/** Everything that is to be said about who can get into one listener. */
export interface Assessment {
  readonly listenerId: string;
  readonly subject: Subject;
  readonly verdict: Verdict;
  /** The worst of the findings that nobody accepted. */
  readonly severity: Severity;
  /** Most urgent first. */
  readonly findings: readonly JudgedFinding[];
  /** One sentence for the row and the report. */
  readonly sentence: string;
  /** Which addresses it answers on, and that no firewall was tested. */
  readonly reach: readonly string[];
}

export interface JudgeOptions {
  readonly machine: Pick<MachineFacts, 'addresses'>;
  readonly acceptances?: readonly Acceptance[];
  /** Milliseconds since the epoch: acceptances expire. */
  readonly now: number;
  readonly t: Translate;
}

/** @param checked what a check found, or why there was none */
export function assess(
  listener: Listener,
  checked: CheckResult | NotCheckedReason,
  options: JudgeOptions,
): Assessment {
  const { t, now, acceptances = [] } = options;
  const result = typeof checked === 'string' ? undefined : checked;
  const verdict: Verdict =
    typeof checked === 'string' ? { kind: 'not-checked', reason: checked } : checked.verdict;
  const subject = subjectOf(listener, options.machine, verdict, result);
  const findings = rules
    .flatMap((rule) => rule.judge(subject, t) ?? [])
    .map((finding): JudgedFinding => {
      const accepted = acceptanceOf(finding.id, listener, acceptances, now);
      return accepted ? { ...finding, accepted } : finding;
    })
    .sort((a, b) => bySeverity(a.severity, b.severity));
  const pending = findings.filter(({ accepted }) => accepted === undefined);
  const first = pending[0] ?? findings[0];
  return {
    listenerId: listener.id,
    subject,
    verdict,
    severity: worst(pending.map(({ severity }) => severity)),
    findings,
    sentence: first?.sentence ?? verdictSentence(verdict, result?.address, t),
    reach: reachWords(listener, subject.addresses, t),
  };
}
