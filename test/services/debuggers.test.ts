import assert from 'node:assert/strict';
import net from 'node:net';
import { systemClock } from '../../src/base/clock';
import { english } from '../../src/base/text';
import { ExposureModel } from '../../src/exposure/model';
import { localChecker } from '../../src/probe/checks/checker';
import { runOrThrow } from '../support/run';
import { noteFigures } from './figures';
import { ADDRESS, Server, sleep } from './host';
import { takeSnapshot } from '../../src/machine/linux/snapshot';

interface Debugger {
  readonly name: string;
  readonly finding: string;
  readonly port: number;
  start(server: Server): Promise<unknown>;
  /** Written only after somebody connected or the program went on. */
  readonly disturbed: RegExp;
}

const debuggers: readonly Debugger[] = [
  {
    name: 'a Java program that waits for its debugger (suspend=y)',
    finding: 'debugger.jdwp',
    port: 5005,
    start: (server) =>
      server.start('java', {
        args: ['-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=*:5005', '-version'],
        port: 5005,
      }),
    disturbed: /openjdk version|handshake failed/u,
  },
  {
    // It serves one client and ends: whoever connects first takes the only place.
    name: 'Delve for one client (dap)',
    finding: 'debugger.delve',
    port: 2345,
    start: (server) => server.start('dlv', { args: ['dap', `--listen=${ADDRESS}:2345`], port: 2345 }),
    disturbed: /DAP (?:client|session)|[Ee]rror|[Ss]topp/u,
  },
  {
    name: 'gdbserver',
    finding: 'debugger.gdbserver',
    port: 2159,
    start: (server) =>
      server.start('gdbserver', { args: [`${ADDRESS}:2159`, '/bin/echo', 'ran'], port: 2159 }),
    disturbed: /Remote debugging from|ran/u,
  },
  {
    name: 'debugpy that waits for its client',
    finding: 'debugger.debugpy',
    port: 5678,
    start: (server) =>
      server.start('/usr/bin/python3', {
        args: [
          '-Xfrozen_modules=off',
          '-m',
          'debugpy',
          '--listen',
          `${ADDRESS}:5678`,
          '--wait-for-client',
          '-c',
          'print("ran")',
        ],
        port: 5678,
      }),
    disturbed: /ran/u,
  },
  {
    name: 'PHP-FPM',
    finding: 'debugger.php-fpm',
    port: 9000,
    start: async (server) => {
      const pool = '[www]\nuser = nobody\nlisten = 0.0.0.0:9000\npm = static\npm.max_children = 1\n';
      await server.write('fpm.conf', `[global]\ndaemonize = no\nerror_log = ${server.file('log')}\n${pool}`);
      return await server.start('php-fpm8.2', {
        args: ['-R', '-F', '-n', '-y', server.file('fpm.conf')],
        port: 9000,
      });
    },
    disturbed: /ERROR|exited/u,
  },
];

describe('debuggers that must not be connected to', () => {
  const servers: Server[] = [];

  before(async () => {
    for (const each of debuggers) {
      const server = await Server.inNewFolder();
      servers.push(server);
      await each.start(server);
      await server.settle();
    }
    const rules = debuggers.map(({ port }) => `tcp dport ${port} counter`);
    await nft(`add table inet portlight
add chain inet portlight in { type filter hook input priority 0; }
${rules.map((rule) => `add rule inet portlight in ${rule}`).join('\n')}`);
  });

  after(async () => {
    for (const server of servers) await server.stop();
    await nft('delete table inet portlight');
  });

  it('get not one packet, whatever the user asks, and are judged all the same', async () => {
    const faults: unknown[] = [];
    const model = new ExposureModel({
      checker: localChecker((error) => faults.push(error)),
      clock: systemClock,
      t: english,
      policy: () => ({ mode: 'automatic', exceptPorts: [], exceptExecutables: [], workspaceTrusted: true }),
      acceptances: () => [],
      onError: (error) => faults.push(error),
    });
    try {
      const snapshot = takeSnapshot();
      model.update(snapshot);
      for (const id of snapshot.listeners.keys()) model.checkNow(id);
      await sleep(3000);
      const counted = await packets();
      noteFigures({ forbiddenPackets: counted.reduce((sum, count) => sum + count, 0) });
      assert.deepEqual(
        counted,
        debuggers.map(() => 0),
      );
      for (const { name, port, finding } of debuggers) {
        const found = model.assessments().filter(({ subject }) => subject.listener.port === port);
        assert.equal(found.length, 1, name);
        assert.equal(found[0]?.verdict.kind, 'not-checked', name);
        assert.equal(found[0].severity, 'critical', name);
        assert.equal(found[0].findings[0]?.id, finding, name);
      }
      assert.deepEqual(faults, []);
    } finally {
      model.dispose();
    }
  });

  it('still wait, undisturbed', () => {
    for (const [index, { name, disturbed }] of debuggers.entries())
      assert.doesNotMatch(servers[index]?.log ?? '', disturbed, name);
  });

  it('leave their only place to the debugger: JDWP and gdbserver take it now', async () => {
    await talk(5005, 'JDWP-Handshake', /^JDWP-Handshake/u);
    await talk(2159, '+$qSupported#37', /^\+\$PacketSize/u);
  });
});

async function nft(script: string): Promise<void> {
  const server = await Server.inNewFolder();
  try {
    await server.run('nft', ['-f', await server.write('rules', script)]);
  } finally {
    await server.stop();
  }
}

/** Packets that came for each debugger's port, in the order of the rules. */
async function packets(): Promise<number[]> {
  const text = await runOrThrow('nft', ['list', 'table', 'inet', 'portlight'], { timeoutMs: 10_000 });
  return [...text.matchAll(/counter packets (\d+)/gu)].map((match) => Number(match[1]));
}

/** Resolves when what came back is the answer, in however many pieces. */
async function talk(port: number, text: string, answer: RegExp): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let received = '';
    const socket = net.connect(port, ADDRESS, () => socket.write(text));
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer but “${received}”`)));
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error(`closed after “${received}”`));
    });
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (!answer.test(received)) return;
      resolve();
      socket.destroy();
    });
  });
}
