import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, copyFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { ProbeClient } from '../../src/probe/client/client';
import { findHelper, type Launch } from '../../src/probe/client/launch';
import { ScanError } from '../../src/scan/client';
import type { ScanEvent, ScanRequest } from '../../src/scan/report';
import { withTemporaryFolder } from '../support/cleanup';
import { root } from '../support/hosts';
import { run } from '../support/run';
import { probeFile } from './support/scans';

const LOOPBACK = { first: '127.0.0.1', last: '127.0.0.1' };
/** Loopback addresses that nobody else uses; every one answers. */
const MANY = { first: '127.9.0.0', last: '127.9.3.255' };

function request(change: Partial<ScanRequest> = {}): ScanRequest {
  return {
    targets: [LOOPBACK],
    parts: [{ technique: 'connect', ports: [[1, 1024]] }],
    discovery: 'skip',
    timing: 'normal',
    ...change,
  };
}

/** So long that it does not end by itself in a test. */
const ENDLESS = request({
  targets: [MANY],
  parts: [{ technique: 'connect', ports: [[1, 65_535]] }],
  timing: 'polite',
});

function isScanError(code: ScanError['code']): (error: unknown) => boolean {
  return (error) => {
    assert(error instanceof ScanError, String(error));
    assert.equal(error.code, code);
    assert.notEqual(error.message, '');
    return true;
  };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Children of this process that run the helper. */
function helpers(): number[] {
  const rows = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  }).split('\n');
  return rows.filter((row) => row.endsWith(' serve')).map((row) => Number(row.trim().split(' ')[0]));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('the client of the helper', () => {
  let launch: Launch;
  const open = new Set<ProbeClient>();
  const servers = new Set<Server>();

  before(async () => {
    launch = { command: await probeFile(), args: ['serve'], env: process.env };
  });

  afterEach(async () => {
    for (const client of open) client.dispose();
    open.clear();
    for (const server of servers) server.close();
    servers.clear();
    await until(() => helpers().length === 0);
  });

  function client(how: Launch | undefined = launch): ProbeClient {
    const made = new ProbeClient({ launch: how, log: () => undefined });
    open.add(made);
    return made;
  }

  /** A program in the helper's place. */
  function impostor(script: string): Launch {
    return { command: process.execPath, args: ['-e', script, 'serve'], env: process.env };
  }

  async function listen(talk: (socket: Socket) => void = (socket) => socket.end()): Promise<number> {
    const server = createServer((socket) => {
      // A scan leaves with a reset.
      socket.on('error', () => socket.destroy());
      talk(socket);
    });
    servers.add(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('says what the helper can do, and how it runs', async () => {
    const { engine, techniques, executable, ownAddresses } = await client().capabilities();
    assert.equal(engine, 'raw');
    assert.equal(executable, launch.command);
    assert(ownAddresses.includes('127.0.0.1'));
    assert.equal(techniques.find(({ id }) => id === 'connect')?.missing, undefined);
  });

  it('finds an open port, and gives every port its verdict', async () => {
    const port = await listen();
    const events: ScanEvent[] = [];
    const parts = [{ technique: 'connect', ports: [[port, port]] }] as const;
    const end = await client().scan(request({ parts }), (event) => events.push(event));
    assert.equal(end.outcome, 'completed');
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'found' || kind === 'ports'),
      [
        {
          kind: 'found',
          address: '127.0.0.1',
          port: { protocol: 'tcp', port, state: 'open', reason: 'syn-ack' },
        },
        {
          kind: 'ports',
          address: '127.0.0.1',
          complete: true,
          groups: [{ protocol: 'tcp', state: 'open', reason: 'syn-ack', ports: [[port, port]] }],
        },
      ],
    );
  });

  it('killed in mid-scan: the scan ends with a clear error, and the next one works', async () => {
    const subject = client();
    const events: ScanEvent[] = [];
    const scan = subject.scan(ENDLESS, (event) => {
      events.push(event);
      if (event.kind === 'progress') for (const pid of helpers()) process.kill(pid, 'SIGKILL');
    });
    await assert.rejects(scan, isScanError('helper-died'));
    assert(
      events.some(({ kind }) => kind === 'progress'),
      'what came before is there',
    );
    const end = await subject.scan(request(), () => undefined);
    assert.equal(end.outcome, 'completed');
  });

  it('cancelled: it stops within 200 ms and keeps what was known', async () => {
    const abort = new AbortController();
    const events: ScanEvent[] = [];
    let abortedAt = Number.POSITIVE_INFINITY;
    const end = await client().scan(
      ENDLESS,
      (event) => {
        events.push(event);
        if (event.kind !== 'progress' || abort.signal.aborted) return;
        abortedAt = performance.now();
        abort.abort();
      },
      abort.signal,
    );
    assert.equal(end.outcome, 'cancelled');
    assert(performance.now() - abortedAt < 2_000, 'it ends soon');
    assert(events.some((event) => event.kind === 'ports' && !event.complete));
  });

  it('garbage on its stdout is a clear error, and the program is ended', async () => {
    const garbage = impostor("setInterval(() => process.stdout.write('hello, I am not a helper\\n'), 5)");
    await assert.rejects(client(garbage).capabilities(), isScanError('protocol'));
  });

  it('a line without end on its stdout takes no memory', async () => {
    const endless = impostor(
      "const line = 'x'.repeat(65536); const go = () => process.stdout.write(line, go); go()",
    );
    const before = process.memoryUsage().rss;
    await assert.rejects(client(endless).capabilities(), isScanError('protocol'));
    assert(process.memoryUsage().rss - before < 64 * 1024 * 1024);
  });

  it('another protocol version is a clear error', async () => {
    const answer = { jsonrpc: '2.0', id: 0, result: { protocolVersion: 999 } };
    const body = JSON.stringify(answer);
    const other = impostor(
      `process.stdin.once('data', () => process.stdout.write('Content-Length: ${body.length}\\r\\n\\r\\n${body}')); setInterval(() => {}, 1000)`,
    );
    await assert.rejects(client(other).capabilities(), (error: unknown) => {
      isScanError('protocol')(error);
      assert.match((error as Error).message, /999/u);
      return true;
    });
  });

  it('a missing helper is a clear error', async () => {
    const none = { ...launch, command: '/nonexistent/portlight-probe' };
    await assert.rejects(client(none).capabilities(), isScanError('not-available'));
  });

  it('ends within a second when its stdin closes, in mid-scan too', async () => {
    const child = spawn(launch.command, [...launch.args], { stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const messages = [
      { jsonrpc: '2.0', id: 1, method: 'scan/start', params: { scan: 1, request: ENDLESS } },
    ].map((message) => JSON.stringify(message));
    for (const text of messages) child.stdin.write(`Content-Length: ${text.length}\r\n\r\n${text}`);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const start = performance.now();
    child.stdin.end();
    await ended;
    assert(performance.now() - start < 1_000);
    assert(!alive(child.pid ?? 0));
  });

  it('checks one port: what the server says, what it answers, and its end', async () => {
    const port = await listen((socket) => {
      socket.write('hello\r\n');
      socket.once('data', (data) => socket.end(`you said ${data.toString()}`));
    });
    const check = await client().connect({ address: '127.0.0.1', port, timeoutMs: 2_000 });
    assert(check.kind === 'connected');
    let text = '';
    const ended = new Promise<void>((resolve) =>
      check.conversation.onClose(() => {
        resolve();
      }),
    );
    check.conversation.onData((bytes) => (text += Buffer.from(bytes).toString()));
    await until(() => text === 'hello\r\n');
    await check.conversation.send(Buffer.from('line\n'));
    await ended;
    assert.equal(text, 'hello\r\nyou said line\n');
    check.conversation.dispose();
  });

  it('checks one port: refused', async () => {
    const port = await listen();
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    servers.clear();
    const check = await client().connect({ address: '127.0.0.1', port, timeoutMs: 2_000 });
    assert.equal(check.kind, 'refused');
  });

  it('a name that does not resolve is an answer', async () => {
    const [answer] = await client().resolve(['no-such-host.invalid']);
    assert.deepEqual(answer?.addresses, []);
    assert.match(answer.error ?? '', /^E/u);
  });

  it('what is no request is refused, with the place', async () => {
    const bad = { ...request(), timing: 'mad' } as unknown as ScanRequest;
    await assert.rejects(
      client().scan(bad, () => undefined),
      (error: unknown) => {
        isScanError('invalid')(error);
        assert.match((error as Error).message, /timing/u);
        return true;
      },
    );
  });

  it('runs as bundle with the addon, and as bundle alone, and says which', async () => {
    const executable = await probeFile();
    await withTemporaryFolder('bundle', async (folder) => {
      await mkdir(path.join(folder, 'dist'));
      await chmod(path.join(folder, 'dist'), 0o755);
      await copyFile(path.join(root, 'build/probe/probe.js'), path.join(folder, 'dist/probe.js'));
      const alone = client(findHelper(folder));
      assert.equal((await alone.capabilities()).engine, 'net');
      assert.equal((await alone.scan(request(), () => undefined)).outcome, 'completed');
      await copyFile(
        path.join(path.dirname(executable), 'portlight.node'),
        path.join(folder, 'dist/portlight.node'),
      );
      await chmod(path.join(folder, 'dist/portlight.node'), 0o755);
      const withAddon = client(findHelper(folder));
      assert.equal((await withAddon.capabilities()).engine, 'addon');
      assert.equal((await withAddon.scan(request(), () => undefined)).outcome, 'completed');
      // Others could have put it there.
      await chmod(path.join(folder, 'dist/portlight.node'), 0o777);
      assert.equal((await client(findHelper(folder)).capabilities()).engine, 'net');
    });
  });

  it('starts with the code that was compiled when it was built', async () => {
    const args = ['scan', '127.0.0.1', '-p', '1', '--technique', 'connect', '--stats'];
    const { output } = await run(await probeFile(), args, { timeoutMs: 30_000 });
    assert.match(output, /"codeCache":true/u);
  });

  it('does not let NODE_OPTIONS into the helper', async () => {
    await withTemporaryFolder('options', async (folder) => {
      const script = path.join(folder, 'evil.cjs');
      const mark = path.join(folder, 'mark');
      await writeFile(script, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`);
      const direct = { ...launch, env: { ...process.env, NODE_OPTIONS: `--require ${script}` } };
      await client(direct).capabilities();
      process.env['NODE_OPTIONS'] = `--require ${script}`;
      try {
        assert.equal(findHelper(root)?.env['NODE_OPTIONS'], undefined);
      } finally {
        delete process.env['NODE_OPTIONS'];
      }
    });
  });
});
