import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { Remark, Results } from './results';
import { skipReason } from './skip';

/** Mocha's spec reporter, which also writes a {@link Results} to the file named by its option `results`. */
export default class ResultsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { results: file } = options.reporterOptions as { readonly results: string };
    const failed: Remark[] = [];
    const skipped: Remark[] = [];
    const retried: Remark[] = [];
    let passed = 0;
    runner.on('pass', () => passed++);
    runner.on('fail', (test, error: Error) => failed.push(remark(test, error)));
    runner.on('retry', (test: Mocha.Test, error: Error) => retried.push(remark(test, error)));
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), reason: skipReason(test) }));
    runner.on('end', () => {
      writeFileSync(file, JSON.stringify({ passed, failed, skipped, retried } satisfies Results));
    });
  }
}

const remark = (test: Mocha.Runnable, { message }: Error): Remark => ({
  title: test.fullTitle(),
  reason: message,
});
