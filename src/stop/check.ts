import type { Listener } from '../ports/listener';
import { sudoKill } from './commands';
import type { PortState, ProcessControl, Signal, SignalRefusal } from './control';
import type { Process } from '../ports/owner';
import type { StopOutcome } from './outcome';
import { holdsListener, type StopPlan } from './plan';
import { holdersOf, samePort, leftOf, type Row } from './rows';

export const firstSignal = ({ level }: StopPlan): Signal => (level === 'kill' ? 'SIGKILL' : 'SIGTERM');

/**
 * Looks at a chosen row again before anything is signalled: its owner must be the same process, and must hold the port.
 * A process that has bound its port anew meanwhile is still the one that the user meant.
 *
 * @param before every row now
 * @returns the row as it is now, or why it must not be touched
 */
export async function checkRow(
  listener: Listener,
  plan: StopPlan,
  before: readonly Listener[],
  machine: { readonly control: ProcessControl; readonly ports: PortState },
): Promise<{ readonly row: Row } | { readonly outcome: StopOutcome }> {
  const refusal = plan.refusals.find(({ listenerId }) => listenerId === listener.id);
  if (refusal !== undefined) return { outcome: { kind: 'refused', refusal } };
  const [process] = holdersOf(listener);
  if (process === undefined) return { outcome: { kind: 'failed', cause: 'No process holds this row.' } };

  const now = before.filter((it) => samePort(it, listener) && holdsListener(it, process));
  const inodes = now.length > 0 ? now.flatMap((it) => it.inodes) : listener.inodes;
  const row: Row = {
    listener,
    inodes,
    known: new Set([...before, ...plan.listeners].filter((it) => samePort(it, listener)).map(({ id }) => id)),
  };
  const answer = await machine.control.verify(process, { mustHold: inodes });
  if (answer.kind === 'valid') return { row };
  if (answer.kind !== 'gone') return { outcome: notSignalled(answer, process, firstSignal(plan), plan.uid) };
  const left = leftOf(await machine.ports.look('full'), row);
  const holders = left.map((it) => ({ listener: it, how: 'same-socket' as const }));
  return { outcome: holders.length > 0 ? { kind: 'port-held', holders } : { kind: 'gone-already' } };
}

/** Why a row's owner was not signalled, as the row's outcome. */
export function notSignalled(
  refusal: Exclude<SignalRefusal, { kind: 'gone' }>,
  process: Process,
  signal: Signal,
  uid: number,
): StopOutcome {
  switch (refusal.kind) {
    case 'changed':
      return { kind: 'changed', change: 'pid-reused', process };
    case 'socket-not-held':
      return { kind: 'changed', change: 'socket-not-held', process };
    case 'not-permitted':
      return notPermitted([process], signal, uid);
    case 'refused':
      return { kind: 'failed', cause: 'The process is protected.' };
    case 'failed':
      return { kind: 'failed', cause: refusal.cause };
  }
}

export function notPermitted(processes: readonly Process[], signal: Signal, uid: number): StopOutcome {
  const command = sudoKill(processes, signal, uid);
  return { kind: 'not-permitted', processes, ...(command === undefined ? {} : { command }) };
}
