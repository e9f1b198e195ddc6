import type { GraceAnswer, GraceOver, StopOptions } from './options';

interface Asked {
  readonly moot: AbortController;
  /** Absent while the answer is awaited. */
  result?: { readonly answer: GraceAnswer } | { readonly error: unknown };
}

/** The question of what to do when the grace period is over. It becomes moot where everything ends before the answer. */
export class GraceQuestion {
  private asked: Asked | undefined;

  /** @param onAnswer called when an answer (or a failure to get one) is there */
  constructor(
    private readonly onGraceOver: StopOptions['onGraceOver'],
    private readonly onAnswer: () => void,
  ) {}

  get isOpen(): boolean {
    return this.asked !== undefined;
  }

  ask(still: GraceOver): void {
    const asked: Asked = { moot: new AbortController() };
    this.asked = asked;
    this.onGraceOver(still, asked.moot.signal)
      .then(
        (answer) => {
          asked.result = { answer };
        },
        (error: unknown) => {
          asked.result = { error };
        },
      )
      .finally(this.onAnswer);
  }

  /** The answer, once; undefined while there is none. @throws what the asking threw */
  takeAnswer(): GraceAnswer | undefined {
    const result = this.asked?.result;
    if (result === undefined) return undefined;
    this.asked = undefined;
    if ('error' in result) throw result.error;
    return result.answer;
  }

  /** Nobody waits for the answer any more. */
  close(): void {
    this.asked?.moot.abort();
    this.asked = undefined;
  }
}
