import assert from 'node:assert/strict';
import { serviceName } from '../../../src/ownership/serviceName';
import { knownProgram } from '../../../src/ownership/tables/services';
import type { Process } from '../../../src/ports/owner';
import { aBareProcess, aListener } from '../editor/views/sample';

function nameOf(about: Partial<Process>, port = 3000) {
  return serviceName(
    aListener({ port, owner: { kind: 'exact', process: aBareProcess(about), parents: [], coOwners: [] } }),
  );
}

describe('serviceName', () => {
  for (const [executable, commandLine, name] of [
    ['/usr/lib/postgresql/15/bin/postgres', ['postgres: walwriter'], 'postgres'],
    ['/usr/bin/redis-server', ['redis-server *:6379'], 'redis'],
    ['/usr/bin/redis-check-rdb', ['/usr/bin/redis-server 127.0.0.1:6379'], 'redis'],
    ['/bin/busybox', ['crond', '-f'], 'cron'],
    ['/usr/sbin/nginx', ['nginx: worker process'], 'nginx'],
    ['/usr/sbin/mysqld', ['/usr/sbin/mysqld'], 'mysql'],
    ['/usr/bin/docker-proxy', ['/usr/bin/docker-proxy', '-proto', 'tcp'], 'docker'],
    ['/usr/lib/systemd/systemd-resolved', ['/lib/systemd/systemd-resolved'], 'systemd-resolved'],
    ['/usr/lib/jvm/bin/java', ['java', '-cp', 'x', 'kafka.Kafka', 'server.properties'], 'kafka'],
    ['/usr/lib/jvm/bin/java', ['java', '-jar', '/usr/share/java/jenkins.war'], 'jenkins'],
    [
      '/usr/lib/erlang/bin/beam.smp',
      ['beam.smp', '-pa', '/usr/lib/rabbitmq/lib/rabbitmq_server-3.12.1/ebin'],
      'rabbitmq',
    ],
  ] as const) {
    it(`${executable}, ${commandLine.join(' ')}: ${name}`, () => {
      assert.deepEqual(nameOf({ executable, commandLine, name: 'comm' }), { name, from: 'program' });
    });
  }

  it('names the tool that an interpreter runs', () => {
    const commandLine = ['node', '/x/node_modules/.bin/vite'];
    assert.deepEqual(nameOf({ executable: '/usr/bin/node', commandLine }), { name: 'vite', from: 'process' });
    assert.deepEqual(nameOf({ executable: '/usr/bin/java', commandLine: ['java', '-jar', 'app.jar'] }), {
      name: 'java',
      from: 'process',
    });
  });

  it('does not call a process a database because of its port', () => {
    assert.deepEqual(nameOf({ executable: '/usr/bin/node', commandLine: ['node', 'x.js'] }, 5432), {
      name: 'node',
      from: 'process',
    });
  });

  it('does not believe a title against the executable', () => {
    const fake = nameOf({ executable: '/tmp/miner', commandLine: ['postgres: checkpointer'], name: 'miner' });
    assert.deepEqual(fake, { name: 'miner', from: 'process' });
  });

  it('goes by the kernel name, of 15 bytes, where nothing else can be read', () => {
    assert.equal(nameOf({ commandLine: [], name: 'systemd-resolve' })?.name, 'systemd-resolved');
    assert.equal(nameOf({ commandLine: [], name: 'clickhouse-serv' })?.name, 'clickhouse');
  });

  it('guesses from the number only for an owner that cannot be seen, and says so', () => {
    const hidden = aListener({ port: 6379, owner: { kind: 'hidden', uid: 999 } });
    assert.deepEqual(serviceName(hidden), { name: 'redis', from: 'port' });
    assert.equal(serviceName({ ...hidden, port: 61234 }), undefined);
  });
});

it('knownProgram knows nothing of names that objects have by themselves', () => {
  assert.deepEqual(['constructor', '__proto__', ''].map(knownProgram), [undefined, undefined, undefined]);
});
