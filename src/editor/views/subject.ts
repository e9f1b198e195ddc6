import type { BelongsTo } from '../../ownership/project';
import type { Endpoint } from '../../ports/endpoint';
import type { Process } from '../../ports/owner';

/** What an element of the tree stands for. Commands look the listener up again: the row may be gone by then. */
export type Subject =
  /** `hideAs`: what it is called in the setting for hidden groups, where it can be hidden. */
  | { readonly kind: 'group'; readonly hideAs?: BelongsTo }
  | { readonly kind: 'listener'; readonly listenerId: string }
  | { readonly kind: 'endpoint'; readonly listenerId: string; readonly endpoint: Endpoint }
  /** One of the processes behind a listener. */
  | { readonly kind: 'process'; readonly listenerId: string; readonly process: Process }
  | { readonly kind: 'connections'; readonly listenerId: string }
  /** Something to read. `text` is the whole of it where the label shows a part. */
  | { readonly kind: 'fact'; readonly listenerId: string; readonly text?: string }
  /** Something that this user may not see, and the command that shows it to an administrator. */
  | { readonly kind: 'limit'; readonly command?: string };

/** The listener that the element belongs to. */
export function listenerIdOf(subject: Subject): string | undefined {
  return 'listenerId' in subject ? subject.listenerId : undefined;
}
