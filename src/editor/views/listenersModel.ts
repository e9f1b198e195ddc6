import { bySeverity, type Severity } from '../../exposure/severity';
import type { OriginContext } from '../../ownership/origin';
import type { BelongsTo } from '../../ownership/project';
import type { ConnectionSummary } from '../../ports/connections';
import { matchesFilter, parseFilter, type Filter } from '../../ports/filter';
import type { Listener } from '../../ports/listener';
import type { Snapshot } from '../../ports/snapshot';
import { needsAttention, type ExposureRow } from '../exposure/exposureRow';
import { groupDraft, limitDrafts } from './groupDrafts';
import { isHidden, type HideRule } from './hideRules';
import { compareGroups, Placing, type GroupingId, type Place } from './placing';
import { detailDrafts, type DetailWords } from './rowDetails';
import { rowLook } from './rowLook';
import { StableTree, type Draft, type Node, type Redraw } from './stableTree';
import type { Subject } from './subject';
import { calmAgeEndsAt } from './words';

/** What the user has chosen to see. Replaced, never changed: compared by identity. */
export interface Choices {
  readonly groupBy: GroupingId;
  readonly hiddenGroups: readonly string[];
  readonly hideRules: readonly HideRule[];
  readonly filter: string;
}

/** Everything that the tree is made of. */
export interface TreeInput {
  readonly snapshot: Snapshot | undefined;
  readonly choices: Choices;
  /** Absolute paths of the workspace's folders. */
  readonly folders: readonly string[];
  readonly origins: OriginContext;
  readonly connections: ReadonlyMap<string, ConnectionSummary>;
  readonly isNew: (listenerId: string) => boolean;
  /** Who can get in, by listener; another object where it differs. */
  readonly exposures: ReadonlyMap<string, ExposureRow>;
  readonly now: number;
}

/** What stands around the tree: message, badge, status bar, welcome. */
export interface TreeSummary {
  /** Rows, without those of ephemeral UDP ports. */
  readonly listeners: number;
  readonly inWorkspace: number;
  readonly onEveryInterface: number;
  readonly shown: number;
  readonly filteredOut: number;
  readonly hidden: number;
  /** Rows that let somebody in, as far as nobody accepted or hid them. */
  readonly critical: number;
  readonly high: number;
}

interface Row {
  readonly listener: Listener;
  readonly isNew: boolean;
  readonly connections: ConnectionSummary | undefined;
  readonly exposure: ExposureRow | undefined;
  readonly draft: Draft<Subject>;
  readonly place: Place;
  readonly belongs: BelongsTo;
  readonly visible: 'shown' | 'filtered' | 'hidden';
  /** When the row says something else although nothing has happened: its age. */
  readonly staleAt: number;
}

/**
 * The tree of listeners, without an editor. It owns the truth and tells what to redraw; the view only draws.
 * A row whose listener, age and surroundings are as before is not even looked at again: 5,000 rows cost little more
 * than what changed.
 */
export class ListenersModel {
  readonly tree = new StableTree<Subject>();
  private rows = new Map<string, Row>();
  private sorted: Listener[] = [];
  private groups = new Map<string, Draft<Subject>>();
  private last: TreeInput | undefined;
  private placing: Placing | undefined;
  private filter: Filter = parseFilter('');
  private counts: TreeSummary = NOTHING;
  private staleAt = Number.POSITIVE_INFINITY;

  constructor(private readonly options: DetailWords) {}

  get summary(): TreeSummary {
    return this.counts;
  }

  /** When `update` would give something else with the same snapshot, in ms since the epoch; Infinity for never. */
  get nextChangeAt(): number {
    return this.staleAt;
  }

  /** Ids of the listeners that somebody has looked inside: their connections are worth reading. */
  get opened(): string[] {
    return this.sorted.map(({ id }) => id).filter((id) => this.tree.isOpen(id));
  }

  listener(id: string): Listener | undefined {
    return this.last?.snapshot?.listeners.get(id);
  }

  /** The element of a listener, also in a group that nobody has looked inside; undefined where it is not shown. */
  row(id: string): Node<Subject> | undefined {
    for (const group of this.tree.roots) this.tree.childrenOf(group);
    return this.tree.find(id);
  }

  update(input: TreeInput): Redraw<Subject> {
    const placing = this.placingFor(input);
    const surroundings = placing !== this.placing || input.origins !== this.last?.origins;
    this.placing = placing;
    this.last = input;
    this.sort(input.snapshot);
    const members = new Map<string, { place: Place; drafts: Draft<Subject>[] }>();
    const rows = new Map<string, Row>();
    this.staleAt = Number.POSITIVE_INFINITY;
    const counts = { ...NOTHING };
    for (const listener of this.sorted) {
      const row = this.rowFor(listener, input, placing, surroundings);
      rows.set(listener.id, row);
      count(counts, row);
      if (row.visible !== 'shown') continue;
      this.staleAt = Math.min(this.staleAt, row.staleAt);
      const group = members.get(row.place.id);
      if (group) group.drafts.push(row.draft);
      else members.set(row.place.id, { place: row.place, drafts: [row.draft] });
    }
    this.rows = rows;
    this.counts = counts;
    return this.tree.apply(this.rootDrafts(members, input));
  }

  /** The same one as long as nothing differs that every row depends on. */
  private placingFor(input: TreeInput): Placing {
    const { choices, folders, snapshot } = input;
    const machine = snapshot?.machine ?? { uid: -1 };
    const same =
      choices === this.last?.choices &&
      folders === this.last.folders &&
      machine.uid === this.last.snapshot?.machine.uid;
    if (same && this.placing) return this.placing;
    this.filter = parseFilter(choices.filter);
    return new Placing(choices.groupBy, { workspaceFolders: folders, machine }, this.options.t);
  }

  /** Rows in the order of their ports. Listeners that were there keep their order, so that sorting is nearly linear. */
  private sort(snapshot: Snapshot | undefined): void {
    const now = snapshot?.listeners ?? new Map<string, Listener>();
    const seen = new Set<string>();
    const kept = this.sorted.flatMap(({ id }) => {
      const listener = now.get(id);
      if (!listener) return [];
      seen.add(id);
      return [listener];
    });
    const complete = seen.size === now.size;
    if (!complete) {
      for (const listener of now.values()) if (!seen.has(listener.id)) kept.push(listener);
      kept.sort((a, b) => a.port - b.port || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    }
    this.sorted = kept;
  }

  private rowFor(listener: Listener, input: TreeInput, placing: Placing, surroundings: boolean): Row {
    const before = this.rows.get(listener.id);
    const isNew = input.isNew(listener.id);
    const connections = input.connections.get(listener.id);
    if (
      before?.listener === listener &&
      !surroundings &&
      before.isNew === isNew &&
      before.connections === connections &&
      before.exposure === input.exposures.get(listener.id) &&
      input.now < before.staleAt
    ) {
      return before;
    }
    return this.makeRow(listener, input, placing, isNew, connections);
  }

  private makeRow(
    listener: Listener,
    input: TreeInput,
    placing: Placing,
    isNew: boolean,
    connections: ConnectionSummary | undefined,
  ): Row {
    const { t } = this.options;
    const { choices, now, origins } = input;
    const belongs = placing.belongsTo(listener);
    const exposure = input.exposures.get(listener.id);
    const urgent = needsAttention(exposure);
    const place = urgent ? placing.attention : placing.placeOf(listener);
    const wanted = this.filter.terms.filter((term) => !term.negated).map((term) => term.text);
    const look = rowLook(listener, { t, now, isNew, origins, wanted, ...(exposure && { exposure }) });
    const shown = [look.label, look.description ?? '', place.label];
    // A hidden group hides what is in it, and this row is in another.
    const hidden =
      (!urgent && choices.hiddenGroups.includes(belongs)) || isHidden(listener, choices.hideRules);
    const visible = hidden ? 'hidden' : matchesFilter(this.filter, listener, shown) ? 'shown' : 'filtered';
    const context = { ...this.options, now, origins, ...(connections && { connections }) };
    return {
      listener,
      isNew,
      connections,
      exposure,
      place,
      belongs,
      visible,
      staleAt: 'process' in listener.owner ? calmAgeEndsAt(listener.owner.process.startedAt, now) : Infinity,
      draft: {
        id: listener.id,
        look,
        subject: { kind: 'listener', listenerId: listener.id },
        children: () => [...(exposure?.branches() ?? []), ...detailDrafts(listener, context)],
      },
    };
  }

  private byUrgency(a: Draft<Subject>, b: Draft<Subject>): number {
    const severity = ({ id }: Draft<Subject>): Severity => this.rows.get(id)?.exposure?.severity ?? 'none';
    return bySeverity(severity(a), severity(b));
  }

  private rootDrafts(
    members: ReadonlyMap<string, { place: Place; drafts: Draft<Subject>[] }>,
    input: TreeInput,
  ): Draft<Subject>[] {
    const { t } = this.options;
    const before = this.groups;
    this.groups = new Map();
    const filtering = input.choices.filter !== '';
    const ordered = [...members.values()].sort((a, b) => compareGroups(a.place, b.place));
    for (const { place, drafts } of ordered) {
      if (place === this.placing?.attention) drafts.sort((a, b) => this.byUrgency(a, b));
      const draft = groupDraft(place, drafts, filtering, before.get(place.id), t);
      this.groups.set(place.id, draft);
    }
    const limits = filtering ? [] : limitDrafts(input.snapshot?.limits ?? [], t);
    return [...this.groups.values(), ...(members.size > 0 ? limits : [])];
  }
}

const NOTHING: TreeSummary = {
  listeners: 0,
  inWorkspace: 0,
  onEveryInterface: 0,
  shown: 0,
  filteredOut: 0,
  hidden: 0,
  critical: 0,
  high: 0,
};

function count(counts: { -readonly [K in keyof TreeSummary]: TreeSummary[K] }, row: Row): void {
  if (row.listener.ephemeralUdp !== true) {
    counts.listeners++;
    if (row.belongs === 'workspace') counts.inWorkspace++;
    if (row.listener.scope === 'wildcard') counts.onEveryInterface++;
  }
  if (row.visible !== 'hidden') {
    if (row.exposure?.severity === 'critical') counts.critical++;
    if (row.exposure?.severity === 'high') counts.high++;
  }
  if (row.visible === 'shown') counts.shown++;
  else if (row.visible === 'filtered') counts.filteredOut++;
  else counts.hidden++;
}
