import type { Listener } from '../ports/listener';
import { baseName } from '../base/path';
import { chooseCheck, orderOf, type CheckOrder, type Choice } from './choose';
import { checkTarget } from './target';
import type { NotCheckedReason } from './verdict';

/** The user's settings. */
export interface CheckPolicy {
  /** `automatic`: recognised services beyond loopback are checked by themselves. `ask`: only on demand. `off`: never. */
  readonly mode: 'automatic' | 'ask' | 'off';
  /** Ports that are never checked. */
  readonly exceptPorts: readonly number[];
  /** Executables that are never checked: a whole path, or a file name. */
  readonly exceptExecutables: readonly string[];
  readonly workspaceTrusted: boolean;
}

export type CheckDecision =
  | { readonly run: true; readonly order: CheckOrder; readonly address: string; readonly port: number }
  | { readonly run: false; readonly reason: NotCheckedReason };

/** @param asked the user wants this very check; that overrules `ask`, not `off`, exceptions or a debugger. */
export function decideCheck(
  listener: Listener,
  addresses: readonly string[],
  policy: CheckPolicy,
  asked: boolean,
): CheckDecision {
  const no = (reason: NotCheckedReason): CheckDecision => ({ run: false, reason });
  const choice = chooseCheck(listener);
  if (choice.kind === 'never') return no(choice.debugger.id === 'php-fpm' ? 'unsafe' : 'debugger');
  if (listener.scope === 'loopback' && !asked) return no('loopback-only');
  if (policy.mode === 'off') return no('policy-off');
  if (isException(listener, policy)) return no('excepted');
  if (!asked) {
    const waits = waitsForUser(choice, policy);
    if (waits) return no(waits);
  }
  const target = checkTarget(listener, addresses);
  if (target) return { run: true, order: orderOf(choice), ...target };
  return no(listener.scope === 'loopback' ? 'loopback-only' : 'no-target');
}

function waitsForUser(choice: Choice, policy: CheckPolicy): NotCheckedReason | undefined {
  if (choice.kind !== 'check' || !choice.sure) return 'unrecognised';
  if (!policy.workspaceTrusted) return 'untrusted-workspace';
  return policy.mode === 'ask' ? 'policy-ask' : undefined;
}

function isException({ port, owner }: Listener, policy: CheckPolicy): boolean {
  const executable = 'process' in owner ? owner.process.executable : undefined;
  return (
    policy.exceptPorts.includes(port) ||
    (executable !== undefined &&
      policy.exceptExecutables.some((except) => except === executable || except === baseName(executable)))
  );
}
