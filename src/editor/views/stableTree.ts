import { sameLook, type Look } from './look';

/** What a tree should show at one place. Drafts are compared by identity first: reuse what did not change. */
export interface Draft<T> {
  /** Unique in the whole tree, and the same from one refresh to the next. */
  readonly id: string;
  readonly look: Look;
  /** What the element stands for, for the commands that act on it. */
  readonly subject: T;
  /** A function is called only once somebody has looked inside. */
  readonly children: readonly Draft<T>[] | (() => readonly Draft<T>[]);
}

/** An element that the editor holds on to: the same object for the same id, as long as it exists. */
export interface Node<T> {
  readonly id: string;
  readonly look: Look;
  readonly subject: T;
  readonly parent: Node<T> | undefined;
}

/** What to redraw: nothing, everything, or these elements with what is below them. */
export type Redraw<T> = 'none' | 'all' | readonly Node<T>[];

interface Entry<T> extends Node<T> {
  draft: Draft<T>;
  look: Look;
  subject: T;
  parent: Entry<T> | undefined;
  /** Undefined until somebody looks inside. */
  children: Entry<T>[] | undefined;
  /** The array that `children` was made from: the same array again means that nothing below changed. */
  source: Draft<T>['children'] | undefined;
}

/**
 * Keeps a tree's elements stable while what they show changes, and says what has to be redrawn and no more.
 * An element that moves to another parent makes it `all`: the editor refuses an id that it meets at two places.
 */
export class StableTree<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly made = new WeakSet();
  private top: Entry<T>[] = [];

  get roots(): readonly Node<T>[] {
    return this.top;
  }

  find(id: string): Node<T> | undefined {
    return this.entries.get(id);
  }

  /** Whether this tree made the value, in the tree or not any more. */
  isNode(value: unknown): value is Node<T> {
    return typeof value === 'object' && value !== null && this.made.has(value);
  }

  /** Children of a node; none where it is not in the tree any more. */
  childrenOf(node: Node<T>): readonly Node<T>[] {
    const entry = this.entries.get(node.id);
    if (!entry) return [];
    entry.children ??= this.open(entry);
    return entry.children;
  }

  /** True once somebody has looked inside. */
  isOpen(id: string): boolean {
    return this.entries.get(id)?.children !== undefined;
  }

  apply(drafts: readonly Draft<T>[]): Redraw<T> {
    const pass = newPass<T>();
    const before = this.top;
    this.top = this.reconcile(undefined, before, drafts, pass);
    // Only now is it known which of them have merely moved.
    for (const { entry, from } of pass.dropped) if (entry.parent === from) this.forget(entry);
    if (pass.moved || !sameSequence(before, this.top)) return 'all';
    return pass.changed.length === 0 ? 'none' : pass.changed;
  }

  private open(entry: Entry<T>): Entry<T>[] {
    const { children } = entry.draft;
    entry.source = children;
    const drafts = typeof children === 'function' ? children() : children;
    return this.reconcile(entry, [], drafts, newPass());
  }

  private reconcile(
    parent: Entry<T> | undefined,
    before: readonly Entry<T>[],
    drafts: readonly Draft<T>[],
    pass: Pass<T>,
  ): Entry<T>[] {
    const after = drafts.map((draft) => this.place(parent, draft, pass));
    const kept = new Set(after);
    for (const entry of before) if (!kept.has(entry)) pass.dropped.push({ entry, from: parent });
    return after;
  }

  private place(parent: Entry<T> | undefined, draft: Draft<T>, pass: Pass<T>): Entry<T> {
    const known = this.entries.get(draft.id);
    if (!known) {
      const { id, look, subject } = draft;
      const entry: Entry<T> = {
        id,
        look,
        subject,
        draft,
        parent,
        children: undefined,
        source: undefined,
      };
      this.entries.set(id, entry);
      this.made.add(entry);
      return entry;
    }
    if (known.parent !== parent) {
      pass.moved = true;
      known.parent = parent;
    }
    if (known.draft !== draft) this.update(known, draft, pass);
    return known;
  }

  private update(entry: Entry<T>, draft: Draft<T>, pass: Pass<T>): void {
    const redrawn = !sameLook(entry.look, draft.look);
    entry.draft = draft;
    entry.look = draft.look;
    entry.subject = draft.subject;
    if (redrawn) pass.changed.push(entry);
    if (entry.children === undefined || entry.source === draft.children) return;
    entry.source = draft.children;
    const drafts = typeof draft.children === 'function' ? draft.children() : draft.children;
    const before = entry.children;
    const below: Pass<T> = { ...pass, changed: [] };
    entry.children = this.reconcile(entry, before, drafts, below);
    pass.moved ||= below.moved;
    // Redrawing an element redraws what is below it: its descendants need no word of their own.
    if (redrawn) return;
    if (sameSequence(before, entry.children)) for (const child of below.changed) pass.changed.push(child);
    else pass.changed.push(entry);
  }

  private forget(entry: Entry<T>): void {
    if (this.entries.get(entry.id) === entry) this.entries.delete(entry.id);
    for (const child of entry.children ?? []) if (child.parent === entry) this.forget(child);
  }
}

interface Pass<T> {
  readonly changed: Node<T>[];
  /** Entries that are no longer where they were. */
  readonly dropped: { readonly entry: Entry<T>; readonly from: Entry<T> | undefined }[];
  moved: boolean;
}

function newPass<T>(): Pass<T> {
  return { changed: [], dropped: [], moved: false };
}

function sameSequence<T>(a: readonly Entry<T>[], b: readonly Entry<T>[]): boolean {
  return a.length === b.length && a.every((entry, i) => entry === b[i]);
}
