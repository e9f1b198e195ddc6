import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import { restartOf } from '../../../src/exposure/restart';
import type { Process } from '../../../src/ports/owner';
import { anOwner } from '../editor/views/sample';

const systemd = (pid: number): Process => {
  const owner = anOwner({ pid, name: 'systemd', commandLine: ['/lib/systemd/systemd'] });
  assert.ok('process' in owner);
  return owner.process;
};

function commandOf(process: Partial<Process>, parents: readonly Process[] = []): string | undefined {
  const owner = anOwner(process);
  assert.ok('process' in owner);
  return restartOf({ owner: { ...owner, parents } }, english)?.command;
}

describe('how a process is restarted', () => {
  it('by its service manager, the system’s or the user’s own', () => {
    const unit = { name: 'redis-server', unit: 'redis-server.service' };
    assert.equal(commandOf(unit, [systemd(1)]), 'systemctl restart redis-server');
    assert.equal(commandOf(unit, [systemd(900), systemd(1)]), 'systemctl --user restart redis-server');
  });

  it('by Compose where it is in a container, or stands before one', () => {
    assert.equal(
      commandOf({ container: { engine: 'docker', id: 'abc' } }, [systemd(1)]),
      'docker compose up --detach',
    );
    assert.equal(commandOf({ container: { engine: 'podman', id: 'abc' } }), 'podman compose up --detach');
    const proxy = { name: 'docker-proxy', executable: '/usr/bin/docker-proxy', unit: 'docker.service' };
    assert.equal(commandOf(proxy, [systemd(1)]), 'docker compose up --detach');
  });

  it('by its script, in the folder of its package', () => {
    const npm = { script: 'dev:api', packageJson: '/home/a/my shop/package.json' };
    assert.equal(commandOf({ npm }), "cd '/home/a/my shop' && npm run dev:api");
  });

  it('by its own command line, every word quoted; by none where a title stands there', () => {
    const commandLine = ['node', 'server.js', '--name', "a'b; rm -rf /"];
    assert.equal(
      commandOf({ commandLine, cwd: '/srv/app' }),
      `cd /srv/app && node server.js --name 'a'\\''b; rm -rf /'`,
    );
    assert.equal(commandOf({ commandLine: ['redis-server *:6379'] }), undefined);
    assert.equal(commandOf({ commandLine: [] }), undefined);
  });

  it('by nothing that can be said where the owner is hidden', () => {
    assert.equal(restartOf({ owner: { kind: 'hidden', uid: 0 } }, english), undefined);
  });
});
