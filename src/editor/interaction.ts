/** A question that must be answered before anything goes on. */
export interface Question {
  readonly message: string;
  /** Further lines below the message. */
  readonly detail: string;
  readonly severity: 'warning' | 'information';
}

export interface Answer<T> {
  readonly label: string;
  readonly value: T;
}

/** A message that the user may read later, with what can be done about it. */
export interface Notice {
  readonly kind: 'information' | 'warning' | 'error';
  readonly message: string;
  readonly actions?: readonly NoticeAction[];
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => unknown;
}

/**
 * Talks to the user. Given to whatever asks, because the editor refuses modal dialogs while it runs tests; the product
 * has one implementation, and no setting or argument goes around it.
 */
export interface Interaction {
  /** @returns undefined where the user cancels. */
  ask<T>(question: Question, answers: readonly Answer<T>[]): Promise<T | undefined>;
  /** As `ask`, but not modal, and withdrawn when `moot` is aborted. @returns undefined then, and where it is cancelled. */
  choose<T>(title: string, answers: readonly Answer<T>[], moot: AbortSignal): Promise<T | undefined>;
  tell(notice: Notice): void;
  /** Shows that `task` runs; the signal is set when the user cancels it. */
  progress<T>(
    title: string,
    task: (report: (text: string) => void, cancel: AbortSignal) => Promise<T>,
  ): Promise<T>;
}
