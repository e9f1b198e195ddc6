import type { Translate } from '../base/text';
import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import type { MachineFacts } from '../ports/snapshot';
import { checkOf } from './checks/index';
import { chooseCheck, type Choice } from './choose';
import type { CheckResult } from './result';
import type { Severity } from './severity';
import { exposedAddresses } from './target';
import type { Verdict } from './verdict';

/** One listener with everything that a rule may look at. */
export interface Subject {
  readonly listener: Listener;
  readonly process?: Process;
  /** Own addresses that it answers on beyond loopback. */
  readonly addresses: readonly string[];
  readonly choice: Choice;
  readonly verdict: Verdict;
  readonly result?: CheckResult;
  /** The check's service, or what the greeting turned out to be. */
  readonly service?: string;
  readonly serviceName?: string;
}

/** What is the matter with a listener. */
export interface Finding {
  /** Stable: `open.redis`, `debugger.jdwp`, `look.backdoor-port`. */
  readonly id: string;
  readonly severity: Severity;
  readonly sentence: string;
  /** More sentences: what it means, and what speaks for it. */
  readonly details: readonly string[];
}

/** One family of findings. rules/index.ts lists them. */
export interface Rule {
  readonly id: string;
  judge(subject: Subject, t: Translate): Finding | undefined;
}

export function subjectOf(
  listener: Listener,
  machine: Pick<MachineFacts, 'addresses'>,
  verdict: Verdict,
  result?: CheckResult,
): Subject {
  const choice = chooseCheck(listener);
  const process = 'process' in listener.owner ? listener.owner.process : undefined;
  // The check that ran may be another than the port suggests: the user named the service, or it greeted as one.
  const asked = result?.service === 'unknown' ? undefined : result?.service;
  const answered = verdict.facts?.['service'] ?? asked;
  const service = answered ?? (choice.kind === 'check' ? choice.check.service : undefined);
  return {
    listener,
    addresses: exposedAddresses(listener, machine.addresses),
    choice,
    verdict,
    ...(process && { process }),
    ...(result && { result }),
    ...(service !== undefined && { service }),
    ...(service !== undefined && { serviceName: checkOf(service)?.name ?? service }),
  };
}

/** The process runs as root, as far as is known. */
export function runsAsRoot(subject: Subject): boolean {
  return (subject.process?.uid ?? ('uid' in subject.listener.owner ? subject.listener.owner.uid : -1)) === 0;
}
