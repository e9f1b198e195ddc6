import assert from 'node:assert/strict';
import { composeFix } from '../../../../src/exposure/fixes/compose';
import { fixCandidates } from '../../../../src/exposure/fixes/index';
import { jsonFix } from '../../../../src/exposure/fixes/json';
import { lineFixes } from '../../../../src/exposure/fixes/lines';
import { subjectOf } from '../../../../src/exposure/subject';
import type { Process } from '../../../../src/ports/owner';

const process = (commandLine: readonly string[]): Process => ({
  pid: 10,
  startTicks: 1,
  parentPid: 1,
  name: 'server',
  commandLine,
  cwd: '/srv/app',
  uid: 1000,
  startedAt: 0,
  state: 'S',
});

function locate(service: string, commandLine: readonly string[], file: string, text: string) {
  const candidate = lineFixes(service, process(commandLine)).find((each) => each.file === file);
  assert.ok(candidate, `${file} is a candidate`);
  return candidate.locate(text);
}

describe('the line to change', () => {
  it('redis.conf: the last bind counts', () => {
    const text = '# bind 1.2.3.4\nbind 127.0.0.1\nport 6379\nbind 0.0.0.0\n';
    assert.deepEqual(locate('redis', ['redis-server', 'redis.conf'], '/srv/app/redis.conf', text), {
      line: 4,
      before: 'bind 0.0.0.0',
      after: 'bind 127.0.0.1 -::1',
    });
  });

  it('redis.conf without a bind gets one at its end, with a right one none', () => {
    const fix = (text: string) => locate('redis', ['redis-server'], '/etc/redis/redis.conf', text);
    assert.deepEqual(fix('port 6379\n'), { line: 2, before: '', after: 'bind 127.0.0.1 -::1' });
    assert.equal(fix('bind 127.0.0.1 -::1\n'), undefined);
  });

  it('pg_hba.conf and postgresql.conf of the data folder in the arguments', () => {
    const args = ['postgres', '-D', 'data'];
    assert.deepEqual(
      locate(
        'postgresql',
        args,
        '/srv/app/data/pg_hba.conf',
        'local all all trust\nhost all all 0.0.0.0/0 trust\n',
      ),
      {
        line: 2,
        before: 'host all all 0.0.0.0/0 trust',
        after: 'host all all 0.0.0.0/0 scram-sha-256',
      },
    );
    assert.deepEqual(
      locate('postgresql', args, '/srv/app/data/postgresql.conf', "port = 1\nlisten_addresses = '*'\n"),
      {
        line: 2,
        before: "listen_addresses = '*'",
        after: "listen_addresses = 'localhost'",
      },
    );
  });

  it('mosquitto.conf of -c', () => {
    assert.equal(
      locate('mqtt', ['mosquitto', '-c', '/x/m.conf'], '/x/m.conf', 'listener 1883\nallow_anonymous true')
        ?.line,
      2,
    );
  });

  it('compose.yaml: the short form, quoted or not, with comments and ranges', () => {
    const text =
      'services:\n  cache:\n    image: redis\n    ports:\n      - "8000:80"\n      - 6379:6379 # cache\n';
    assert.deepEqual(composeFix(text, 6379), {
      line: 6,
      before: '      - 6379:6379 # cache',
      after: '      - "127.0.0.1:6379:6379" # cache',
    });
    assert.equal(composeFix(text, 8000)?.after, '      - "127.0.0.1:8000:80"');
    assert.equal(composeFix('services: {a: {ports: ["7000-7010:7000-7010"]}}', 7005)?.line, 1);
    assert.equal(composeFix(text, 9999), undefined);
    assert.equal(composeFix('services:\n  a:\n    ports: ["127.0.0.1:6379:6379"]\n', 6379), undefined);
    assert.equal(composeFix('not: [compose', 6379), undefined);
  });

  it('compose.yaml: the long form gets host_ip', () => {
    const text = 'services:\n  a:\n    ports:\n      - target: 80\n        published: 8080\n';
    assert.deepEqual(composeFix(text, 8080), {
      line: 5,
      before: '        published: 8080',
      after: '        published: 8080\n        host_ip: 127.0.0.1',
    });
    const bound = 'services:\n  a:\n    ports:\n      - published: 8080\n        host_ip: 0.0.0.0\n';
    assert.equal(composeFix(bound, 8080)?.after, '        host_ip: 127.0.0.1');
  });

  it('package.json: the script that started it', () => {
    const text =
      '{\n  "scripts": {\n    "build": "x --host 0.0.0.0",\n    "dev": "vite --host 0.0.0.0 --port 1"\n  }\n}';
    assert.deepEqual(jsonFix(text, 'package.json', 'dev'), {
      line: 4,
      before: '    "dev": "vite --host 0.0.0.0 --port 1"',
      after: '    "dev": "vite --host 127.0.0.1 --port 1"',
    });
    assert.equal(
      jsonFix('{"scripts":{"dev":"vite --host"}}', 'package.json')?.after,
      '{"scripts":{"dev":"vite"}}',
    );
    assert.equal(jsonFix('{"name":"0.0.0.0"}', 'package.json'), undefined);
  });

  it('launch.json, with comments', () => {
    const text = '{\n  // here\n  "configurations": [{ "runtimeArgs": ["--inspect-brk=0.0.0.0:9229"] }]\n}';
    assert.equal(
      jsonFix(text, 'launch.json')?.after,
      '  "configurations": [{ "runtimeArgs": ["--inspect-brk=127.0.0.1:9229"] }]',
    );
    const java = '{"configurations":[{"vmArgs":"-agentlib:jdwp=transport=dt_socket,address=*:5005"}]}';
    assert.match(jsonFix(java, 'launch.json')?.after ?? '', /address=127\.0\.0\.1:5005/u);
  });

  const exposed = (own: Process, parents: readonly Process[] = []) =>
    subjectOf(
      {
        id: 'x',
        protocol: 'tcp',
        port: 6379,
        endpoints: [{ protocol: 'tcp', family: 'ipv4', address: '0.0.0.0', port: 6379, scope: 'wildcard' }],
        scope: 'wildcard',
        owner: { kind: 'exact', process: own, parents, coOwners: [] },
        inodes: [1],
      },
      { addresses: [] },
      { kind: 'not-checked', reason: 'policy-ask' },
    );

  it('looks at the service first, then at the script, Compose and launch files', () => {
    const npm = { script: 'dev', packageJson: '/srv/app/package.json' };
    const subject = exposed({ ...process(['redis-server', '/r.conf']), npm });
    const files = fixCandidates(subject, ['/shop']).map(({ file }) => file);
    const asked = ['/r.conf', '/srv/app/package.json', '/shop/compose.yaml', '/shop/.vscode/launch.json'];
    assert.deepEqual(
      files.filter((file) => asked.includes(file)),
      asked,
    );
  });

  it('does not open the package.json of a script that only started the editor around it', () => {
    const npm = { script: 'start', packageJson: '/editor/package.json' };
    const shell: Process = { ...process(['bash']), pid: 9, name: 'bash', tty: 'pts/1', npm };
    const code: Process = { ...process(['node', '/usr/lib/code-server/out/node/entry']), pid: 8, npm };
    const files = fixCandidates(exposed({ ...process(['node', 'server.js']), npm }, [shell, code]), []);
    assert.deepEqual(
      files.filter(({ file }) => file === '/editor/package.json'),
      [],
    );
  });
});
