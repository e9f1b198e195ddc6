import type { Rule } from '../subject';
import { backdoorRule } from './backdoor';
import { closedRule } from './closed';
import { debuggerRule } from './debugger';
import { developerRule } from './developer';
import { executableRule } from './executable';
import { openRule } from './open';
import { undecidedRule } from './undecided';
import { wrongPortRule } from './wrongPort';

/** Every rule. A new one is a file in this folder and a line here. */
export const rules: readonly Rule[] = [
  openRule,
  debuggerRule,
  developerRule,
  undecidedRule,
  backdoorRule,
  executableRule,
  wrongPortRule,
  closedRule,
];
