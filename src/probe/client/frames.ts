import { Transform, type TransformCallback } from 'node:stream';

const HEADER_MAX = 256;
const BODY_MAX = 64 * 1024 * 1024;
const END = Buffer.from('\r\n\r\n');

/**
 * Lets framed messages through and nothing else: a program that prints something else on its stdout, or a line
 * without end, is an error at once, and never a buffer that grows.
 */
export class FrameGuard extends Transform {
  private header = Buffer.alloc(0);
  /** Bytes of the message that are still to come. */
  private body = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.body > 0) {
        const part = rest.subarray(0, this.body);
        this.body -= part.length;
        this.push(part);
        rest = rest.subarray(part.length);
        continue;
      }
      this.header = Buffer.concat([this.header, rest.subarray(0, HEADER_MAX)]);
      const taken = this.header.indexOf(END);
      const problem = this.problem(taken);
      if (problem !== undefined) {
        done(new Error(problem));
        return;
      }
      if (taken < 0) {
        rest = rest.subarray(HEADER_MAX);
        continue;
      }
      const used = taken + END.length - (this.header.length - Math.min(rest.length, HEADER_MAX));
      this.body = Number(/Content-Length: (\d+)/u.exec(this.header.toString('latin1'))?.[1]);
      this.push(this.header.subarray(0, taken + END.length));
      this.header = Buffer.alloc(0);
      rest = rest.subarray(used);
    }
    done();
  }

  private problem(end: number): string | undefined {
    const text = this.header.subarray(0, end < 0 ? HEADER_MAX : end).toString('latin1');
    if (!'Content-Length: '.startsWith(text.slice(0, 16)) || (end < 0 && this.header.length > HEADER_MAX))
      return `Its output is no message: ${JSON.stringify(text.slice(0, 60))}`;
    if (end < 0) return undefined;
    const length = Number(/^Content-Length: (\d+)$/u.exec(text)?.[1]);
    return length <= BODY_MAX ? undefined : `Its message has no usable length: ${JSON.stringify(text)}`;
  }
}
