import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Translate } from '../../base/text';
import type { OriginContext } from '../../ownership/origin';
import type { ListenerWatcher } from '../../ports/watcher';
import type { ChoicesStore } from '../choicesStore';
import type { SetContext } from '../contextKeys';
import type { ExposureRow } from '../exposure/exposureRow';
import type { Current } from '../exposure/exposures';
import { plainMarkdown, treeItem } from './treeItem';
import { CalmRedraw } from './calmRedraw';
import { ConnectionsReader } from './connectionsReader';
import { ListenersModel, type TreeSummary } from './listenersModel';
import type { Look } from './look';
import type { Node } from './stableTree';
import type { Subject } from './subject';
import { viewMessage, viewState } from './viewState';

/** What the view is told of the window around it. */
export interface Surroundings {
  /** Absolute paths of the workspace's folders; another array only where they differ. */
  readonly folders: readonly string[];
  /** Another object only where it differs. */
  readonly origins: OriginContext;
  readonly onDidChange: (listener: () => void) => Disposable;
}

export interface ListenersDataOptions {
  readonly watcher: ListenerWatcher;
  readonly choices: ChoicesStore;
  readonly surroundings: Surroundings;
  readonly exposures: Current<ReadonlyMap<string, ExposureRow>>;
  readonly clock: Clock;
  readonly setContext: SetContext;
  readonly onError: (error: unknown) => void;
  readonly t: Translate;
}

export type ListenerNode = Node<Subject>;

/** Draws the model, and tells it of everything that may change it. */
export class ListenersData implements vscode.TreeDataProvider<ListenerNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<ListenerNode[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly calm: CalmRedraw<Subject>;
  private readonly updated = this.store.add(new Emitter<TreeSummary>());
  /** After each update, redrawn or not. */
  readonly onDidUpdate = this.updated.event;
  readonly model: ListenersModel;
  readonly connections: ConnectionsReader;
  private readonly items = new WeakMap<Look, vscode.TreeItem>();
  private timer: Disposable | undefined;

  constructor(private readonly options: ListenersDataOptions) {
    const { watcher, choices, surroundings, exposures, clock, onError, t } = options;
    this.model = new ListenersModel({ t, formatTime });
    this.calm = this.store.add(
      new CalmRedraw(clock, (nodes) => {
        this.changed.fire(nodes);
      }),
    );
    this.connections = this.store.add(new ConnectionsReader((id) => watcher.connections(id), clock, onError));
    const update = (): void => {
      this.update();
    };
    this.store.add(watcher.onDidChange(update));
    this.store.add(choices.onDidChange(update));
    this.store.add(surroundings.onDidChange(update));
    this.store.add(exposures.onDidChange(update));
    this.store.add(this.connections.onDidChange(update));
    this.store.add(
      toDisposable(() => {
        this.timer?.dispose();
      }),
    );
  }

  getTreeItem(node: ListenerNode): vscode.TreeItem {
    const known = this.items.get(node.look);
    if (known) return known;
    const item = treeItem(node.id, node.look);
    this.items.set(node.look, item);
    return item;
  }

  /** Only asked for the element under the pointer. */
  async resolveTreeItem(_item: vscode.TreeItem, node: ListenerNode): Promise<vscode.TreeItem> {
    // Another item: the one that was drawn is kept with its look, while a tooltip must be made anew each time.
    const resolved = treeItem(node.id, node.look);
    resolved.tooltip = plainMarkdown(await this.tooltip(node));
    return resolved;
  }

  getChildren(node?: ListenerNode): ListenerNode[] {
    this.calm.asked();
    if (!node) return [...this.model.tree.roots];
    if (node.subject.kind === 'listener') this.connections.follow(node.subject.listenerId);
    return [...this.model.tree.childrenOf(node)];
  }

  getParent(node: ListenerNode): ListenerNode | undefined {
    return node.parent;
  }

  update(): void {
    const { watcher, choices, surroundings, exposures, clock } = this.options;
    const now = clock.now();
    const redraw = this.model.update({
      snapshot: watcher.snapshot,
      choices: choices.current,
      folders: surroundings.folders,
      origins: surroundings.origins,
      connections: this.connections.current,
      isNew: (id) => watcher.isNew(id),
      exposures: exposures.current,
      now,
    });
    this.setContexts();
    this.calm.redraw(redraw);
    this.timer?.dispose();
    const wait = this.model.nextChangeAt - now;
    this.timer = Number.isFinite(wait)
      ? clock.after(Math.max(wait, LEAST_WAIT_MS), () => {
          this.update();
        })
      : undefined;
    this.updated.fire(this.model.summary);
  }

  message(): string | undefined {
    const { watcher, choices, t } = this.options;
    return viewMessage(watcher.state, this.model.summary, choices.current, formatTime, t);
  }

  dispose(): void {
    this.store.dispose();
  }

  private setContexts(): void {
    const { watcher, choices, setContext } = this.options;
    const { filter, hiddenGroups, hideRules } = choices.current;
    setContext('portlight.state', viewState(watcher.state, this.model.summary));
    setContext('portlight.filtered', filter !== '');
    setContext('portlight.hiding', hiddenGroups.length + hideRules.length > 0);
  }

  private async tooltip({ subject, look }: ListenerNode): Promise<string[]> {
    const { watcher, t } = this.options;
    const machine = watcher.snapshot?.machine;
    if (subject.kind === 'listener' && machine) {
      const listener = this.model.listener(subject.listenerId);
      const { surroundings, exposures } = this.options;
      if (listener) {
        // With the names of all ports, which nothing else needs.
        const { rowTooltip } = await import('./rowTooltip');
        const exposure = exposures.current.get(listener.id);
        return rowTooltip(listener, machine, surroundings.origins, t, exposure?.paragraphs);
      }
    }
    const whole = subject.kind === 'fact' ? subject.text : undefined;
    return [look.label, whole ?? look.description].filter((text) => text !== undefined);
  }
}

/** Ages of many rows change at many moments: draw them together. */
const LEAST_WAIT_MS = 5000;

export function formatTime(ms: number): string {
  const time = new Date(ms);
  const today = time.toDateString() === new Date().toDateString();
  return today ? time.toLocaleTimeString(vscode.env.language) : time.toLocaleString(vscode.env.language);
}
