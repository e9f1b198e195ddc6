/** One line of a conversation. */
export interface TranscriptLine {
  readonly from: 'server' | 'us' | 'note';
  readonly text: string;
}

/** More lines than this are forgotten, the oldest first: a server may talk for ever. */
const MOST_LINES = 500;
const MOST_UNITS = 2000;

/** Lines as they come: UTF-8 with what is none of it replaced, a line that goes on is shown while it grows. */
export class Transcript {
  private readonly kept: { from: TranscriptLine['from']; text: string }[] = [];
  private readonly decoder = new TextDecoder();
  private open = false;

  get lines(): readonly TranscriptLine[] {
    return this.kept;
  }

  add(from: TranscriptLine['from'], text: string): void {
    this.open = false;
    this.push(from, text);
  }

  receive(bytes: Uint8Array): void {
    const pieces = this.decoder.decode(bytes, { stream: true }).split(/\r?\n/u);
    pieces.forEach((piece, index) => {
      const last = this.kept.at(-1);
      if (index === 0 && this.open && last !== undefined)
        last.text = (last.text + piece).slice(0, MOST_UNITS);
      else if (index < pieces.length - 1 || piece !== '') this.push('server', piece.slice(0, MOST_UNITS));
    });
    this.open = pieces.at(-1) !== '';
  }

  private push(from: TranscriptLine['from'], text: string): void {
    this.kept.push({ from, text });
    if (this.kept.length > MOST_LINES) this.kept.shift();
  }

  /** As telnet would show it, the sent lines behind `> `. */
  asText(): string {
    return this.kept.map(({ from, text }) => (from === 'us' ? `> ${text}` : text)).join('\n');
  }
}
