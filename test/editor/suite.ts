import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import ResultsReporter from '../support/reporter';

/** VS Code calls this in its extension host; a rejection makes its exit code non-zero. */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    color: true,
    timeout: 20_000,
    retries: 1,
    reporter: ResultsReporter,
    reporterOptions: { results: process.env['PORTLIGHT_MOCHA_RESULTS'] },
  });
  const grep = process.env['PORTLIGHT_MOCHA_GREP'];
  if (grep !== undefined) mocha.grep(grep);
  for (const name of readdirSync(__dirname)) {
    if (name.endsWith('.test.js')) mocha.addFile(path.join(__dirname, name));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
