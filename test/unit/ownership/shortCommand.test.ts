import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCommand, shortCommand } from '../../../src/ownership/shortCommand';

const CWD = '/home/me/web';

/** argv as one line (words split at spaces) or as a list; what the row shows; the name. */
const CASES: readonly (readonly [string | readonly string[], string, string])[] = [
  // Node and its tools
  ['node /home/me/web/node_modules/.bin/vite dev --port 3000 --host', 'vite dev', 'vite'],
  ['node /home/me/web/node_modules/vite/bin/vite.js --port 5174', 'vite', 'vite'],
  [
    'node /home/me/web/node_modules/.pnpm/vite@5.4.1/node_modules/vite/bin/vite.js preview',
    'vite preview',
    'vite',
  ],
  ['node node_modules/.bin/next dev -p 3001', 'next dev', 'next'],
  ['node /home/me/web/node_modules/next/dist/bin/next start', 'next start', 'next'],
  [['next-server (v14.2.3)', '', ''], 'next-server (v14.2.3)', 'next-server'],
  ['/usr/bin/node /home/me/web/node_modules/@angular/cli/bin/ng.js serve --port 4200', 'ng serve', 'ng'],
  ['node /home/me/web/node_modules/react-scripts/scripts/start.js', 'react-scripts start', 'react-scripts'],
  ['node /home/me/web/node_modules/.bin/webpack serve --mode development', 'webpack serve', 'webpack'],
  ['node /home/me/web/node_modules/@nestjs/cli/bin/nest.js start --watch', 'nest start', 'nest'],
  ['node /home/me/web/node_modules/astro/astro.js dev', 'astro dev', 'astro'],
  [
    'node /home/me/web/node_modules/@vue/cli-service/bin/vue-cli-service.js serve',
    'vue-cli-service serve',
    'vue-cli-service',
  ],
  ['node /home/me/web/node_modules/@remix-run/dev/dist/cli.js dev', 'remix dev', 'remix'],
  ['node /home/me/web/node_modules/serve/build/main.js -l 5000 dist', 'serve dist', 'serve'],
  [
    'node /home/me/web/node_modules/jest-worker/build/workers/processChild.js',
    'jest-worker/processChild',
    'jest-worker',
  ],
  ['node server.js', 'node server.js', 'node'],
  ['node ./server.js', 'node server.js', 'node'],
  ['/home/me/.nvm/versions/node/v20.11.0/bin/node /home/me/web/dist/main.js', 'node dist/main.js', 'node'],
  ['node /srv/api/index.js', 'node index.js', 'node'],
  [
    'node --enable-source-maps --max-old-space-size=4096 -r dotenv/config src/index.js',
    'node src/index.js',
    'node',
  ],
  ['node --inspect=0.0.0.0:9229 app.js', 'node --inspect=0.0.0.0:9229 app.js', 'node'],
  ['node --watch server.js', 'node --watch server.js', 'node'],
  [['node', '-e', 'require("http").createServer().listen(3000)'], 'node -e', 'node'],
  ['node', 'node', 'node'],
  ['nodejs bin/www', 'node bin/www', 'node'],
  [
    'node /home/me/web/node_modules/.bin/nodemon --exec ts-node src/index.ts',
    'nodemon src/index.ts',
    'nodemon',
  ],
  [
    'node /home/me/web/node_modules/.bin/tsx watch --clear-screen=false src/server.ts',
    'tsx watch src/server.ts',
    'tsx',
  ],
  [
    'node --require /home/me/web/node_modules/tsx/dist/preflight.cjs --import file:///home/me/web/node_modules/tsx/dist/loader.mjs src/server.ts',
    'tsx src/server.ts',
    'tsx',
  ],
  ['node -r ts-node/register src/index.ts', 'ts-node src/index.ts', 'ts-node'],
  [
    'node /home/me/web/node_modules/.bin/ts-node -P tsconfig.json src/index.ts',
    'ts-node src/index.ts',
    'ts-node',
  ],
  // Package managers
  [['npm run dev', '', ''], 'npm run dev', 'npm'],
  ['node /usr/bin/npm run dev', 'npm run dev', 'npm'],
  ['node /usr/local/lib/node_modules/npm/bin/npm-cli.js start', 'npm start', 'npm'],
  ['node /usr/local/lib/node_modules/npm/bin/npx-cli.js serve dist', 'npx serve dist', 'npx'],
  [['npm exec vite --host'], 'npm exec vite --host', 'npm'],
  [
    'node /home/me/.cache/node/corepack/v1/pnpm/9.1.0/bin/pnpm.cjs --filter web run dev',
    'pnpm run dev',
    'pnpm',
  ],
  ['node /usr/local/bin/yarn dev', 'yarn dev', 'yarn'],
  ['npm run dev -- --port 3000', 'npm run dev', 'npm'],
  // Python
  ['python3 -m http.server 8000', 'python -m http.server', 'http.server'],
  ['/usr/bin/python3.11 -u -m http.server', 'python -m http.server', 'http.server'],
  ['python manage.py runserver 0.0.0.0:8000', 'python manage.py runserver 0.0.0.0:8000', 'python'],
  [
    '/home/me/web/.venv/bin/python /home/me/web/.venv/bin/uvicorn main:app --reload --port 8000',
    'uvicorn main:app',
    'uvicorn',
  ],
  [
    '/usr/bin/python3 /usr/local/bin/gunicorn -w 4 -b 0.0.0.0:8000 app.wsgi:application',
    'gunicorn app.wsgi:application',
    'gunicorn',
  ],
  [['gunicorn: master [app:app]'], 'gunicorn: master [app:app]', 'gunicorn'],
  [
    '/home/me/web/.venv/bin/python /home/me/web/.venv/bin/flask --app hello run --debug',
    'flask run',
    'flask',
  ],
  ['python -m uvicorn main:app --host 0.0.0.0', 'python -m uvicorn main:app', 'uvicorn'],
  ['python -m flask run', 'python -m flask run', 'flask'],
  ['python -W ignore -X dev /home/me/web/src/server.py', 'python src/server.py', 'python'],
  [['python3', '-c', 'import socket; socket.socket()'], 'python -c', 'python'],
  [
    [
      '/usr/bin/python3',
      '-c',
      'from multiprocessing.spawn import spawn_main; spawn_main(3)',
      '--multiprocessing-fork',
    ],
    'python --multiprocessing-fork',
    'python',
  ],
  ['/usr/bin/python3 /home/me/.venv/bin/jupyter-lab --no-browser', 'jupyter-lab', 'jupyter-lab'],
  [
    'python /home/me/.vscode/extensions/ms-python.debugpy-2024/bundled/libs/debugpy/adapter --for-server 1',
    'debugpy adapter',
    'debugpy',
  ],
  // Java
  ['java -Xmx512m -jar /home/me/web/build/libs/app.jar --server.port=8081', 'java -jar app.jar', 'java'],
  [
    '/usr/lib/jvm/java-17/bin/java -cp /a/b.jar:/c/d.jar -Dx=y com.example.Main --port 1',
    'java com.example.Main',
    'java',
  ],
  ['java --add-opens java.base/java.lang=ALL-UNNAMED -cp x Main -jar not.jar', 'java Main', 'java'],
  ['java -p mods -m com.acme/com.acme.Main', 'java com.acme/com.acme.Main', 'java'],
  // Others
  ['php -S localhost:8000 -t public', 'php -S localhost:8000', 'php'],
  ['php artisan serve --port=8001', 'php artisan serve', 'php'],
  ['/usr/bin/php8.2 /home/me/web/artisan serve', 'php artisan serve', 'php'],
  ['ruby bin/rails s', 'rails s', 'rails'],
  ['/usr/bin/ruby3.1 /home/me/web/bin/rails server -p 3000', 'rails server', 'rails'],
  [['puma 6.4.2 (tcp://localhost:3000) [web]'], 'puma 6.4.2 (tcp://localhost:3000) [web]', 'puma'],
  ['ruby server.rb', 'ruby server.rb', 'ruby'],
  ['deno run -A --watch main.ts', 'deno run main.ts', 'deno'],
  ['deno task dev', 'deno task dev', 'deno'],
  ['bun run dev', 'bun run dev', 'bun'],
  ['bun --hot src/index.ts', 'bun src/index.ts', 'bun'],
  ['bun /home/me/web/node_modules/.bin/vite dev', 'vite dev', 'vite'],
  ['/tmp/go-build2871/b001/exe/main -addr :8080', 'main (go run)', 'main'],
  ['/home/me/web/__debug_bin3317', '__debug_bin (dlv debug)', '__debug_bin'],
  ['go run .', 'go run .', 'go'],
  ['target/debug/server --port 80', 'server', 'server'],
  ['/home/me/web/target/release/api serve', 'api serve', 'api'],
  ['cargo run --bin api', 'cargo run --bin api', 'cargo'],
  ['dotnet run --project src/Api', 'dotnet run', 'dotnet'],
  ['dotnet /home/me/web/bin/Debug/net8.0/Api.dll', 'dotnet Api.dll', 'dotnet'],
  ['dotnet exec /x/Api.dll --urls http://*:80', 'dotnet Api.dll', 'dotnet'],
  [
    '/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80 -use-listen-fd',
    'docker-proxy 8080→172.17.0.2:80',
    'docker-proxy',
  ],
  ['docker-proxy', 'docker-proxy', 'docker-proxy'],
  ['kubectl -n dev port-forward svc/web 8080:80', 'kubectl port-forward svc/web 8080:80', 'kubectl'],
  ['ssh -N -L 8080:localhost:80 -i key me@host', 'ssh -L 8080:localhost:80 me@host', 'ssh'],
  ['hugo server -D', 'hugo server', 'hugo'],
  ['sudo -u www node server.js', 'sudo node server.js', 'sudo'],
  ['cross-env NODE_ENV=production node server.js', 'cross-env node server.js', 'cross-env'],
  ['/sbin/tini -- node server.js', 'tini node server.js', 'tini'],
  ['timeout -k 5 600 python3 -m http.server 80', 'timeout 600 python -m http.server', 'timeout'],
  ['nice -n 5 node server.js', 'nice node server.js', 'nice'],
  ['env -u A P=0 FOO=1 node server.js', 'env node server.js', 'env'],
  ['setsid -w node /x/node_modules/.bin/vite --port 1', 'setsid vite', 'setsid'],
  ['stdbuf -oL node server.js', 'stdbuf node server.js', 'stdbuf'],
  ['flock -s /tmp/lock npm test', 'flock lock npm test', 'flock'],
  ['flock', 'flock', 'flock'],
  ['timeout 5', 'timeout 5', 'timeout'],
  ['/bin/sh /usr/bin/xvfb-run -a node server.js', 'xvfb-run node server.js', 'xvfb-run'],
  ['/bin/sh /usr/bin/mysqld_safe --user=mysql', 'mysqld_safe', 'mysqld_safe'],
  ['bash /dev/fd/3', 'bash /dev/fd/3', 'bash'],
  [['sh', '-c', "'vite' --port 5"], `sh -c "'vite' --port 5"`, 'sh'],
  [
    'node /x/node_modules/code-server/lib/vscode/out/server-main.js --port 0 --host x',
    'code-server',
    'code-server',
  ],
  [
    'node /x/node_modules/code-server/lib/vscode/out/bootstrap-fork --type=extensionHost',
    'code-server --type=extensionHost',
    'code-server',
  ],
  [['sh', '-c', 'vite --port 3000'], "sh -c 'vite --port 3000'", 'sh'],
  ['-bash', 'bash', 'bash'],
  ['/bin/bash /home/me/web/start.sh --fast', 'bash start.sh', 'bash'],
  // Servers, and processes that write their own title
  [
    ['nginx: master process /usr/sbin/nginx -g daemon off;'],
    'nginx: master process nginx -g daemon off;',
    'nginx',
  ],
  [['postgres: walwriter ', '', ''], 'postgres: walwriter', 'postgres'],
  [
    '/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main -c config_file=/etc/x',
    'postgres',
    'postgres',
  ],
  [['redis-server *:6379', '', ''], 'redis-server *:6379', 'redis-server'],
  ['redis-server --port 6390', 'redis-server', 'redis-server'],
  ['/usr/sbin/sshd -D', 'sshd', 'sshd'],
  [
    ['php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)'],
    'php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)',
    'php-fpm',
  ],
  // Editors
  [
    '/home/me/.vscode-server/cli/servers/Stable-1/server/node /home/me/.vscode-server/cli/servers/Stable-1/server/out/server-main.js --host=127.0.0.1',
    'vscode-server server-main',
    'vscode-server',
  ],
  [
    '/home/me/.vscode-server/bin/1/node /home/me/.vscode-server/bin/1/out/bootstrap-fork --type=extensionHost --transformURIs',
    'vscode-server bootstrap-fork --type=extensionHost',
    'vscode-server',
  ],
  ['/usr/lib/code-server/lib/node /usr/lib/code-server/out/node/entry', 'code-server', 'code-server'],
  [
    ['/usr/share/code/code --type=utility --utility-sub-type=node.mojom.NodeService'],
    'code --type=utility',
    'code',
  ],
];

function facts(argv: string | readonly string[]) {
  return { commandLine: typeof argv === 'string' ? argv.split(' ') : argv, name: 'comm', cwd: CWD };
}

describe('shortCommand', () => {
  for (const [argv, text, name] of CASES) {
    it(`shows ${text} for ${typeof argv === 'string' ? argv : JSON.stringify(argv)}`, () => {
      assert.deepEqual(readCommand(facts(argv)), { name, text });
    });
  }

  it('falls back to the kernel name, in brackets for a kernel thread', () => {
    assert.equal(shortCommand({ commandLine: [], name: 'defunct' }), 'defunct');
    assert.equal(shortCommand({ commandLine: ['', ''], name: 'node' }), 'node');
    assert.equal(shortCommand({ commandLine: [], name: 'kthreadd', kernelThread: true }), '[kthreadd]');
    assert.equal(shortCommand({ commandLine: [], name: '' }), '?');
  });

  it('takes an executable with a space in its path for one word', () => {
    const executable = '/opt/My App/server';
    assert.equal(shortCommand({ commandLine: [executable], executable, name: 'server' }), 'server');
  });

  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      'node',
      'python3',
      '-m',
      '-c',
      '--',
      '-',
      '/a/b.js',
      'sudo',
      'java',
      '-jar',
      'php',
      '-S',
      '..',
      '/',
    ),
    fc.constantFrom(
      'constructor',
      '__proto__',
      'toString',
      'docker-proxy',
      '-host-port',
      'env',
      '-e',
      'bin/x',
      '.',
    ),
  );

  it('is one line of at most 60, never empty, whatever the command line is', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), words, (commandLine, name) => {
        const reading = readCommand({ commandLine, name, cwd: CWD });
        for (const text of [reading.text, reading.name]) {
          assert.ok(text.trim().length > 0 && text.length <= 60);
          assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
  });

  it('invents no word: each comes from the command line', () => {
    const plainWords = fc.array(
      fc.oneof(fc.stringMatching(/^[a-z./:-]{1,8}$/u), fc.stringMatching(/^-[a-z]$/u)),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(
        plainWords,
        fc.constantFrom('node', 'python', 'bun', 'vite', 'ruby', 'unknown'),
        (rest, program) => {
          const commandLine = [program, ...rest];
          const all = commandLine.join(' ');
          const { text } = readCommand({ commandLine, name: program });
          for (const word of text.replace('…', '').split(' '))
            assert.ok(all.includes(word), `${word} of ${all}`);
        },
      ),
    );
  });
});
