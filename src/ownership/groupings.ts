import { plainText, type Translate } from '../base/text';
import { baseName } from '../base/path';
import type { BindScope } from '../ports/endpoint';
import type { Listener } from '../ports/listener';
import { portClassLabel, portClassName, type PortClassName } from '../ports/portClass';
import { scopeLabel } from '../ports/words';
import { belongsTo, projectFolder, projectName, type BelongingContext, type BelongsTo } from './project';
import { serviceName } from './serviceName';

export type GroupingId = 'owner' | 'project' | 'process' | 'port' | 'scope';

/** One way to group the rows. Keys are stable from refresh to refresh. */
export interface Grouping {
  readonly id: GroupingId;
  label(t: Translate): string;
  keyOf(listener: Listener, context: BelongingContext): string;
  /** @param one any listener of the group */
  keyLabel(key: string, t: Translate, one: Listener): string;
  /** Groups stand by this number, then by label. */
  order(key: string): number;
  collapsedByDefault(key: string): boolean;
}

/** What has no value of its own in a grouping. */
const NONE = '';
const BELONGING: readonly BelongsTo[] = ['workspace', 'projects', 'services', 'system', 'ephemeral-udp'];
const PORT_CLASSES: readonly PortClassName[] = ['well-known', 'registered', 'dynamic'];
const SCOPES: readonly BindScope[] = ['wildcard', 'address', 'loopback'];
const open = (): boolean => false;
const emptyLast = (key: string): number => (key === NONE ? 1 : 0);

/** The groupings that a user can choose; the first is the default. */
export const GROUPINGS: readonly Grouping[] = [
  {
    id: 'owner',
    label: (t) => t('What It Belongs To'),
    keyOf: belongsTo,
    keyLabel: (key, t) => belongsToLabel(key as BelongsTo, t),
    order: (key) => BELONGING.indexOf(key as BelongsTo),
    collapsedByDefault: (key) => key === 'system' || key === 'ephemeral-udp',
  },
  {
    id: 'project',
    label: (t) => t('Project'),
    keyOf: (listener) => projectFolder(listener) ?? NONE,
    keyLabel: (key, t, one) => (key === NONE ? t('No project') : projectLabel(key, one)),
    order: emptyLast,
    collapsedByDefault: open,
  },
  {
    id: 'process',
    label: (t) => t('Process'),
    keyOf: (listener) => ('process' in listener.owner ? (serviceName(listener)?.name ?? NONE) : NONE),
    keyLabel: (key, t) => (key === NONE ? t('Owner not visible') : plainText(key)),
    order: emptyLast,
    collapsedByDefault: open,
  },
  {
    id: 'port',
    label: (t) => t('Port'),
    keyOf: (listener) => portClassName(listener.port),
    keyLabel: (key, t) => portClassLabel(key as PortClassName, t),
    order: (key) => PORT_CLASSES.indexOf(key as PortClassName),
    collapsedByDefault: open,
  },
  {
    id: 'scope',
    label: (t) => t('Bind Scope'),
    keyOf: (listener) => listener.scope,
    keyLabel: (key, t) => scopeLabel(key as BindScope, t),
    order: (key) => SCOPES.indexOf(key as BindScope),
    collapsedByDefault: open,
  },
];

/** As on its rows, and the folder where that is called otherwise: a project may be checked out twice. */
function projectLabel(folder: string, one: Listener): string {
  const name = projectName(one) ?? '';
  const label = name === baseName(folder) ? name : `${name} (${baseName(folder)})`;
  return plainText(label, 100);
}

export function belongsToLabel(group: BelongsTo, t: Translate): string {
  switch (group) {
    case 'workspace':
      return t('This workspace');
    case 'projects':
      return t('Other projects');
    case 'services':
      return t('Services');
    case 'system':
      return t('System');
    case 'ephemeral-udp':
      return t('Ephemeral UDP');
  }
}
