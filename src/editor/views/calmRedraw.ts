import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { Node, Redraw } from './stableTree';

/** Longer than an answer and the next question take, over SSH too. */
const CALM_MS = 250;

/**
 * Passes on what is to be redrawn, but not while the editor unfolds something: what comes meanwhile waits until it has
 * asked for no children for a moment. VS Code asks for the children of several elements at once, and mixes up the
 * answers where a redraw makes it ask for more just then (seen in 1.139): rows stayed empty, or got those of others.
 */
export class CalmRedraw<T> implements Disposable {
  private pending: 'all' | Set<Node<T>> | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;
  private timer: Disposable | undefined;

  /** @param fire undefined for everything */
  constructor(
    private readonly clock: Clock,
    private readonly fire: (nodes: Node<T>[] | undefined) => void,
  ) {}

  /** The editor asks for children. */
  asked(): void {
    this.askedAt = this.clock.now();
  }

  redraw(what: Redraw<T>): void {
    if (what === 'none') return;
    if (what === 'all' || this.pending === 'all') this.pending = 'all';
    else this.pending = new Set([...(this.pending ?? []), ...what]);
    this.pass();
  }

  dispose(): void {
    this.timer?.dispose();
    this.pending = undefined;
  }

  private pass(): void {
    this.timer?.dispose();
    const { pending } = this;
    if (pending === undefined) return;
    const wait = this.askedAt + CALM_MS - this.clock.now();
    if (wait > 0) {
      this.timer = this.clock.after(wait, () => {
        this.pass();
      });
      return;
    }
    this.pending = undefined;
    this.fire(pending === 'all' ? undefined : [...pending]);
  }
}
