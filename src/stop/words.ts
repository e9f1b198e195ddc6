import { plainText, type Translate } from '../base/text';
import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import { userWords } from '../ports/words';
import type { ListenerOutcome, PortHolder, StopOutcome } from './outcome';
import { processLabel } from './programs';
import type { ProcessRefusal, Refusal } from './refusals';
import { holdersOf } from './rows';

/** Stopping, in sentences. Foreign names are made plain; commands are not in them: they are shown beside. */

/** `TCP port 3000` */
export function portLabel({ protocol, port }: Listener, t: Translate): string {
  return t('{0} port {1}', protocol.toUpperCase(), port);
}

export function list(items: readonly string[], t: Translate, limit = 12): string {
  const shown = items.slice(0, limit).join(t(', '));
  return items.length > limit ? t('{0} and {1} more', shown, items.length - limit) : shown;
}

export const processList = (processes: readonly Process[], t: Translate): string =>
  list(processes.map(processLabel), t);

/** One sentence (two where a second fact matters) for what became of a row. */
export function outcomeSentence({ listener, outcome }: ListenerOutcome, t: Translate): string {
  const port = portLabel(listener, t);
  switch (outcome.kind) {
    case 'stopped':
      return stoppedSentence(listener, outcome, t);
    case 'port-held':
      return heldSentence(listener, outcome.holders, t);
    case 'came-back':
      return cameBackSentence(port, outcome, t);
    case 'not-permitted':
      return t('Not permitted to stop {0} on {1}.', processList(outcome.processes, t), port);
    case 'gone-already':
      return t('{0} had already been closed; nothing was stopped.', port);
    case 'changed':
      return outcome.change === 'pid-reused'
        ? t(
            '{0} has ended meanwhile, and its pid belongs to another process; nothing was stopped.',
            processLabel(outcome.process),
          )
        : t('{0} no longer holds {1}; nothing was stopped.', processLabel(outcome.process), port);
    case 'refused':
      return refusalSentence(outcome.refusal, port, t);
    case 'still-running':
      return stillRunningSentence(port, outcome, t);
    case 'failed':
      return t('{0} could not be stopped: {1}', port, plainText(outcome.cause, 300));
  }
}

function stoppedSentence(
  listener: Listener,
  outcome: Extract<StopOutcome, { kind: 'stopped' }>,
  t: Translate,
): string {
  const port = portLabel(listener, t);
  const { restarted, stillRunning } = outcome;
  if (restarted !== undefined) {
    return t(
      '{0} is free, but the same command was started again as {1}, which does not listen yet.',
      port,
      processLabel(restarted),
    );
  }
  if (stillRunning.length > 0) {
    return t('{0} is free. Still running: {1}.', port, processList(stillRunning, t));
  }
  const [owner] = holdersOf(listener);
  const name = owner === undefined ? '?' : processLabel(owner);
  return outcome.signal === 'SIGKILL'
    ? t('Killed {0}. {1} is free.', name, port)
    : t('Stopped {0}. {1} is free.', name, port);
}

function heldSentence(listener: Listener, holders: readonly PortHolder[], t: Translate): string {
  const port = portLabel(listener, t);
  const [owner] = holdersOf(listener);
  const processes = holders.flatMap((holder) => holdersOf(holder.listener));
  const ended =
    processes.some(({ pid }) => pid === owner?.pid) || owner === undefined ? '' : processLabel(owner);
  const who = processes.length > 0 ? processList(processes, t) : t('a process that this user may not see');
  switch (holders[0]?.how) {
    case 'took-over':
      return t('{0} was stopped, but {1} has taken over {2}.', ended, who, port);
    case 'beside':
      return t('{0} was stopped. {1} is also used by {2}.', ended, port, who);
    case 'same-socket':
    case undefined:
      return ended === ''
        ? t('{0} is still held by {1}.', port, who)
        : t('{0} has ended, but {1} is still held by {2}, which shares its socket.', ended, port, who);
  }
}

function cameBackSentence(
  port: string,
  { afterMs, process, startedBy, sameParent }: Extract<StopOutcome, { kind: 'came-back' }>,
  t: Translate,
): string {
  if (process === undefined) {
    return t('{0} was opened again after {1} ms by a process that this user may not see.', port, afterMs);
  }
  const name = processLabel(process);
  if (startedBy === undefined) return t('{0} came back after {1} ms as {2}.', port, afterMs, name);
  return sameParent
    ? t(
        '{0} came back after {1} ms as {2}: {3} starts it again.',
        port,
        afterMs,
        name,
        processLabel(startedBy),
      )
    : t('{0} came back after {1} ms as {2}, started by {3}.', port, afterMs, name, processLabel(startedBy));
}

function stillRunningSentence(
  port: string,
  { why, signal, processes }: Extract<StopOutcome, { kind: 'still-running' }>,
  t: Translate,
): string {
  const who = processList(processes, t);
  if (signal === undefined) return t('Cancelled: nothing was stopped, and {0} still has {1}.', who, port);
  switch (why) {
    case 'left':
      return t('{0} was asked to end, still runs, and keeps {1}.', who, port);
    case 'cancelled':
      return t('Stopped waiting: {0} was asked to end, and still has {1}.', who, port);
    case 'timeout':
      return t('{0} was killed but has not ended; it hangs in the kernel and keeps {1}.', who, port);
  }
}

/** Why a row cannot be stopped. @param port as `portLabel` gives it */
export function refusalSentence(refusal: Refusal, port: string, t: Translate): string {
  if (refusal.code === 'kernel-socket') {
    return t(
      '{0} has no process that can be stopped: it belongs to the kernel, or to a process hidden from this user.',
      port,
    );
  }
  if (refusal.code === 'hidden-owner') {
    const who = userWords(refusal);
    return t('{0} belongs to {1}, whose processes this user may not see or stop.', port, who);
  }
  const why = whyRefused(refusal.code, t);
  return t('Not stopped: {0} on {1}. {2}', processLabel(refusal.process), port, why);
}

function whyRefused(code: ProcessRefusal, t: Translate): string {
  switch (code) {
    case 'init':
      return t('It is the first process: everything else ends with it.');
    case 'kernel-thread':
      return t('It is a thread of the kernel.');
    case 'extension-host':
      return t('It is the extension host of this window: stop the extension that opened the port.');
    case 'extension-host-ancestor':
      return t('This editor runs inside it.');
    case 'editor':
      return t('It is a part of this editor.');
    case 'terminal-shell':
      return t('It is the shell of a terminal: close the terminal instead.');
  }
}
