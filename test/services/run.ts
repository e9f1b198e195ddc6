/**
 * `npm run test:services [-- mocha options]`: installs the servers and runs the tests against them in a network
 * namespace of their own, which holds the address 192.0.2.2 and ends with the run: nothing can leave it, and the
 * servers can be reached from nowhere else.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { installHost } from '../support/hosts';
import { runOrThrow } from '../support/run';
import { installBundlers } from './bundlers';
import { ADDRESS, ADDRESS6 } from './host';

const root = path.resolve(__dirname, '../..');

const SETUP = [
  'ip link set lo up',
  'ip link add veth0 type veth peer name veth1',
  `ip address add ${ADDRESS}/24 dev veth0`,
  `ip address add ${ADDRESS6}/64 dev veth0 nodad`,
  'ip link set veth0 up',
  'ip link set veth1 up',
  'exec "$@"',
].join(' && ');

async function main(): Promise<number> {
  if (process.platform === 'linux' && process.getuid?.() === 0)
    await runOrThrow('bash', ['scripts/install-debian-packages.sh', 'services'], {
      cwd: root,
      timeoutMs: 590_000,
    });
  else if (process.env['PORTLIGHT_NO_SKIP'] === '1') throw new Error('the service tests need root on Linux');
  else {
    console.log('Skipped: the service tests need root on Linux (a network namespace and Debian packages).');
    return 0;
  }
  // What comes from npm: the network of the tests has no way out.
  await installHost('newest', console.log);
  await installBundlers();
  const mocha = [process.execPath, '--import', 'tsx', path.join(root, 'node_modules/mocha/bin/mocha.js')];
  const spec = [
    '--timeout',
    '120000',
    '--retries',
    '1',
    '--recursive',
    'test/services/**/*.test.ts',
    ...process.argv.slice(2),
  ];
  const child = spawn('unshare', ['--net', '--', 'sh', '-c', SETUP, 'sh', ...mocha, ...spec], {
    cwd: root,
    stdio: 'inherit',
  });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
