import { plainText, type Translate } from '../base/text';
import { shortCommand } from '../ownership/shortCommand';
import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import type { GraceOver } from './options';
import { holdsListener, type StopPlan } from './plan';
import { processLabel } from './programs';
import { list, portLabel, processList, refusalSentence } from './words';
import type { StopWarning } from './warnings';

/** A question before something is stopped: for a modal dialog. */
export interface Confirmation {
  readonly message: string;
  /** Lines; may be empty. */
  readonly detail: string;
  /** The button that says yes. */
  readonly confirm: string;
}

/** The question before a plan is carried out. Undefined: there is nothing to stop, see the plan's refusals. */
export function confirmation(plan: StopPlan, t: Translate): Confirmation | undefined {
  if (plan.targets.length === 0) return undefined;
  return { message: question(plan, t), detail: details(plan, t).join('\n'), confirm: button(plan, t) };
}

/** The second question, where a target is essential to the system. */
export function essentialConfirmation(plan: StopPlan, t: Translate): Confirmation | undefined {
  if (plan.essential.length === 0) return undefined;
  const names = plan.essential.map(({ process }) => process);
  return {
    message: t('The system needs {0}. Stop it all the same?', processList(names, t)),
    detail: plan.essential
      .map(({ process, service }) => `${processLabel(process)}: ${service.loses(t)}`)
      .join('\n'),
    confirm: t('Stop It All the Same'),
  };
}

/** The question when the grace period is over. */
export function graceQuestion(
  { listeners, processes }: GraceOver,
  t: Translate,
): { readonly message: string; readonly kill: string; readonly wait: string; readonly leave: string } {
  const who = processList(processes, t);
  const ports = list(
    listeners.map((listener) => portLabel(listener, t)),
    t,
  );
  return {
    message:
      listeners.length > 0
        ? t('{0} has not ended yet and still has {1}.', who, ports)
        : t('Not ended yet: {0}.', who),
    kill: t('Kill Now'),
    wait: t('Keep Waiting'),
    leave: t('Leave It Running'),
  };
}

function question(plan: StopPlan, t: Translate): string {
  const stopped = plan.listeners.filter(
    ({ id }) => !plan.refusals.some(({ listenerId }) => listenerId === id),
  );
  const ports = list(
    stopped.map((listener) => portLabel(listener, t)),
    t,
    4,
  );
  const [only, ...more] = plan.targets;
  if (only !== undefined && more.length === 0) {
    const who = ownerLabel(only.process, t);
    return plan.level === 'kill' ? t('Kill {0} on {1} now?', who, ports) : t('Stop {0} on {1}?', who, ports);
  }
  return plan.level === 'kill'
    ? t('Kill {0} processes on {1} now?', plan.targets.length, ports)
    : t('Stop {0} processes on {1}?', plan.targets.length, ports);
}

function button({ level }: StopPlan, t: Translate): string {
  if (level === 'kill') return t('Kill Now');
  return level === 'tree' ? t('Stop Whole Tree') : t('Stop');
}

/** `node (pid 1234) of user alice` */
function ownerLabel(process: Process, t: Translate): string {
  const user = plainText(process.user ?? `${process.uid}`, 40);
  return t('{0} of user {1}', processLabel(process), user);
}

function details(plan: StopPlan, t: Translate): readonly string[] {
  const lines: string[] = [];
  const [only, ...more] = plan.targets;
  if (only !== undefined && more.length === 0) lines.push(...recognised(only.process, t));
  if (more.length > 0) {
    // Parents first: read from the top of the tree down.
    const parentsFirst = [...plan.targets].reverse();
    lines.push(...parentsFirst.slice(0, 12).map(({ process }) => `• ${targetLine(process, plan, t)}`));
    if (parentsFirst.length > 12) lines.push(t('and {0} more', parentsFirst.length - 12));
  }
  if (plan.alsoServes.length > 0) {
    const ports = plan.alsoServes.map((listener) => alsoServed(listener, plan, t));
    lines.push(t('This also ends {0}.', list(ports, t)));
  }
  if (plan.level === 'kill') lines.push(t('It gets no chance to save its work.'));
  lines.push(...plan.warnings.map((warning) => warningSentence(warning, t)));
  for (const refusal of plan.refusals) {
    const listener = plan.listeners.find(({ id }) => id === refusal.listenerId);
    if (listener !== undefined) lines.push(refusalSentence(refusal, portLabel(listener, t), t));
  }
  return [...new Set(lines)];
}

/** What the developer knows it by: a kernel's name and a pid look alike for every Node server. */
function recognised(process: Process, t: Translate): readonly string[] {
  const { project, cwd } = process;
  const command = commandOf(process);
  const place =
    project !== undefined
      ? t('Project: {0}, in {1}', plainText(project.name, 64), plainText(project.folder, 200))
      : cwd !== undefined && t('Working directory: {0}', plainText(cwd, 200));
  return [
    ...(command === undefined ? [] : [t('Command: {0}', command)]),
    ...(place === false ? [] : [place]),
  ];
}

/** Undefined where the command says no more than the name. */
function commandOf(process: Process): string | undefined {
  const command = shortCommand(process);
  return command === process.name ? undefined : command;
}

function targetLine(process: Process, { listeners }: StopPlan, t: Translate): string {
  const held = listeners.filter((listener) => holdsListener(listener, process));
  const ports = list(
    held.map((listener) => portLabel(listener, t)),
    t,
  );
  const label = ownerLabel(process, t);
  const command = commandOf(process);
  return [
    held.length > 0 ? t('{0}: {1}', label, ports) : label,
    ...(command === undefined ? [] : [command]),
  ].join(' · ');
}

/** Which other port, and of which process where several end. */
function alsoServed(listener: Listener, { targets }: StopPlan, t: Translate): string {
  const port = portLabel(listener, t);
  const holder = targets.find(({ process }) => holdsListener(listener, process));
  return targets.length > 1 && holder !== undefined
    ? t('{0} of {1}', port, processLabel(holder.process))
    : port;
}

function warningSentence(warning: StopWarning, t: Translate): string {
  const name = processLabel(warning.process);
  switch (warning.code) {
    case 'other-user':
      return warning.process.uid === 0
        ? t('{0} runs as root: the system may not permit this.', name)
        : t('{0} runs as another user: the system may not permit this.', name);
    case 'container-proxy':
      return warning.forwardsTo === undefined
        ? t('{0} only forwards the port of a container: stop the container instead.', name)
        : t(
            '{0} only forwards to a container at {1}: stop the container instead.',
            name,
            plainText(warning.forwardsTo, 80),
          );
    case 'in-container':
      return t('{0} runs in a container, whose engine may start it again: stop the container instead.', name);
    case 'service':
      return t(
        '{0} belongs to the service {1}, which systemd may start again: stop the service instead.',
        name,
        plainText(warning.unit, 80),
      );
    case 'socket-activated':
      return t(
        '{0} was started for its socket by systemd, which keeps listening and may start it again: stop the socket unit instead.',
        name,
      );
    case 'supervised':
      return t('{0} was started by {1}, which may start it again.', name, processLabel(warning.supervisor));
    case 'co-owners':
      return t('The same socket is held by {0}: the port may stay open.', processList(warning.coOwners, t));
  }
}
