import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { needsCommand, needsLinux, needsRoot } from './support/lab';
import type { TortureResult } from './torture';

const TICKS = Number(process.env['PORTLIGHT_TORTURE_TICKS'] ?? 300);
const SEED = Number(process.env['PORTLIGHT_TORTURE_SEED'] ?? Date.now() % 1_000_000);

describe('the reader under torture', () => {
  before(function () {
    needsLinux(this);
    needsRoot(this);
    for (const command of ['unshare', 'ss', 'ip', 'perl']) needsCommand(this, command);
  });

  it(`agrees with ss after each of ${TICKS} ticks of changing sockets`, async function () {
    this.timeout(60_000 + TICKS * 1000);
    const program = path.join(__dirname, 'torture.ts');
    const { stdout } = await promisify(execFile)(
      'unshare',
      ['--net', process.execPath, '--import', 'tsx', program, String(TICKS), String(SEED)],
      { timeout: 30_000 + TICKS * 1000 },
    );
    const result = JSON.parse(stdout) as TortureResult;
    const { changes, wrongSockets, wrongOwners, longestWrong, wrongAfterHealing, examples } = result;
    console.log(
      `      seed ${SEED}: ${TICKS} ticks, ${changes} with changes; wrong sockets after ${wrongSockets}, ` +
        `holders of a fork not yet seen after ${wrongOwners} (at most ${longestWrong} in a row), ` +
        `wrong after healing: ${wrongAfterHealing}`,
    );
    assert.ok(changes > TICKS / 2, 'there was hardly any change');
    assert.equal(wrongSockets, 0, examples.join('\n'));
    assert.equal(wrongAfterHealing, 0, examples.join('\n'));
  });
});
