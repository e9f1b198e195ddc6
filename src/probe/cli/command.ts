/** What `portlight-probe NAME` does. */
export interface Command {
  readonly help: string;
  /** @returns the exit code. */
  run(argv: readonly string[]): Promise<number>;
}
