import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { ExportContext } from '../../src/scan/formats/format';
import { toNmapXml } from '../../src/scan/formats/nmapXml';
import { readNmapXml } from '../../src/scan/formats/nmapXmlReader';
import { toText } from '../../src/scan/formats/text';
import { portRows } from '../../src/scan/summary';
import { withTemporaryFolder } from '../support/cleanup';
import { run } from '../support/run';
import { skip } from '../support/skip';

const DTD = '/usr/share/nmap/nmap.dtd';
const CONTEXT: ExportContext = { version: '0.1.0', service: () => undefined };
const TIMEOUT = { timeoutMs: 60_000 };

/** The program's answer; undefined where it is not installed. */
async function tool(
  name: string,
  args: readonly string[],
): Promise<{ code: number; output: string } | undefined> {
  try {
    return await run(name, args, TIMEOUT);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

describe('files of nmap itself', () => {
  const servers: net.Server[] = [];
  const ports: number[] = [];

  before(async function () {
    for (const [name, args] of [
      ['nmap', ['--version']],
      ['ndiff', ['-h']],
      ['xmllint', ['--version']],
    ] as const)
      if ((await tool(name, args)) === undefined) skip(this, `${name} is not installed`);
    if (!existsSync(DTD)) skip(this, `${DTD} is missing`);
    for (let i = 0; i < 3; i++) {
      const server = net.createServer((socket) => socket.destroy());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
      ports.push((server.address() as net.AddressInfo).port);
    }
  });
  after(() => {
    for (const server of servers) server.close();
  });

  it('are read to the same ports, and come back so that ndiff sees no difference', async () => {
    await withTemporaryFolder('nmap', async (folder) => {
      const theirs = path.join(folder, 'theirs.xml');
      const list = `1-40,${ports.join(',')}`;
      const scan = await tool('nmap', [
        '-n',
        '-Pn',
        '-sT',
        '--reason',
        '-p',
        list,
        '-oX',
        theirs,
        '127.0.0.1',
      ]);
      assert.equal(scan?.code, 0, scan?.output);
      const { data, notes } = readNmapXml(await readFile(theirs, 'utf8'), 'x');
      assert.deepEqual(notes, []);
      const rows = portRows(data.hosts[0]!.groups);
      assert.equal(rows.length, 43);
      const open = rows.filter(({ state }) => state === 'open').map(({ port }) => port);
      assert.deepEqual(
        open,
        [...ports].sort((a, b) => a - b),
      );
      assert.ok(
        rows.every(({ state, reason }) => reason === (state === 'open' ? 'syn-ack' : 'conn-refused')),
      );
      assert.equal(data.status.kind, 'completed');
      assert.match(toText(data, CONTEXT), /Not shown: 40 closed tcp ports \(conn-refused\)/u);

      const ours = path.join(folder, 'ours.xml');
      await writeFile(ours, toNmapXml(data, CONTEXT));
      const valid = await tool('xmllint', ['--noout', '--dtdvalid', DTD, ours]);
      assert.equal(valid?.code, 0, valid?.output);
      const same = await tool('ndiff', [theirs, ours]);
      assert.equal(same?.code, 0, same?.output);

      // ndiff does look: a port less is a difference.
      const less = { ...data, hosts: data.hosts.map((host) => ({ ...host, groups: host.groups.slice(1) })) };
      await writeFile(ours, toNmapXml(less, CONTEXT));
      const differs = await tool('ndiff', [theirs, ours]);
      assert.equal(differs?.code, 1, differs?.output);
      assert.match(differs.output, new RegExp(`-${ports[0]}/tcp`, 'u'));
    });
  });

  it('of a host discovery alone give hosts without ports', async () => {
    await withTemporaryFolder('nmap', async (folder) => {
      const file = path.join(folder, 'down.xml');
      const scan = await tool('nmap', ['-n', '-sn', '-v', '-oX', file, '127.0.0.1', '127.0.0.2']);
      assert.equal(scan?.code, 0, scan?.output);
      const { data } = readNmapXml(await readFile(file, 'utf8'), 'x');
      assert.deepEqual(
        data.hosts.map(({ address, reason, groups }) => [address, reason, groups.length]),
        [
          ['127.0.0.1', 'localhost-response', 0],
          ['127.0.0.2', 'localhost-response', 0],
        ],
      );
    });
  });
});
