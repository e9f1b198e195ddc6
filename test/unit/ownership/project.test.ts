import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import { GROUPINGS } from '../../../src/ownership/groupings';
import { belongsTo, projectFolder, projectName } from '../../../src/ownership/project';
import type { Listener } from '../../../src/ports/listener';
import type { Process } from '../../../src/ports/owner';
import { aBareProcess, aListener, anOwner, aProcess } from '../editor/views/sample';

const CONTEXT = { workspaceFolders: ['/home/me/shop', '/srv/link'], machine: { uid: 1000 } };
const PROJECT = { folder: '/home/me/blog', name: 'blog' };

/** A process with nothing that tells where it belongs, but what the test gives. */
function owned(
  about: Partial<Process>,
  parents: readonly Process[] = [],
  listener: Partial<Listener> = {},
): Listener {
  return aListener({
    owner: { kind: 'exact', process: aBareProcess(about), parents, coOwners: [] },
    ...listener,
  });
}

describe('belongsTo', () => {
  const cases: readonly (readonly [string, Listener, string])[] = [
    ['a server started in the workspace', owned({ cwd: '/home/me/shop/web' }), 'workspace'],
    ['the workspace folder itself', owned({ cwd: '/home/me/shop' }), 'workspace'],
    ['a second workspace folder', owned({ cwd: '/srv/link/api' }), 'workspace'],
    [
      'a folder whose name only begins alike',
      owned({ cwd: '/home/me/shopping', project: PROJECT }),
      'projects',
    ],
    ['a way out of the workspace', owned({ cwd: '/home/me/shop/../blog', project: PROJECT }), 'projects'],
    ['an ancestor in the workspace', owned({ cwd: '/' }, [aProcess({ cwd: '/home/me/shop' })]), 'workspace'],
    [
      'a database of the workspace',
      owned({ cwd: '/home/me/shop/data', executable: '/usr/bin/postgres' }),
      'workspace',
    ],
    ['another project', owned({ cwd: '/home/me/blog', project: PROJECT }), 'projects'],
    ['a process of a person, without a project', owned({ cwd: '/tmp' }), 'projects'],
    [
      'a database run by hand in a project',
      owned({ executable: '/usr/bin/redis-server', project: PROJECT }),
      'projects',
    ],
    [
      'a database run by hand elsewhere',
      owned({ executable: '/usr/bin/redis-server', cwd: '/tmp' }),
      'services',
    ],
    [
      'a unit that is a server',
      owned({ name: 'grafana', uid: 472, unit: 'grafana-server.service' }),
      'services',
    ],
    ['a unit of the developer', owned({ unit: 'myapp.service', project: PROJECT }), 'services'],
    ["a login's own manager", owned({ unit: 'user@1000.service', project: PROJECT }), 'projects'],
    ['a session scope', owned({ unit: 'session-3.scope', project: PROJECT }), 'projects'],
    ['a server of its own user', owned({ name: 'x', uid: 105, user: 'rabbitmq' }), 'services'],
    ['a container', owned({ name: 'x', uid: 0, container: { engine: 'docker', id: 'abc' } }), 'services'],
    [
      'a forwarder of a container',
      owned({ name: 'docker-proxy', uid: 0, executable: '/usr/bin/docker-proxy' }),
      'services',
    ],
    ['sshd', owned({ name: 'sshd', uid: 0, executable: '/usr/sbin/sshd' }), 'system'],
    ['a system unit', owned({ name: 'x', uid: 0, unit: 'systemd-networkd.service' }), 'system'],
    [
      'avahi, whose unit has its own name',
      owned({ name: 'x', uid: 110, unit: 'avahi-daemon.service' }),
      'system',
    ],
    ['pid 1', owned({ pid: 1, name: 'systemd', uid: 0 }), 'system'],
    ['a daemon of a system user', owned({ name: 'mystery', uid: 114, user: 'mystery' }), 'system'],
    ["somebody's own port of the kernel", aListener({ owner: { kind: 'kernel', uid: 0 } }), 'system'],
    [
      'an ephemeral UDP socket',
      owned({ cwd: '/home/me/shop' }, [], { ephemeralUdp: true, protocol: 'udp' }),
      'ephemeral-udp',
    ],
    [
      'a hidden database',
      aListener({ port: 5432, owner: { kind: 'hidden', uid: 105, user: 'postgres' } }),
      'services',
    ],
    ['a hidden person', aListener({ owner: { kind: 'hidden', uid: 1001, user: 'you' } }), 'projects'],
    [
      'a hidden port of root, published maybe',
      aListener({ port: 8080, owner: { kind: 'hidden', uid: 0 } }),
      'services',
    ],
    [
      "a hidden port of root, the system's",
      aListener({ port: 22, owner: { kind: 'hidden', uid: 0 } }),
      'system',
    ],
    [
      'a hidden system user',
      aListener({ port: 5353, owner: { kind: 'hidden', uid: 110, user: 'avahi' } }),
      'system',
    ],
    ['a hidden nobody', aListener({ owner: { kind: 'hidden', uid: 65534, user: 'nobody' } }), 'system'],
  ];
  for (const [what, listener, group] of cases) {
    it(`${what}: ${group}`, () => {
      assert.equal(belongsTo(listener, CONTEXT), group);
    });
  }

  it("tells a developer's process from a daemon where everybody is root", () => {
    const asRoot = { workspaceFolders: [], machine: { uid: 0 } };
    assert.equal(belongsTo(owned({ uid: 0, tty: 'pts/0', cwd: '/' }), asRoot), 'projects');
    assert.equal(belongsTo(owned({ uid: 0, cwd: '/app' }), asRoot), 'projects');
    assert.equal(belongsTo(owned({ uid: 0, cwd: '/', name: 'mystery' }), asRoot), 'system');
  });

  it('does not take the whole machine for the workspace where that is the root folder', () => {
    const root = { workspaceFolders: ['/'], machine: { uid: 1000 } };
    assert.equal(belongsTo(owned({ cwd: '/home/me/blog', project: PROJECT }), root), 'projects');
  });

  it('takes a worker in the workspace for the whole socket', () => {
    const owner = { ...anOwner({ cwd: '/' }), coOwners: [aProcess({ cwd: '/home/me/shop' })] };
    assert.equal(belongsTo(aListener({ owner }), CONTEXT), 'workspace');
  });
});

it('projectFolder and projectName: from the project file, else none', () => {
  assert.equal(projectFolder(owned({ project: PROJECT })), '/home/me/blog');
  assert.equal(projectName(owned({ project: PROJECT })), 'blog');
  assert.equal(projectName(owned({ project: { folder: '/x/y', name: '' } })), 'y');
  assert.equal(projectFolder(owned({ cwd: '/home/me' })), undefined);
  assert.equal(projectName(aListener({ owner: { kind: 'kernel', uid: 0 } })), undefined);
});

describe('GROUPINGS', () => {
  const rows = [
    owned({ cwd: '/home/me/shop' }),
    owned({ project: PROJECT }),
    owned({ name: 'sshd', executable: '/usr/sbin/sshd', uid: 0 }, [], { port: 22, scope: 'wildcard' }),
    aListener({ port: 60000, owner: { kind: 'kernel', uid: 0 }, scope: 'address' }),
  ];
  const groups = (id: string): string[] => {
    const grouping = GROUPINGS.find((one) => one.id === id);
    assert.ok(grouping);
    return rows.map((row) => grouping.keyLabel(grouping.keyOf(row, CONTEXT), english, row));
  };

  it('group each row, in words', () => {
    assert.deepEqual(groups('owner'), ['This workspace', 'Other projects', 'System', 'System']);
    assert.deepEqual(groups('project'), ['No project', 'blog', 'No project', 'No project']);
    assert.deepEqual(groups('process').slice(2), ['ssh', 'Owner not visible']);
    assert.deepEqual(groups('port').slice(1), [
      'Registered port (1024–49151)',
      'Well-known port (0–1023)',
      'Dynamic port (49152–65535)',
    ]);
    assert.deepEqual(groups('scope'), ['localhost', 'localhost', 'every interface', 'one address']);
  });

  it('each have a label, an order for every key, and fold only what nobody looks for', () => {
    for (const grouping of GROUPINGS) {
      assert.ok(grouping.label(english).length > 0);
      for (const row of rows) {
        const key = grouping.keyOf(row, CONTEXT);
        assert.ok(grouping.order(key) >= 0);
        assert.equal(grouping.collapsedByDefault(key), grouping.id === 'owner' && key === 'system');
      }
    }
    assert.ok(GROUPINGS[0]?.collapsedByDefault('ephemeral-udp'));
    assert.equal(new Set(GROUPINGS.map(({ id }) => id)).size, GROUPINGS.length);
  });
});
