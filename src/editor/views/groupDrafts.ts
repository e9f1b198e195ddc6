import type { Translate } from '../../base/text';
import type { Limit } from '../../ports/snapshot';
import type { Place } from './placing';
import type { Draft } from './stableTree';
import type { Subject } from './subject';

/** Shows the owners of everything to an administrator (ss(8)). */
const SHOW_ALL_OWNERS = 'sudo ss -tulnp';

/**
 * @param before the same group at the last refresh: where its rows are the same, so is the draft's list, and nothing
 * below it is compared again
 */
export function groupDraft(
  place: Place,
  rows: readonly Draft<Subject>[],
  filtering: boolean,
  before: Draft<Subject> | undefined,
  t: Translate,
): Draft<Subject> {
  const old = before?.children;
  const children = Array.isArray(old) && sameItems(old as readonly Draft<Subject>[], rows) ? old : rows;
  const count = rows.length === 1 ? t('1 listener') : t('{0} listeners', rows.length);
  return {
    // With a filter groups are elements of their own, which start expanded: what was found is never folded away.
    id: filtering ? `group/${place.id}/filtered` : `group/${place.id}`,
    look: {
      label: place.label,
      description: String(rows.length),
      icon: { id: place.icon },
      spoken: t('Group {0}, {1}', place.label, count),
      traits: place.hideAs !== undefined ? 'group;hideable' : 'group',
      expand: place.collapsed && !filtering ? 'collapsed' : 'expanded',
    },
    subject: { kind: 'group', ...(place.hideAs && { hideAs: place.hideAs }) },
    children: children as readonly Draft<Subject>[],
  };
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** A row for each reason why the tree does not show all, and what shows it. */
export function limitDrafts(limits: readonly Limit[], t: Translate): Draft<Subject>[] {
  return limits.map((limit) => {
    const { label, command } = limitWords(limit, t);
    const description = command === undefined ? undefined : t('to see more: {0}', command);
    return {
      id: `limit/${limit.code}${limit.code === 'table-unreadable' ? `/${limit.table}` : ''}`,
      look: {
        label,
        ...(description !== undefined && { description }),
        icon: { id: limit.code === 'table-unreadable' ? 'warning' : 'lock' },
        spoken: description === undefined ? label : `${label}, ${description}`,
        traits: command === undefined ? 'note' : 'limit',
        expand: 'leaf',
      },
      subject: { kind: 'limit', ...(command !== undefined && { command }) },
      children: [],
    };
  });
}

function limitWords(limit: Limit, t: Translate): { label: string; command?: string } {
  switch (limit.code) {
    case 'owners-hidden':
      return {
        label:
          limit.listeners === 1
            ? t('The owner of 1 listener is hidden from this user')
            : t('The owners of {0} listeners are hidden from this user', limit.listeners),
        command: SHOW_ALL_OWNERS,
      };
    case 'hidepid':
      return {
        label: t('This machine hides the processes of other users (hidepid)'),
        command: SHOW_ALL_OWNERS,
      };
    case 'table-unreadable':
      return { label: t('{0} could not be read: {1}', limit.table, limit.cause) };
  }
}
