import type { Draft } from './stableTree';

const INDENT = '  ';

/** A tree as lines of plain text, everything unfolded: `label: description`, two blanks a level. */
export function asText<T>(drafts: readonly Draft<T>[], depth = 0): string[] {
  return drafts.flatMap(({ look, children }) => {
    const line = look.description === undefined ? look.label : `${look.label}: ${look.description}`;
    const below = typeof children === 'function' ? children() : children;
    return [INDENT.repeat(depth) + line, ...asText(below, depth + 1)];
  });
}
