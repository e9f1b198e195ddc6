import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { ExposureParts, ExposurePartsOptions } from './exposureParts';
import type { ExposureRow } from './exposureRow';
import type { Current } from './exposures';

const NONE: ReadonlyMap<string, ExposureRow> = new Map();

/** Who can get in. What judges it is loaded with the first listeners: an editor that starts has none yet. */
export class LazyExposure implements Current<ReadonlyMap<string, ExposureRow>>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<undefined>());
  readonly onDidChange = this.changed.event;
  private loading: Promise<ExposureParts> | undefined;
  private parts: ExposureParts | undefined;

  constructor(private readonly options: ExposurePartsOptions) {
    const { watcher, onError } = options;
    const first = this.store.add(
      watcher.onDidChange(() => {
        if (!watcher.snapshot) return;
        first.dispose();
        this.load().catch(onError);
      }),
    );
  }

  get current(): ReadonlyMap<string, ExposureRow> {
    return this.parts?.rows ?? NONE;
  }

  load(): Promise<ExposureParts> {
    this.loading ??= import('./exposureParts').then(({ ExposureParts }) => {
      const parts = this.store.add(new ExposureParts(this.options));
      this.parts = parts;
      const tell = (): void => {
        this.changed.fire(undefined);
      };
      this.store.add(parts.exposures.onDidChange(tell));
      tell();
      return parts;
    });
    return this.loading;
  }

  dispose(): void {
    this.store.dispose();
  }
}
