import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import type { Translate } from '../../base/text';
import { stateMeaning } from '../../scan/states';
import { formatTime } from '../views/listenersData';
import { CalmRedraw } from '../views/calmRedraw';
import { StableTree } from '../views/stableTree';
import { plainMarkdown, treeItem } from '../views/treeItem';
import { sessionDraft } from './scanDrafts';
import type { ScanChoicesStore } from './scanChoices';
import type { ScanNode, ScanSubject } from './scanSubject';
import { sessionTooltip } from './scanWords';
import type { SessionList } from './sessionList';

export interface ScansDataOptions {
  readonly sessions: SessionList;
  readonly choices: ScanChoicesStore;
  readonly clock: Clock;
  readonly setEmpty: (empty: boolean) => void;
  readonly t: Translate;
}

/** The least time between two drawings while a scan runs, in ms. */
const LEAST_PAUSE_MS = 100;
/** A drawing may take one part in so many of the extension host's time. */
const PAUSE_FACTOR = 20;

/** Draws the sessions. Many results that come at once are drawn together; the first ones at once. */
export class ScansData implements vscode.TreeDataProvider<ScanNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<ScanNode[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly calm: CalmRedraw<ScanSubject>;
  readonly tree = new StableTree<ScanSubject>();
  private waiting: Disposable | undefined;
  private drawnAt = Number.NEGATIVE_INFINITY;
  private pauseMs = LEAST_PAUSE_MS;

  constructor(private readonly options: ScansDataOptions) {
    this.calm = this.store.add(
      new CalmRedraw(options.clock, (nodes) => {
        this.changed.fire(nodes);
      }),
    );
    const soon = (): void => {
      this.drawSoon();
    };
    this.store.add(options.sessions.onDidChange(soon));
    this.store.add(options.choices.onDidChange(soon));
    this.store.add(
      toDisposable(() => {
        this.waiting?.dispose();
      }),
    );
  }

  private drawSoon(): void {
    if (this.waiting !== undefined) return;
    const { clock } = this.options;
    const wait = Math.max(0, this.drawnAt + this.pauseMs - clock.now());
    this.waiting = clock.after(wait, () => {
      this.waiting = undefined;
      this.draw();
    });
  }

  draw(): void {
    const { sessions, choices, clock, setEmpty, t } = this.options;
    const start = clock.now();
    const entries = sessions.all;
    const context = { ...choices.current, formatTime, t };
    const redraw = this.tree.apply(entries.map((entry) => sessionDraft(entry, context)));
    setEmpty(entries.length === 0);
    this.calm.redraw(redraw);
    this.drawnAt = clock.now();
    this.pauseMs = Math.max(LEAST_PAUSE_MS, PAUSE_FACTOR * (this.drawnAt - start));
  }

  getTreeItem(node: ScanNode): vscode.TreeItem {
    return treeItem(node.id, node.look);
  }

  resolveTreeItem(_item: vscode.TreeItem, node: ScanNode): vscode.TreeItem {
    const item = treeItem(node.id, node.look);
    item.tooltip = plainMarkdown(this.tooltip(node));
    return item;
  }

  getChildren(node?: ScanNode): ScanNode[] {
    this.calm.asked();
    return [...(node === undefined ? this.tree.roots : this.tree.childrenOf(node))];
  }

  getParent(node: ScanNode): ScanNode | undefined {
    return node.parent;
  }

  private tooltip({ subject, look }: ScanNode): string[] {
    const { sessions, t } = this.options;
    if (subject.kind === 'session') {
      const entry = sessions.get(subject.sessionId);
      if (entry !== undefined) return sessionTooltip(entry.data, formatTime, t);
    }
    const lines = [look.label, look.description].filter((text) => text !== undefined);
    if (subject.kind === 'port') return [...lines, stateMeaning(subject.row.state, t)];
    return subject.kind === 'fact' && subject.text !== undefined ? [look.label, subject.text] : lines;
  }

  dispose(): void {
    this.store.dispose();
  }
}
