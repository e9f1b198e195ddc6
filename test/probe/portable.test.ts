import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundleProbe, nodeHeaders } from '../../scripts/build-probe';
import { root } from '../support/hosts';
import { temporaryFolder, type TemporaryFolder } from '../support/cleanup';
import { runOrThrow } from '../support/run';
import { Network, TARGET } from './support/network';
import { needs } from './support/needs';
import { openPorts, probeFile, scanWith } from './support/scans';

const execute = promisify(execFile);

/** What macOS compiles of the addon: poll instead of epoll, a socket for each attempt, nothing raw. */
describe('the addon without what only Linux has', () => {
  let temporary: TemporaryFolder | undefined;
  let helper = '';

  before(async function () {
    await needs(this, 'cc');
    temporary = await temporaryFolder('portable');
    const { folder } = temporary;
    // For its tools.
    await probeFile();
    helper = path.join(folder, 'probe.js');
    await bundleProbe(helper);
    const sources = (await readdir(path.join(root, 'native/src'))).filter((name) => name.endsWith('.c'));
    const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-pthread'];
    const defines = ['-DNAPI_VERSION=8', '-D_GNU_SOURCE', '-DPORTLIGHT_PORTABLE', `-I${nodeHeaders}`];
    const out = ['-o', path.join(folder, 'portlight.node')];
    const files = sources.map((name) => path.join(root, 'native/src', name));
    await runOrThrow('cc', [...flags, ...defines, ...out, ...files], { timeoutMs: 60_000 });
  });
  after(() => temporary?.remove());

  it('finds the same open ports among all, over IPv4 and IPv6', async () => {
    const network = await Network.make(undefined, '');
    const open = [22, 8080, 31_337, 65_535];
    try {
      await network.listen(open);
      const one = [TARGET.ipv4, '-p', '22', '--technique', 'connect', '--stats'];
      const { stderr } = await execute('ip', network.asScanner(process.execPath, [helper, 'scan', ...one]));
      assert.match(stderr, /"engine":"addon"/u);
      for (const target of [TARGET.ipv4, TARGET.ipv6]) {
        const scan = await scanWith(
          network,
          [process.execPath, helper],
          [...[target, '-p', '-', '--technique', 'connect', '--timing', 'fast']],
        );
        assert.deepEqual(openPorts(scan.verdicts), open);
        assert.equal(scan.verdicts.size, 65_535);
        const others = new Set([...scan.verdicts.values()].filter((verdict) => !verdict.startsWith('open')));
        assert.deepEqual(others, new Set(['closed conn-refused']));
      }
    } finally {
      await network.remove();
    }
  });

  it('waits for what drops, and calls it filtered', async () => {
    const network = await Network.make(undefined, '');
    try {
      await network.listen([1005]);
      await network.rules(
        'table inet f { chain i { type filter hook input priority 0; tcp dport 1001-1004 drop; }; }\n',
      );
      const args = [TARGET.ipv4, '-p', '1001-1010', '--technique', 'connect', '--timing', 'fast'];
      const { verdicts } = await scanWith(network, [process.execPath, helper], args);
      const expected = (port: number): string =>
        port <= 1004 ? 'filtered no-response' : port === 1005 ? 'open syn-ack' : 'closed conn-refused';
      assert.deepEqual(
        [...verdicts].filter(([port, verdict]) => verdict !== expected(port)),
        [],
      );
      assert.equal(verdicts.size, 10);
    } finally {
      await network.remove();
    }
  });
});
