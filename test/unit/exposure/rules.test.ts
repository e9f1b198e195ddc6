import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import { assess } from '../../../src/exposure/judge';
import type { CheckResult } from '../../../src/exposure/result';
import type { Listener } from '../../../src/ports/listener';
import type { Process } from '../../../src/ports/owner';
import { aListener, anOwner, aProcess, NOW } from '../editor/views/sample';

interface Case {
  readonly process?: Partial<Process>;
  readonly parent?: readonly string[];
  readonly listener?: Partial<Listener>;
  readonly result?: CheckResult;
}

/** `dev.vite medium`, of a listener on every interface. */
function found({ process, parent, listener, result }: Case): string[] {
  const parents = parent ? [aProcess({ commandLine: parent })] : [];
  const whole = aListener({ scope: 'wildcard', owner: anOwner(process, { parents }), ...listener });
  const options = { machine: { addresses: ['192.0.2.2'] }, now: NOW, t: english };
  const { findings } = assess(whole, result ?? 'policy-ask', options);
  return findings.map(({ id, severity }) => `${id} ${severity}`);
}

const run = (line: string, executable = '/usr/bin/node'): Case => ({
  process: { commandLine: line.split(' '), executable },
});

/** A program that wrote a title over its arguments. */
const title = (text: string): Case => ({ process: { commandLine: [text] } });

describe('what developers run, told from the arguments', () => {
  const python = '/usr/bin/python3.11';
  const bin = 'node /home/me/shop/node_modules/.bin';
  const cases: readonly (readonly [Case, string | undefined])[] = [
    [run(`${bin}/vite --host`), 'dev.vite medium'],
    [run(`${bin}/vite preview --host`), undefined],
    [run(`${bin}/webpack serve --host 0.0.0.0`), 'dev.webpack medium'],
    // What webpack-cli writes over its arguments.
    [run('webpack'), 'dev.webpack medium'],
    [run(`${bin}/webpack --watch`), undefined],
    [{ ...title('next-server (v16.4.6)'), parent: `${bin}/next dev`.split(' ') }, 'dev.next medium'],
    [{ ...title('next-server (v16.4.6)'), parent: `${bin}/next start`.split(' ') }, undefined],
    [run(`${bin}/nuxt dev --host`), 'dev.nuxt medium'],
    [run('node /home/me/shop/node_modules/@nuxt/cli/dist/dev/index.mjs --host'), 'dev.nuxt medium'],
    [run(`${bin}/astro dev --host`), 'dev.astro medium'],
    [run('ng serve --host 0.0.0.0'), 'dev.angular medium'],
    [run('python3 -m http.server', python), 'dev.http-server medium'],
    [run(`${bin}/serve -l 3001`), 'dev.http-server medium'],
    [run('http-server'), 'dev.http-server medium'],
    // Others have a command of that name.
    [run('/usr/local/bin/vllm serve a/model', python), undefined],
    [run('hugo serve --bind 0.0.0.0', '/usr/bin/hugo'), undefined],
    [run('python3 manage.py runserver 0.0.0.0:8000', python), 'dev.django medium'],
    [run('/usr/bin/python3 /usr/bin/flask run --host=0.0.0.0', python), 'dev.flask medium'],
    [run('python3 /home/me/.local/bin/streamlit run app.py', python), 'dev.streamlit medium'],
    [run('php -S 0.0.0.0:8000', '/usr/bin/php8.2'), 'dev.php-server medium'],
    [run('python3 -u /x/site-packages/ray/dashboard/dashboard.py --host=0.0.0.0', python), 'dev.ray high'],
    [run('/x/site-packages/ray/core/src/ray/gcs/gcs_server --port=1', '/x/gcs_server'), 'dev.ray high'],
    [
      run('python3 /usr/bin/jupyter-lab --ip=0.0.0.0 --ServerApp.token=', python),
      'dev.jupyter-open critical',
    ],
    [run('python3 /usr/bin/jupyter-lab --ip=0.0.0.0', python), undefined],
    [run('node out/server-main.js --host 0.0.0.0 --without-connection-token'), 'dev.code-server critical'],
    [run('node /app/node_modules/mongo-express/app.js'), 'dev.mongo-express high'],
    [run('node /usr/local/bin/redis-commander'), 'dev.redisinsight high'],
    [run('php-cgi /usr/share/adminer/adminer.php', '/usr/bin/php-cgi8.2'), 'dev.adminer high'],
  ];
  for (const [given, expected] of cases)
    it(`${given.process?.commandLine?.join(' ') ?? ''} → ${expected ?? 'nothing'}`, () => {
      const developer = found({ ...given, listener: { port: 39_999 } });
      assert.deepEqual(
        developer.filter((finding) => finding.startsWith('dev.')),
        expected === undefined ? [] : [expected],
      );
    });

  it('nothing is said of them on loopback, nor where a check found a login', () => {
    const adminer = run('php-cgi /usr/share/adminer/adminer.php', '/usr/bin/php-cgi8.2');
    assert.deepEqual(found({ ...adminer, listener: { scope: 'loopback' } }), []);
    const result: CheckResult = {
      service: 'database-admin',
      address: '192.0.2.2',
      port: 3000,
      transport: 'tcp',
      verdict: { kind: 'not-checked', reason: 'needs-credentials', proof: { answered: 'Login' } },
      transcript: [],
      tls: false,
      connections: 1,
      packetsOut: 1,
      ms: 1,
      notTried: 'accounts',
    };
    assert.deepEqual(found({ ...adminer, result }), ['closed.database-admin info']);
  });
});

describe('what is worth a look', () => {
  const plain = { name: 'server', commandLine: ['./server'], executable: '/home/me/shop/server' };
  const at = (port: number, process: Partial<Process> = {}): string[] =>
    found({ process: { ...plain, ...process }, listener: { port } });

  it('a port that is known from malware, with a program that is not known for it', () => {
    assert.deepEqual(at(31_337), ['look.backdoor-port medium']);
    assert.deepEqual(at(4444), ['look.backdoor-port medium']);
    const chromedriver = {
      commandLine: ['chromedriver', '--allowed-ips='],
      executable: '/usr/bin/chromedriver',
    };
    assert.ok(!at(4444, chromedriver).join().includes('look.'));
    // Its default port, of 1998's NetBus too.
    const rdbg = {
      commandLine: ['ruby', '/usr/bin/rdbg', '--open', '--port=12345'],
      executable: '/usr/bin/ruby',
    };
    assert.deepEqual(at(12_345, rdbg), ['debugger.rdbg critical']);
    assert.deepEqual(found({ process: plain, listener: { port: 31_337, scope: 'loopback' } }), []);
  });

  it('a program in a temporary folder or in memory only; what developers start there less', () => {
    const executable = (path: string, executableDeleted = false): string[] =>
      at(39_999, { executable: path, executableDeleted });
    assert.deepEqual(executable('/tmp/.x/kdevtmpfsi'), ['look.executable medium']);
    assert.deepEqual(executable('/tmp/.x/kdevtmpfsi', true), ['look.executable medium']);
    assert.deepEqual(executable('/dev/shm/a'), ['look.executable medium']);
    assert.deepEqual(executable('/memfd:a', true), ['look.executable medium']);
    assert.deepEqual(executable('/tmp/go-build3182/b001/exe/server'), ['look.executable info']);
    assert.deepEqual(executable('/tmp/.mount_EditorX1y2z3/usr/bin/editor'), ['look.executable info']);
    assert.deepEqual(executable('/tmp/GoLand/___1go_build_shop'), ['look.executable info']);
    // An upgrade of a daemon that runs.
    assert.deepEqual(executable('/usr/sbin/rsyslogd', true), ['look.executable info']);
    assert.deepEqual(executable('/home/me/tmp/server'), []);
  });

  it('a service on the port of another, but not on a port that belongs to nobody', () => {
    const sshd = { name: 'sshd', commandLine: ['sshd'], executable: '/usr/sbin/sshd' };
    assert.deepEqual(at(6379, sshd), ['look.wrong-port info']);
    assert.deepEqual(at(22, sshd), []);
    const apache = { name: 'apache2', commandLine: ['apache2'], executable: '/usr/sbin/apache2' };
    for (const port of [80, 8080, 9090, 5000]) assert.deepEqual(at(port, apache), [], `${port}`);
    const vite = { commandLine: ['node', '/x/node_modules/.bin/vite', '--host'] };
    assert.deepEqual(found({ process: vite, listener: { port: 3000 } }), ['dev.vite medium']);
    const tensorboard = { commandLine: ['python3', '/usr/bin/tensorboard', '--bind_all'] };
    assert.deepEqual(found({ process: tensorboard, listener: { port: 6006 } }), []);
  });
});
