import type { Severity } from '../../exposure/severity';
import type { Icon } from '../views/look';
import type { Draft } from '../views/stableTree';
import type { Subject } from '../views/subject';

/** Who can get into a listener, as the views show it: of exposures they know no more than this. */
export interface ExposureRow {
  readonly severity: Severity;
  /** Undefined where there is nothing to say. */
  readonly words: string | undefined;
  /** Undefined where the row keeps the icon that it has without a verdict. */
  readonly icon: Icon | undefined;
  /** What can be done about it: the menus of package.json match these words. */
  readonly traits: readonly string[];
  /** For the tooltip. */
  readonly paragraphs: readonly string[];
  /** What stands below the row. */
  readonly branches: () => readonly Draft<Subject>[];
}

/** Whether somebody should look at it today: it stands in a group of its own, and the badge counts it. */
export function needsAttention(exposure: { readonly severity: Severity } | undefined): boolean {
  return exposure?.severity === 'critical' || exposure?.severity === 'high';
}
