import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { useSession } from './session';

describe('an ordinary user, on a machine where nothing listens, in high contrast', () => {
  const session = useSession({
    secluded: true,
    // The terminal's rows are text in the page only where no graphics card draws them.
    settings: {
      'workbench.colorTheme': 'Default High Contrast',
      'terminal.integrated.gpuAcceleration': 'off',
      // Which one is the default is chosen by hand: here it would stand above the user's choice.
      'terminal.integrated.profiles.linux': {
        bash: { path: '/bin/bash' },
        'no login': { path: '/usr/sbin/nologin' },
      },
    },
  });

  const inside = async (command: string, ...args: readonly string[]): Promise<void> => {
    const [code] = (await once(session().inside(command, ...args), 'exit')) as [number];
    assert.equal(code, 0, `${command} ${args.join(' ')}`);
  };

  it('is told that nothing listens, and offered what helps', async () => {
    const { workbench } = session();
    await workbench.runCommand('Portlight: Open Listeners View');
    await workbench.welcome.getByText('Nothing listens on this machine.').waitFor();
    for (const name of ['Refresh', 'Find a Free Port…']) {
      assert.equal(await workbench.welcome.getByRole('button', { name }).count(), 1, name);
    }
    await workbench.picture('state-empty');
  });

  it('is told that this machine cannot be read, and it is again when it can', async () => {
    // What is open already stays readable: only a new window meets a machine without /proc.
    await inside('mount', '-t', 'tmpfs', 'none', '/proc');
    try {
      await session().openWindow();
      await session().workbench.runCommand('Portlight: Open Listeners View');
      await session()
        .workbench.welcome.getByText('The listeners of this machine could not be read.')
        .waitFor();
      await session().workbench.picture('state-failed');
    } finally {
      await inside('umount', '-n', '/proc');
    }
    const { workbench } = session();
    await workbench.welcome.getByRole('button', { name: 'Try Again' }).click();
    await workbench.welcome.getByText('Nothing listens on this machine.').waitFor();
  });

  describe("beside root's listener", () => {
    let server: ChildProcess;
    let port: number;

    before(async () => {
      const source = `const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))`;
      server = session().inside(process.execPath, '-e', source);
      port = await firstNumber(server);
      await session().workbench.runCommand('Portlight: Refresh');
    });
    after(() => {
      server.kill();
    });

    it('sees its row without the owner, and the command that shows more', async () => {
      const { workbench } = session();
      await workbench
        .row(/^The owner of 1 listener is hidden from this user, to see more: sudo ss/)
        .waitFor();
      const row = workbench.listener(port);
      await workbench.expand(row);
      await workbench.row(/^Belongs to another user: uid 0 \(root\)\. Run “sudo ss -tlnp/).waitFor();
      await row.click({ button: 'right' });
      await workbench.menuItem('Hide Rows Like This…').waitFor();
      await workbench.picture('state-limited');
      for (const cannot of ['Stop…', 'Copy PID', 'Reveal in Terminal']) {
        assert.equal(await workbench.menuItem(cannot).count(), 0, cannot);
      }
      await workbench.page.keyboard.press('Escape');
    });

    /** Chooses what terminals run, and waits until the editor has stored it: until then they run what they ran. */
    const chooseProfile = async (name: string, option: RegExp): Promise<void> => {
      const { workbench, profile } = session();
      await workbench.runCommand('Terminal: Select Default Profile');
      await workbench.option(option).click();
      const chosen = new RegExp(`"terminal\\.integrated\\.defaultProfile\\.linux": "${name}"`, 'u');
      const settings = path.join(profile.userData, 'User/settings.json');
      while (!chosen.test(await readFile(settings, 'utf8'))) await workbench.page.waitForTimeout(50);
    };

    const openTerminal = async (): Promise<void> => {
      const { workbench } = session();
      await workbench.runCommand('Portlight: Find What Uses a Port…');
      await workbench.input.fill(String(port));
      await workbench.inputMessage
        .filter({ hasText: 'a process of uid 0 (root), hidden from this user' })
        .waitFor();
      await workbench.page.keyboard.press('Enter');
      const action = workbench.option(/^Open Terminal with Command/);
      await action.waitFor();
      await workbench.picture('state-limited-find');
      await action.click();
    };

    it('learns by the number whose it is, and gets a terminal with the command, not run', async () => {
      const { workbench } = session();
      // This user's own lets nobody in.
      await chooseProfile('bash', /bash .*\/bin\/bash/);
      await openTerminal();
      await workbench.terminalText(`sudo ss -tlnp sport = :${port}`).waitFor();
      await workbench.picture('state-limited-terminal');
    });

    it('keeps the command where the shell of the terminal ends at once', async () => {
      const { workbench } = session();
      await chooseProfile('no login', /no login/);
      await openTerminal();
      const lost = workbench.toast(/The terminal ended before this could be typed into it: sudo ss -tlnp/);
      await lost.getByRole('button', { name: 'Copy Command' }).waitFor();
      await workbench.picture('state-terminal-ended');
    });
  });
});

async function firstNumber({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error('It has no output');
  for await (const line of createInterface({ input: stdout })) return Number(line);
  throw new Error('It ended before it listened');
}
