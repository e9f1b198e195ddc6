/** One line of a file, and what stands there instead. */
export interface LineFix {
  /** From 1. */
  readonly line: number;
  readonly before: string;
  /** Without a line end; may be two lines. */
  readonly after: string;
}

/** A file that may say why a listener is open; whether it exists, and what it says, is for the caller to read. */
export interface FixCandidate {
  readonly file: string;
  /** @returns undefined where this file is not the reason. */
  locate(text: string): LineFix | undefined;
}
