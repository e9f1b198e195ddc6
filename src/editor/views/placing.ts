import { belongsToLabel, GROUPINGS, type Grouping, type GroupingId } from '../../ownership/groupings';
import { belongsTo, type BelongingContext, type BelongsTo } from '../../ownership/project';
import type { Translate } from '../../base/text';
import type { Listener } from '../../ports/listener';

export type { GroupingId };

/** The group that a row stands in. */
export interface Place {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  /** Groups of lower rank come first; among equals the label decides. */
  readonly rank: number;
  readonly collapsed: boolean;
  /** What it is called in `portlight.listeners.hiddenGroups`, where it can be hidden. */
  readonly hideAs?: BelongsTo;
}

/** Groups that can be hidden: the enum of `portlight.listeners.hiddenGroups` in package.json names the same. */
export const HIDEABLE: readonly BelongsTo[] = [
  'workspace',
  'projects',
  'services',
  'system',
  'ephemeral-udp',
];

const BELONGING_ICONS: Readonly<Record<BelongsTo, string>> = {
  workspace: 'root-folder',
  projects: 'folder-library',
  services: 'server-process',
  system: 'gear',
  'ephemeral-udp': 'history',
};

const GROUPING_ICONS: Readonly<Record<GroupingId, string>> = {
  owner: 'folder-library',
  project: 'repo',
  process: 'server-process',
  port: 'symbol-numeric',
  scope: 'broadcast',
};

export function isGroupingId(value: unknown): value is GroupingId {
  return GROUPINGS.some(({ id }) => id === value);
}

/** Makes places for one way to group; the same group gives the same place. */
export class Placing {
  private readonly places = new Map<string, Place>();
  private attentionPlace: Place | undefined;
  private readonly grouping: Grouping;
  private readonly owner: Grouping;

  constructor(
    groupBy: GroupingId,
    private readonly context: BelongingContext,
    private readonly t: Translate,
  ) {
    const find = (id: GroupingId): Grouping => {
      const grouping = GROUPINGS.find((one) => one.id === id);
      if (!grouping) throw new Error(`No grouping ${id}`);
      return grouping;
    };
    this.grouping = find(groupBy);
    this.owner = find('owner');
  }

  belongsTo(listener: Listener): BelongsTo {
    return belongsTo(listener, this.context);
  }

  /** Above all others, however the rest is grouped. */
  get attention(): Place {
    return (this.attentionPlace ??= {
      id: 'attention',
      label: this.t('Needs attention'),
      icon: 'bell-dot',
      rank: Number.NEGATIVE_INFINITY,
      collapsed: false,
    });
  }

  /** Clients' ports are folded away, whatever the rows are grouped by. */
  placeOf(listener: Listener): Place {
    const folded = this.grouping.id !== 'owner' && listener.ephemeralUdp === true;
    const grouping = folded ? this.owner : this.grouping;
    const key = grouping.keyOf(listener, this.context);
    const id = `${grouping.id}/${key}`;
    let place = this.places.get(id);
    if (!place) {
      place = this.make(id, grouping.keyLabel(key, this.t, listener), key, grouping, folded);
      this.places.set(id, place);
    }
    return place;
  }

  private make(id: string, label: string, key: string, grouping: Grouping, folded: boolean): Place {
    const hideAs = grouping.id === 'owner' ? HIDEABLE.find((name) => name === key) : undefined;
    return {
      id,
      label,
      icon: hideAs ? BELONGING_ICONS[hideAs] : GROUPING_ICONS[grouping.id],
      rank: folded ? Number.MAX_SAFE_INTEGER : grouping.order(key),
      collapsed: grouping.collapsedByDefault(key),
      ...(hideAs && { hideAs }),
    };
  }
}

export function compareGroups(a: Place, b: Place): number {
  return a.rank - b.rank || a.label.localeCompare(b.label) || (a.id < b.id ? -1 : 1);
}

export { belongsToLabel };
