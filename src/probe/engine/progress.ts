import type { ScanEvent } from '../../scan/report';

const EVERY_MS = 250;
/** Earlier than this an estimate of what is left would jump about. */
const ESTIMATE_AFTER_MS = 1_000;

/** Counts what has been done over all passes of a scan, and tells of it four times a second. */
export class Progress {
  private timer: ReturnType<typeof setInterval> | undefined;
  private current: { readonly decided: number; readonly sent: number } | undefined;
  private doneBefore = 0;
  private sentBefore = 0;
  private open = 0;
  private startedAt = 0;
  private last = { at: 0, sent: 0 };

  constructor(
    private readonly total: number,
    private readonly onEvent: (event: ScanEvent) => void,
  ) {}

  get sent(): number {
    return this.sentBefore + (this.current?.sent ?? 0);
  }

  start(): void {
    this.startedAt = performance.now();
    this.last = { at: this.startedAt, sent: 0 };
    this.timer = setInterval(() => {
      this.tell();
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.tell();
  }

  onOpen(): void {
    this.open++;
  }

  /** Probes that need not be sent: their host is down. */
  skip(count: number): void {
    this.doneBefore += count;
  }

  /** Follows a pass. The probes of a discovery count as sent, not as done. */
  watch(pass: { readonly decided: number; readonly sent: number }, counts = true): void {
    this.current = counts
      ? pass
      : {
          decided: 0,
          get sent() {
            return pass.sent;
          },
        };
  }

  unwatch(pass: { readonly decided: number; readonly sent: number }, counts = true): void {
    if (counts) this.doneBefore += pass.decided;
    this.sentBefore += pass.sent;
    this.current = undefined;
  }

  private tell(): void {
    const now = performance.now();
    const done = Math.min(this.total, this.doneBefore + (this.current?.decided ?? 0));
    const rate = Math.round(((this.sent - this.last.sent) * 1000) / Math.max(1, now - this.last.at));
    this.last = { at: now, sent: this.sent };
    const elapsed = now - this.startedAt;
    const known = elapsed >= ESTIMATE_AFTER_MS && done > 0;
    this.onEvent({
      kind: 'progress',
      progress: {
        done,
        total: this.total,
        rate,
        open: this.open,
        ...(known ? { secondsLeft: Math.round(((this.total - done) * elapsed) / done / 1000) } : {}),
      },
    });
  }
}
