import { plainText, type Translate } from '../../base/text';
import type { OriginContext } from '../../ownership/origin';
import { serviceName } from '../../ownership/serviceName';
import { shortCommand } from '../../ownership/shortCommand';
import type { Listener } from '../../ports/listener';
import type { Process } from '../../ports/owner';
import { ownerLabel, ownerNotes, scopeWords } from '../../ports/words';
import type { ExposureRow } from '../exposure/exposureRow';
import { SCOPE_ICONS } from './icons';
import type { Icon, Look } from './look';
import { calmAge, dotted } from './words';

export interface RowContext {
  readonly t: Translate;
  readonly now: number;
  readonly isNew: boolean;
  readonly origins: OriginContext;
  /** Texts that the filter looks for, in lower case. */
  readonly wanted: readonly string[];
  /** Who can get in, where that has been judged. */
  readonly exposure?: ExposureRow;
}

/** One listener as a row: `3000 vite dev`, and in the description whatever tells it from another. */
export function rowLook(listener: Listener, context: RowContext): Look {
  const { t } = context;
  const process = processOf(listener);
  const name = process ? shortCommand(process) : ownerLabel(listener.owner, t);
  const service = process && serviceName(listener)?.name;
  const label = `${listener.port}  ${name}`;
  const scope = scopeWords(listener, t);
  const description = dotted([
    context.exposure?.words,
    context.isNew ? t('new') : undefined,
    listener.protocol === 'udp' ? 'UDP' : undefined,
    service !== undefined && !name.includes(service) ? service : undefined,
    belonging(process),
    scope,
    process && calmAge(process.startedAt, context.now, t),
    process?.executableDeleted === true ? t('executable deleted') : undefined,
  ]);
  const highlights = findWanted(label, context.wanted);
  return {
    label,
    ...(highlights.length > 0 && { highlights }),
    description,
    icon: context.exposure?.icon ?? iconOf(listener, context.isNew),
    ...(context.exposure && { decoration: context.exposure.severity }),
    spoken: spokenRow(listener, name, scope, context),
    traits: rowTraits(listener, context),
    expand: 'collapsed',
  };
}

/** The project, else the container or service unit: what a developer knows the process by. */
function belonging(process: Process | undefined): string | undefined {
  if (!process) return undefined;
  const { project, container, unit } = process;
  if (container) return plainText(`${container.engine} ${container.id.slice(0, 12)}`, 64);
  if (project) return plainText(project.name, 64);
  return unit?.endsWith('.service') === true ? plainText(unit, 64) : undefined;
}

function iconOf(listener: Listener, isNew: boolean): Icon {
  const { owner } = listener;
  if (isNew) return { id: 'sparkle', color: 'charts.purple' };
  switch (owner.kind) {
    case 'hidden':
      return { id: 'lock' };
    case 'kernel':
      return { id: 'chip' };
    case 'activated':
      return { id: 'zap' };
    case 'exact':
      return owner.process.executableDeleted === true
        ? { id: 'warning', color: 'list.warningForeground' }
        : SCOPE_ICONS[listener.scope];
  }
}

function spokenRow(listener: Listener, name: string, scope: string, context: RowContext): string {
  const { t, now } = context;
  const process = processOf(listener);
  const parts = [
    t('{0} port {1}, {2}', listener.protocol.toUpperCase(), String(listener.port), name),
    process && t('process {0}, pid {1}', plainText(process.name, 64), String(process.pid)),
    process?.user !== undefined ? t('user {0}', plainText(process.user, 64)) : undefined,
    process?.project && t('project {0}', plainText(process.project.name, 64)),
    t('listens on {0}', scope),
    process && t('started {0}', calmAge(process.startedAt, now, t)),
    context.isNew ? t('new') : undefined,
    context.exposure?.words,
    ...ownerNotes(listener, t).map((note) => note.sentence),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** What can be done with the row: the menus of package.json match these words. */
function rowTraits(listener: Listener, context: RowContext): string {
  const { owner } = listener;
  const traits = ['listener', listener.protocol, listener.scope, owner.kind];
  if (listener.protocol === 'tcp') traits.push('browsable');
  if ('process' in owner) {
    const { process, parents } = owner;
    traits.push('pid');
    if (process.kernelThread !== true && process.pid > 1) traits.push('stoppable');
    if (process.commandLine.length > 0) traits.push('command');
    if (process.cwd !== undefined) traits.push('cwd');
    if ([process, ...parents].some(({ pid }) => context.origins.terminalPids.has(pid)))
      traits.push('terminal');
  } else {
    traits.push('limit');
  }
  traits.push(...(context.exposure?.traits ?? []));
  if (context.isNew) traits.push('new');
  return traits.join(';');
}

function processOf({ owner }: Listener): Process | undefined {
  return 'process' in owner ? owner.process : undefined;
}

/** Where a label has what the filter looks for; ranges neither overlap nor touch out of order. */
function findWanted(label: string, wanted: readonly string[]): (readonly [number, number])[] {
  const text = label.toLowerCase();
  // Lower case may be longer (İ): then positions do not fit the label any more.
  if (text.length !== label.length) return [];
  const ranges = wanted.flatMap((word): (readonly [number, number])[] => {
    const start = text.indexOf(word);
    return word === '' || start < 0 ? [] : [[start, start + word.length]];
  });
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  let end = 0;
  return ranges.filter(([from, to]) => {
    const free = from >= end;
    if (free) end = to;
    return free;
  });
}
