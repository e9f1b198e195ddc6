import type { Event } from '../base/event';
import type { Snapshot } from '../ports/snapshot';

/**
 * What `activate` gives to other extensions:
 * `vscode.extensions.getExtension('portlight.portlight').activate()`.
 */
export interface PortlightApi {
  readonly version: 1;
  /** Everything that listened when Portlight last looked; undefined before the first look. Not to be changed. */
  snapshot(): Snapshot | undefined;
  /** After a snapshot, or the reason why there is none, has changed. */
  readonly onDidChange: Event<unknown>;
  /** Looks now. Resolves when that look has ended; `snapshot` tells. */
  refresh(): Promise<void>;
}
