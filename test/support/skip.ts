import type Mocha from 'mocha';

/**
 * Skips this test (or, in a `before` hook, this suite), naming what is missing: `skip(this, 'needs root')`. The
 * reason is listed at the end of the run. With PORTLIGHT_NO_SKIP=1, as in CI, a skip is a failure.
 */
export function skip(context: Mocha.Context, reason: string): never {
  if (process.env['PORTLIGHT_NO_SKIP'] === '1') {
    throw new Error(`Skipping is not allowed here (PORTLIGHT_NO_SKIP=1): ${reason}`);
  }
  const runnable = context.runnable() as Mocha.Hook | Mocha.Test;
  const skipped = runnable.type === 'hook' ? runnable.parent : runnable;
  if (skipped !== undefined) reasons.set(skipped, reason);
  context.skip();
}

const reasons = new WeakMap<Mocha.Runnable | Mocha.Suite, string>();

/** Why a pending test was skipped: said by itself, or by a suite around it. */
export function skipReason(test: Mocha.Runnable): string {
  const own = reasons.get(test);
  if (own !== undefined) return own;
  for (let suite = test.parent; suite !== undefined; suite = suite.parent) {
    const reason = reasons.get(suite);
    if (reason !== undefined) return reason;
  }
  return 'no reason given';
}
