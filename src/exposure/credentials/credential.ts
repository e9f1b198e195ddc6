import type { Translate } from '../../base/text';
import type { Check } from '../check';

/**
 * Tries an account that everybody knows. The server may write it down, count it or lock it, so that such a check never
 * runs by itself: only when the user asks for this very one, after its warning.
 */
export interface CredentialCheck extends Check {
  /** `anonymous`, `root without a password`. */
  readonly account: string;
  /** What the user must have read before. */
  readonly warning: (t: Translate) => string;
}
