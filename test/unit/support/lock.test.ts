import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { withLock } from '../../support/lock';
import { skip } from '../../support/skip';

describe('withLock', () => {
  before(function () {
    if (process.platform !== 'linux') skip(this, "the abstract socket namespace is Linux's");
  });

  it('lets one in at a time, and the next when the first is done or has failed', async () => {
    const name = `test ${process.pid}`;
    const seen: string[] = [];
    const enter = (who: string, fails = false) =>
      withLock(name, async () => {
        seen.push(`${who} in`);
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`${who} out`);
        if (fails) throw new Error('fails');
      });
    const first = enter('first', true);
    const second = enter('second');
    await assert.rejects(first, /fails/);
    await second;
    assert.deepEqual(seen, ['first in', 'first out', 'second in', 'second out']);
  });

  it('is free again when its holder is killed', async () => {
    const name = `killed ${process.pid}`;
    const lock = JSON.stringify(path.resolve(__dirname, '../../support/lock'));
    const source = `require(${lock}).withLock(${JSON.stringify(name)}, () => new Promise(() => console.log('held')));`;
    const holder = spawn(process.execPath, ['--require', 'tsx', '--eval', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const waiting = withLock(name, () => Promise.resolve('mine'));
    holder.kill('SIGKILL');
    assert.equal(await waiting, 'mine');
  });
});
