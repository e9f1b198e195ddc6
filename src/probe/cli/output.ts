import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;

/**
 * Prints to standard output, and waits for a slow reader, like Node's stream for pipes and terminals; but without
 * that stream: loading it, and the networking that it brings, would be a twentieth of a short scan.
 */
export class Output {
  private closed = false;

  /** @param onClosed The reader has gone: nothing more is printed. */
  constructor(private readonly onClosed: () => void = () => undefined) {}

  print(text: string): void {
    if (this.closed) return;
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(STANDARD_OUTPUT, bytes, written);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // Somebody else has made it non-blocking; Node's stream makes it blocking again.
      if (code === 'EAGAIN') process.stdout.write(bytes.subarray(written));
      else if (code === 'EPIPE') {
        this.closed = true;
        this.onClosed();
      } else throw error;
    }
  }
}
