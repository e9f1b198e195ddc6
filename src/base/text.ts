/**
 * Makes text that other people wrote (process names, command lines, banners) safe to show on one line:
 * control and format characters (Unicode Cc, Cf: escapes, bidirectional overrides, zero width) and line separators
 * become `�`, and the text is cut to `limit` UTF-16 units with an ellipsis.
 */
export function plainText(text: string, limit = 4096): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
}

/**
 * Turns an English message with `{0}`, `{1}`, … into the user's language. `vscode.l10n.t` in the editor, and
 * `english` elsewhere. The message at every call is a literal, so that a check can compare the calls to l10n/.
 */
export type Translate = (message: string, ...args: (string | number)[]) => string;

export const english: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/gu, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
