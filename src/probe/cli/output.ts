import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;

/**
 * Prints to standard output, and waits for a slow reader; but without Node's stream: loading that, and the networking
 * that it brings, would be a twentieth of a short scan.
 */
export class Output {
  private closed = false;
  private stream: NodeJS.WritableStream | undefined;

  /** @param onClosed The reader has gone: nothing more is printed. */
  constructor(private readonly onClosed: () => void) {}

  print(text: string): void {
    if (this.closed) return;
    if (this.stream !== undefined) {
      this.stream.write(text);
      return;
    }
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(STANDARD_OUTPUT, bytes, written);
    } catch (error) {
      // Whoever started us has made it non-blocking: from here on Node's stream waits for the reader.
      if (codeOf(error) === 'EAGAIN') this.openStream().write(bytes.subarray(written));
      else this.fail(error);
    }
  }

  private openStream(): NodeJS.WritableStream {
    const stream = process.stdout;
    stream.on('error', (error) => {
      this.fail(error);
    });
    this.stream = stream;
    return stream;
  }

  private fail(error: unknown): void {
    if (codeOf(error) !== 'EPIPE') throw error;
    this.closed = true;
    this.onClosed();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
