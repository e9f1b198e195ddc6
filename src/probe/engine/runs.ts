import { HostRun } from './host';
import type { PassPlan } from './plan';

/** Cells of all hosts under way: what bounds the memory of a scan, whatever its size. */
const CELLS_MAX = 4_194_304;
const RUNS_MAX = 1_024;

/** The hosts under way. A place is a host's number in the addon's table; it is given to another once it is free. */
export class Runs {
  readonly all: HostRun[] = [];
  private readonly byPlace: (HostRun | undefined)[] = [];
  private readonly freePlaces: number[];
  private cursor = 0;
  private askedAll = false;

  constructor(private readonly plan: PassPlan) {
    const places = Math.max(1, Math.min(RUNS_MAX, Math.floor(CELLS_MAX / Math.max(1, plan.cells))));
    this.freePlaces = Array.from({ length: places }, (_, index) => places - 1 - index);
  }

  /** Nothing is under way, and nothing will come. */
  get exhausted(): boolean {
    return this.askedAll && this.all.length === 0;
  }

  at(place: number): HostRun | undefined {
    return this.byPlace[place];
  }

  /** The next host, where there is room for it. */
  admit(): HostRun | undefined {
    const place = this.askedAll ? undefined : this.freePlaces.at(-1);
    if (place === undefined) return undefined;
    const host = this.plan.nextHost();
    if (host === undefined) {
      this.askedAll = true;
      return undefined;
    }
    this.freePlaces.pop();
    const { cells, profile, random } = this.plan;
    // The first one starts where the order does, so that no more of it is drawn than it needs.
    const offset = this.byPlace.length === 0 ? 0 : Math.floor(random() * cells);
    const run = new HostRun(place, host, cells, offset, profile);
    this.byPlace[place] = run;
    this.all.push(run);
    return run;
  }

  /** Hosts take turns. */
  nextInTurn(): HostRun | undefined {
    if (this.cursor >= this.all.length) this.cursor = 0;
    return this.all[this.cursor++];
  }

  /** Hosts whose cells are all decided; they keep their place until `release`. */
  removeDone(): HostRun[] {
    const done: HostRun[] = [];
    for (let index = this.all.length - 1; index >= 0; index--) {
      const run = this.all[index];
      if (run?.done !== true) continue;
      const last = this.all.pop();
      if (last !== undefined && last !== run) this.all[index] = last;
      done.push(run);
    }
    return done;
  }

  removeAll(): HostRun[] {
    return this.all.splice(0);
  }

  release(run: HostRun): void {
    this.byPlace[run.place] = undefined;
    this.freePlaces.push(run.place);
  }
}
