import type { Clock } from '../base/clock';

/** Waits that can be cut short. */
export class Sleeper {
  private wakeUp: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  /** Resolves after `ms`, or at `wake`, whichever is first. */
  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.clock.after(ms, resolve);
      this.wakeUp = () => {
        timer.dispose();
        resolve();
      };
    });
    this.wakeUp = undefined;
  }

  readonly wake = (): void => {
    this.wakeUp?.();
  };
}
