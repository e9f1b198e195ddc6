import type { Clock } from '../../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/event';
import type { Translate } from '../../base/text';
import type { Acceptance } from '../../exposure/accept';
import type { CredentialCheck } from '../../exposure/credentials/credential';
import type { Assessment } from '../../exposure/judge';
import { ExposureModel, type ServiceChecker } from '../../exposure/model';
import type { CheckPolicy } from '../../exposure/policy';
import type { Snapshot } from '../../ports/snapshot';

/** Something that has a value now and says when it has another. */
export interface Current<T> {
  readonly current: T;
  readonly onDidChange: Event<unknown>;
}

export interface ExposuresOptions {
  readonly watcher: { readonly snapshot: Snapshot | undefined; readonly onDidChange: Event<unknown> };
  readonly checker: ServiceChecker;
  readonly policy: Current<CheckPolicy>;
  readonly acceptances: Current<readonly Acceptance[]>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
  readonly t: Translate;
}

const DAY_MS = 86_400_000;

/** Follows the listeners and keeps what is known of who can get into each; the same object until that differs. */
export class Exposures implements Disposable {
  private readonly store = new DisposableStore();
  private readonly emitter = this.store.add(new Emitter<undefined>());
  /** The assessments were replaced. */
  readonly onDidChange: Event<undefined> = this.emitter.event;
  private readonly model: ExposureModel;
  private assessments: ReadonlyMap<string, Assessment> = new Map();
  private midnight: Disposable | undefined;

  constructor(private readonly options: ExposuresOptions) {
    const { watcher, policy, acceptances } = options;
    this.model = this.store.add(
      new ExposureModel({
        ...options,
        policy: () => policy.current,
        acceptances: () => acceptances.current,
      }),
    );
    this.store.add(
      this.model.onDidChange((ids) => {
        this.read(ids);
      }),
    );
    const update = (): void => {
      if (watcher.snapshot) this.model.update(watcher.snapshot);
    };
    this.store.add(watcher.onDidChange(update));
    this.store.add(
      policy.onDidChange(() => {
        this.model.reconsider();
      }),
    );
    this.store.add(
      acceptances.onDidChange(() => {
        this.read(this.assessments.keys());
      }),
    );
    this.store.add(
      toDisposable(() => {
        this.midnight?.dispose();
      }),
    );
    this.awaitMidnight();
    update();
  }

  get current(): ReadonlyMap<string, Assessment> {
    return this.assessments;
  }

  isChecking(listenerId: string): boolean {
    return this.model.isChecking(listenerId);
  }

  /** Checks a listener although it was checked, or is not checked by itself. @returns what is known after that. */
  async checkNow(listenerId: string): Promise<Assessment | undefined> {
    this.model.checkNow(listenerId);
    return await this.checked(listenerId);
  }

  /** The account that everybody knows of a listener's service; undefined where there is none. */
  wellKnownAccount(listenerId: string): CredentialCheck | undefined {
    return this.model.wellKnownAccount(listenerId);
  }

  /** The user has read that account's warning and wants it tried. @returns what is known after that. */
  async tryAccount(listenerId: string): Promise<Assessment | undefined> {
    this.model.tryAccount(listenerId);
    return await this.checked(listenerId);
  }

  /** The user is about to close it. */
  expectFix(listenerId: string): void {
    this.model.expectFix(listenerId);
  }

  private async checked(listenerId: string): Promise<Assessment | undefined> {
    while (this.model.isChecking(listenerId) && !this.store.isDisposed) await this.nextChange();
    return this.assessments.get(listenerId);
  }

  /** Resolves when no check is under way or waits its turn. */
  async allChecked(): Promise<void> {
    const busy = (): boolean => [...this.assessments.keys()].some((id) => this.model.isChecking(id));
    while (busy() && !this.store.isDisposed) await this.nextChange();
  }

  dispose(): void {
    this.store.dispose();
  }

  private nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const subscription = this.model.onDidChange(() => {
        subscription.dispose();
        resolve();
      });
    });
  }

  private read(ids: Iterable<string>): void {
    const next = new Map(this.assessments);
    for (const id of ids) {
      const assessment = this.model.assessment(id);
      if (assessment) next.set(id, assessment);
      else next.delete(id);
    }
    this.assessments = next;
    this.emitter.fire(undefined);
  }

  /** Acceptances end with a day, in UTC. */
  private awaitMidnight(): void {
    const { clock } = this.options;
    const now = clock.now();
    this.midnight = clock.after(DAY_MS - (now % DAY_MS), () => {
      this.read(this.assessments.keys());
      this.awaitMidnight();
    });
  }
}
