/** Round-trip time of one host, RFC 6298 with a floor of our own. Times in ms. */
export class RoundTrip {
  private smoothed = 0;
  private variation = 0;
  private samples = 0;

  get latency(): number | undefined {
    return this.samples > 0 ? this.smoothed : undefined;
  }

  sample(ms: number): void {
    if (this.samples++ === 0) {
      this.smoothed = ms;
      this.variation = ms / 2;
      return;
    }
    this.variation += (Math.abs(ms - this.smoothed) - this.variation) / 4;
    this.smoothed += (ms - this.smoothed) / 8;
  }

  /** How long to wait for the answer to try number `attempt` (0 is the first). */
  timeout(
    attempt: number,
    profile: { initialTimeout: number; minTimeout: number; maxTimeout: number },
  ): number {
    const base =
      this.samples === 0
        ? profile.initialTimeout
        : Math.max(profile.minTimeout, this.smoothed + 4 * this.variation);
    return Math.max(base, Math.min(base * 2 ** attempt, profile.maxTimeout));
  }
}
