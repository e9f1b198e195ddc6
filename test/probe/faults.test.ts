import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ProbeClient } from '../../src/probe/client/client';
import type { ScanRequest } from '../../src/scan/report';
import { root } from '../support/hosts';
import { run } from '../support/run';
import { Network, TARGET } from './support/network';
import { needs } from './support/needs';
import { openPorts, probeFile, probeScan, readScan } from './support/scans';

const OPEN = [100, 2000, 4000];

describe('scans when something is wrong', () => {
  let network: Network;
  let made: Network | undefined;

  before(async function () {
    await needs(this);
    network = made = await Network.make();
    await network.listen(OPEN);
  });
  after(() => made?.remove());

  it('out of file descriptors: slower, and exact', async () => {
    const file = await probeFile();
    const command = 'ulimit -n 80 && exec "$@"';
    const args = `scan ${TARGET.ipv4} -p 1-5000 --timing fast --format text`.split(' ');
    const all = network.asScanner('sh', ['-c', command, 'sh', file, ...args]);
    const { code, output } = await run('ip', all, { timeoutMs: 60_000 });
    assert.equal(code, 0, output);
    assert.deepEqual(
      [...output.matchAll(/^(\d+)\/tcp +open/gmu)].map(([, port]) => Number(port)),
      OPEN,
    );
    assert.match(output, /4997 closed tcp ports \(conn-refused\)/u);
  });

  it('no route: told, and no port is called open', async () => {
    for (const technique of ['connect', 'syn']) {
      const scan = await probeScan(network, [
        '192.168.7.7',
        '-p',
        '1-20',
        '--technique',
        technique,
        '--timing',
        'fast',
      ]);
      assert.deepEqual(openPorts(scan.verdicts), []);
      assert.equal(scan.verdicts.size, 20);
      const told = scan.events.some((event) => event.kind === 'trouble' && event.code === 'ENETUNREACH');
      assert(told || [...scan.verdicts.values()].every((verdict) => verdict === 'filtered net-unreach'));
    }
  });

  it('a name that does not resolve: a clear error and exit code 1', async () => {
    const file = await probeFile();
    const { code, output } = await run(file, ['scan', 'no-such-host.invalid'], { timeoutMs: 30_000 });
    assert.equal(code, 1);
    assert.match(output, /no-such-host\.invalid.*could not be resolved/u);
  });

  it('an interface that goes down in mid-scan: the scan ends, and what was found stays', async () => {
    const own = await Network.make();
    try {
      await own.listen(OPEN);
      const args = [
        TARGET.ipv4,
        '-p',
        '1-5000',
        '--technique',
        'syn',
        '--timing',
        'fast',
        '--max-rate',
        '4000',
      ];
      const scan = probeScan(own, args);
      await new Promise((resolve) => setTimeout(resolve, 600));
      await own.linkDown();
      const { verdicts, end } = await scan;
      assert.equal(end.outcome, 'completed');
      assert.equal(verdicts.size, 5000);
      assert(
        [...verdicts.values()].every((verdict) => /^(?:open syn-ack|closed reset|filtered )/u.test(verdict)),
      );
    } finally {
      await own.remove();
    }
  });

  it('interrupted: what was found is printed, exit code 130, and nothing is sent any more', async () => {
    const file = await probeFile();
    const scan = `scan ${TARGET.ipv4} -p - --technique syn --max-rate 1000`.split(' ');
    const args = network.asScanner(file, scan);
    const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    assert.match(output, /Not every port of this host was scanned/u);
  });

  it('nobody reads the output any more: the scan ends quietly', async () => {
    const file = await probeFile();
    const command = '"$@" | head -n 1; echo "ended with ${PIPESTATUS[0]}"';
    const args = `scan ${TARGET.ipv4} -p - --technique syn --max-rate 1000 --format jsonl`.split(' ');
    const all = network.asScanner('bash', ['-c', command, 'bash', file, ...args]);
    const { output } = await run('ip', all, { timeoutMs: 60_000 });
    const [first = '', ...rest] = output.trim().split('\n');
    assert.equal((JSON.parse(first) as { kind: string }).kind, 'started');
    assert.deepEqual(rest, ['ended with 130']);
  });

  it('a full pipe that does not block: everything is printed once it is read, in its order', async () => {
    const file = await probeFile();
    const script = [
      'import os, subprocess, sys, time',
      'reader, writer = os.pipe()',
      'os.set_blocking(writer, False)',
      'full = 0',
      'try:',
      '  while True: full += os.write(writer, b"x" * 4096)',
      'except BlockingIOError: pass',
      'helper = subprocess.Popen(sys.argv[1:], stdout=writer)',
      'os.close(writer)',
      'time.sleep(2)',
      'everything = b"".join(iter(lambda: os.read(reader, 65536), b""))',
      'sys.stdout.buffer.write(everything[full:])',
      'sys.exit(helper.wait())',
    ].join('\n');
    const args = `scan ${TARGET.ipv4} -p 1-5000 --technique syn --timing fast --format jsonl`.split(' ');
    const all = network.asScanner('python3', ['-c', script, file, ...args]);
    const { code, output } = await run('ip', all, { timeoutMs: 60_000 });
    assert.equal(code, 0, output);
    const { events, verdicts } = readScan(output);
    assert.equal(events[0]?.kind, 'started');
    assert.deepEqual(openPorts(verdicts), OPEN);
  });

  it('a damaged helper: a clear error, and what is damaged is not loaded', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'portlight-damaged-'));
    try {
      const bytes = await readFile(await probeFile());
      const addon = await readFile(path.join(root, 'native', 'build', 'Release', 'portlight.node'));
      const start = bytes.indexOf(addon);
      assert(start > 0, 'the helper carries its addon');
      const at = start + (addon.length >> 1);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const damaged = path.join(directory, 'portlight-probe');
      await writeFile(damaged, bytes, { mode: 0o700 });
      const { code, output } = await run(damaged, ['scan', '127.0.0.1', '-p', '1'], { timeoutMs: 30_000 });
      assert.equal(code, 1);
      assert.match(
        output,
        /^portlight-probe: The embedded portlight\.node is damaged: install the helper again\./u,
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('cancelled through the client: nothing is sent any more after 200 ms', async () => {
    const file = await probeFile();
    const launch = { command: 'ip', args: network.asScanner(file, ['serve']), env: process.env };
    const client = new ProbeClient({ launch, log: () => undefined });
    try {
      const abort = new AbortController();
      const request: ScanRequest = {
        targets: [{ first: TARGET.ipv4, last: TARGET.ipv4 }],
        parts: [{ technique: 'syn', ports: [[1, 65_535]] }],
        discovery: 'skip',
        timing: 'polite',
      };
      const scan = client.scan(request, () => undefined, abort.signal);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      abort.abort();
      await new Promise((resolve) => setTimeout(resolve, 200));
      const after = await network.packetsSent();
      assert(after > 500, `${after} packets until then`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      // A few of the system's own may pass (neighbour discovery).
      assert((await network.packetsSent()) - after < 5);
      assert.equal((await scan).outcome, 'cancelled');
    } finally {
      client.dispose();
    }
  });

  it('gives up its rights once its sockets are open', async () => {
    const file = await probeFile();
    const args = network.asScanner(file, [
      'scan',
      TARGET.ipv4,
      '-p',
      '-',
      '--technique',
      'syn',
      '--max-rate',
      '500',
    ]);
    const child = spawn('ip', args, { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      assert.match(status, /^CapEff:\s+0+$/mu);
      assert.match(status, /^CapPrm:\s+0+$/mu);
      assert.match(status, /^NoNewPrivs:\s+1$/mu);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  });

  it('without the right for raw sockets: a clear error that says what to do, exit code 3', async function () {
    await needs(this, 'setpriv');
    const file = await probeFile();
    const args = [
      '--bounding-set',
      '-net_raw',
      '--inh-caps',
      '-all',
      file,
      'scan',
      '127.0.0.1',
      '--technique',
      'syn',
    ];
    const { code, output } = await run('setpriv', args, { timeoutMs: 30_000 });
    assert.equal(code, 3, output);
    assert.match(output, /CAP_NET_RAW/u);
    assert.match(output, /setcap cap_net_raw\+ep/u);
  });
});
