import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { lazyCommands, registerCommands } from '../commands/register';
import { SCAN_COMMANDS, type ScanNode } from './scanSubject';
import type { ScansPart, ScansPartOptions } from './scansPart';

/**
 * The view `portlight.scans` and its commands. What is behind them is loaded when somebody first looks or asks: an
 * editor in which nobody scans never reads it.
 */
export class ScansView implements vscode.TreeDataProvider<ScanNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<ScanNode[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<ScanNode>;
  private part: ScansPart | undefined;
  private loading: Promise<ScansPart> | undefined;

  constructor(private readonly options: Omit<ScansPartOptions, 'view'>) {
    const { interaction, setContext, onError, t } = options;
    this.view = this.store.add(
      vscode.window.createTreeView('portlight.scans', {
        treeDataProvider: this,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    const commands = lazyCommands(SCAN_COMMANDS, async () => (await this.load()).commands);
    const isNode = (value: unknown): value is ScanNode => this.part?.data.tree.isNode(value) ?? false;
    this.store.add(
      registerCommands(commands, { selection: () => this.view.selection, isNode, interaction, onError, t }),
    );
    setContext('portlight.noScans', true);
  }

  /** Asks what to scan, then scans. @param target prefilled */
  async scanHost(target?: string): Promise<void> {
    await (await this.load()).scanHost(target);
  }

  getTreeItem(node: ScanNode): vscode.TreeItem {
    return this.known().data.getTreeItem(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: ScanNode): vscode.TreeItem {
    return this.known().data.resolveTreeItem(item, node);
  }

  /** The editor asks when the view is first shown. */
  async getChildren(node?: ScanNode): Promise<ScanNode[]> {
    return (await this.load()).data.getChildren(node);
  }

  getParent(node: ScanNode): ScanNode | undefined {
    return node.parent;
  }

  dispose(): void {
    this.store.dispose();
  }

  private load(): Promise<ScansPart> {
    this.loading ??= import('./scansPart').then(({ ScansPart }) => {
      const part = this.store.add(new ScansPart({ ...this.options, view: this.view }));
      this.store.add(
        part.data.onDidChangeTreeData((nodes) => {
          this.changed.fire(nodes);
        }),
      );
      this.part = part;
      return part;
    });
    return this.loading;
  }

  /** Whoever has an element has loaded what made it. */
  private known(): ScansPart {
    if (this.part === undefined) throw new Error('The scans are not loaded');
    return this.part;
  }
}
