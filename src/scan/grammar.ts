/** Where a text that the user typed is wrong: UTF-16 offset and length within it (0 long where something is missing). */
export interface GrammarError {
  readonly offset: number;
  readonly length: number;
  /** One sentence, in the user's language. */
  readonly message: string;
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly GrammarError[] };

/** A piece of a text with its place in it. */
export interface Token {
  readonly text: string;
  readonly offset: number;
}

/** Cuts at separators; the pieces keep their places. Empty pieces are kept where `keepEmpty` is set. */
export function tokens(text: string, separator: RegExp, base = 0): Token[] {
  const found: Token[] = [];
  let start = 0;
  for (const match of text.matchAll(separator)) {
    found.push({ text: text.slice(start, match.index), offset: base + start });
    start = match.index + match[0].length;
  }
  found.push({ text: text.slice(start), offset: base + start });
  return found;
}

export function errorAt(token: Token, message: string): GrammarError {
  return { offset: token.offset, length: token.text.length, message };
}
