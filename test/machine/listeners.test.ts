import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import type { ListenersJson } from '../../src/ports/document';
import { inLab, needsCommand, needsLinux } from './support/lab';

const root = path.resolve(__dirname, '../..');

/** `npm run --silent listeners -- …`: the command that README and CONTRIBUTING name. */
function listeners(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
    execFile('npm', ['run', '--silent', 'listeners', '--', ...args], options, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        stdout,
        stderr,
      });
    });
  });
}

describe('npm run listeners', () => {
  before(function () {
    needsLinux(this);
    needsCommand(this, 'perl');
  });

  it(
    'prints one JSON object with a server that runs',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const { code, stdout } = await listeners('--json');
      assert.equal(code, 0);
      const json = JSON.parse(stdout) as ListenersJson;
      const row = json.listeners.find((listener) => listener.port === port);
      assert.ok(row?.owner.kind === 'exact');
      assert.equal(row.owner.process.pid, actor.pid);
      assert.ok(Math.abs(Date.parse(row.owner.process.startTime) - Date.now()) < 120_000);
    }),
  );

  it(
    'prints a table with the same server, and no control character of its command line',
    inLab(async (lab) => {
      const actor = await lab.actor();
      const port = await actor.listen('a', 4, '127.0.0.1');
      const { code, stdout } = await listeners();
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^tcp +127\\.0\\.0\\.1:${port} +localhost +${actor.pid} .*perl`, 'm'));
      assert.doesNotMatch(stdout.replace(/\n/g, ''), /\p{Cc}/u);
    }),
  );

  it('helps, and refuses what it does not know with status 2', async () => {
    const help = await listeners('--help');
    assert.equal(help.code, 0);
    assert.match(help.stdout, /--json/);
    const wrong = await listeners('--jsno');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Unknown argument: "--jsno"/);
    assert.equal(wrong.stdout, '');
  });
});
