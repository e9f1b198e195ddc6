import type { ConnectionSummary } from '../../ports/connections';
import type { SnapshotDelta } from '../../ports/snapshot';
import type { ListenerSource, RefreshDepth } from '../../ports/source';
import type { WorkerClient } from '../client';
import type { LinuxRequests } from './requests';

/** The worker's snapshots, as one unbroken line of changes even where the worker was restarted in between. */
export class LinuxSource implements ListenerSource {
  private session = 0;
  /** Ids that the caller has and was not yet told are gone. */
  private readonly given = new Set<string>();

  constructor(private readonly client: WorkerClient<LinuxRequests>) {}

  async refresh(depth: RefreshDepth): Promise<SnapshotDelta | undefined> {
    const { value: delta, session } = await this.client.request('refresh', depth);
    if (delta === undefined) return undefined;
    const removed = new Set(delta.removed);
    if (session !== this.session) {
      // A new worker tells everything that is there; what is gone since the old one's last word, only we can know.
      this.session = session;
      for (const id of this.given) removed.add(id);
      for (const { id } of delta.changed) removed.delete(id);
    }
    for (const id of removed) this.given.delete(id);
    for (const { id } of delta.changed) this.given.add(id);
    return { ...delta, removed: [...removed] };
  }

  async connections(listenerId: string): Promise<ConnectionSummary | undefined> {
    return (await this.client.request('connections', listenerId)).value;
  }
}
