import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Translate } from '../../base/text';
import type { ListenerWatcher } from '../../ports/watcher';
import type { SetContext } from '../contextKeys';
import type { ListenerNode, ListenersData } from './listenersData';
import type { TreeSummary } from './listenersModel';

const LISTENERS_VIEW = 'portlight.listeners';

export interface ListenersViewOptions {
  readonly watcher: ListenerWatcher;
  readonly setContext: SetContext;
  readonly t: Translate;
}

/** The view `portlight.listeners`: its visibility, message and badge. */
export class ListenersView implements Disposable {
  private readonly store = new DisposableStore();
  private readonly view: vscode.TreeView<ListenerNode>;

  constructor(
    private readonly data: ListenersData,
    private readonly options: ListenersViewOptions,
  ) {
    const { watcher } = options;
    this.view = this.store.add(
      vscode.window.createTreeView(LISTENERS_VIEW, {
        treeDataProvider: data,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    this.store.add(
      this.view.onDidChangeVisibility(() => {
        this.visibilityChanged();
      }),
    );
    this.store.add(
      this.view.onDidChangeSelection(() => {
        this.countSelection();
      }),
    );
    this.store.add(
      this.view.onDidCollapseElement(({ element }) => {
        if (element.subject.kind === 'listener') data.connections.unfollow(element.subject.listenerId);
      }),
    );
    this.store.add(
      this.view.onDidExpandElement(({ element }) => {
        if (element.subject.kind !== 'listener') return;
        data.connections.follow(element.subject.listenerId);
        // Whoever shares the socket by a fork changes no table: an ordinary look notices it late.
        void watcher.refreshNow('tables');
      }),
    );
    this.store.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused && this.view.visible) void watcher.refreshNow('tables');
      }),
    );
    this.store.add(
      data.onDidUpdate((summary) => {
        this.draw(summary);
        this.countSelection();
      }),
    );
    this.visibilityChanged();
  }

  get selection(): readonly ListenerNode[] {
    return this.view.selection;
  }

  /** Shows a listener's row, selected; nothing where it is hidden or gone. */
  async reveal(listenerId: string): Promise<void> {
    const node = this.data.model.row(listenerId);
    if (node) await this.view.reveal(node, { select: true, focus: true });
  }

  dispose(): void {
    this.store.dispose();
  }

  private visibilityChanged(): void {
    this.options.watcher.setVisible(this.view.visible);
    this.data.connections.setVisible(this.view.visible);
  }

  private countSelection(): void {
    const { tree } = this.data.model;
    const selected = this.view.selection.filter(({ id }) => tree.find(id) !== undefined);
    this.options.setContext('portlight.severalRows', selected.length > 1);
  }

  private draw(summary: TreeSummary): void {
    const { t } = this.options;
    const message = this.data.message();
    if (message !== this.view.message) {
      // The property takes undefined, which its exact optional type cannot say.
      (this.view as { message: string | undefined }).message = message;
    }
    const value = summary.critical + summary.high;
    if (value !== (this.view.badge?.value ?? 0)) {
      const tooltip =
        value === 1 ? t('1 listener needs attention') : t('{0} listeners need attention', value);
      this.view.badge = value === 0 ? undefined : { value, tooltip };
    }
  }
}
