import type { Translate } from '../../base/text';
import type { PortState } from '../../scan/states';
import type { HostSort } from '../../scan/summary';
import type { Icon, Look } from '../views/look';
import type { Draft } from '../views/stableTree';
import type { ScanSubject } from './scanSubject';

export type ScanDraft = Draft<ScanSubject>;

export interface DraftContext {
  readonly states: ReadonlySet<PortState>;
  readonly sort: HostSort;
  readonly formatTime: (ms: number) => string;
  readonly t: Translate;
}

/** A line under a session that says something and has no menu of its own. */
export function fact(
  id: string,
  key: string,
  label: string,
  description: string | undefined,
  icon: string,
): ScanDraft {
  return {
    id: `scan:${id}/${key}`,
    look: look(label, description, { id: icon }, 'fact', 'leaf'),
    subject: { kind: 'fact', sessionId: id },
    children: [],
  };
}

/** A row whose spoken words are its written ones. */
export function look(
  label: string,
  description: string | undefined,
  icon: Icon,
  traits: string,
  expand: Look['expand'],
): Look {
  return {
    label,
    ...(description !== undefined && description !== '' && { description }),
    icon,
    spoken: description === undefined || description === '' ? label : `${label}, ${description}`,
    traits,
    expand,
  };
}
