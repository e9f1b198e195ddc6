import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { jsonText, listenersJson, listenersTable } from '../../../src/ports/document';
import type { Listener } from '../../../src/ports/listener';
import type { Process } from '../../../src/ports/owner';
import type { Snapshot } from '../../../src/ports/snapshot';

/** With everything that a process can have. */
const full: Process = {
  pid: 812,
  startTicks: 99123,
  parentPid: 1,
  name: 'node',
  commandLine: ['node', 'server.js'],
  executable: '/usr/bin/node',
  executableDeleted: true,
  cwd: '/home/ann/shop',
  uid: 1000,
  user: 'ann',
  startedAt: Date.UTC(2026, 0, 31, 8, 5, 9),
  state: 'S',
  kernelThread: true,
  tty: 'pts/3',
  unit: 'shop.service',
  container: { engine: 'docker', id: 'a'.repeat(64) },
  npm: { script: 'dev', packageName: 'shop', packageJson: '/home/ann/shop/package.json' },
  terminalProgram: 'vscode',
  socketActivated: true,
  project: { folder: '/home/ann/shop', name: 'shop' },
  foreignNetwork: true,
};

const web: Listener = {
  id: 'tcp:3000:812@99123',
  protocol: 'tcp',
  port: 3000,
  endpoints: [
    { protocol: 'tcp', family: 'ipv4', address: '127.0.0.1', port: 3000, scope: 'loopback' },
    { protocol: 'tcp', family: 'ipv6', address: '::', port: 3000, scope: 'wildcard', dualStack: 'no' },
  ],
  scope: 'wildcard',
  owner: { kind: 'exact', process: full, parents: [full], coOwners: [{ ...full, pid: 813 }] },
  inodes: [5, 6],
  backlog: 1,
  ephemeralUdp: true,
};
const dns: Listener = {
  id: 'tcp:53:uid101',
  protocol: 'tcp',
  port: 53,
  endpoints: [{ protocol: 'tcp', family: 'ipv4', address: '127.0.0.53', port: 53, scope: 'loopback' }],
  scope: 'loopback',
  owner: { kind: 'hidden', uid: 101, user: 'dns' },
  inodes: [7],
};

function snapshotOf(...rows: readonly Listener[]): Snapshot {
  return {
    takenAt: Date.UTC(2026, 1, 1),
    machine: {
      hostname: 'box',
      platform: 'linux',
      ephemeralPorts: [32768, 60999],
      uid: 1000,
      user: 'ann',
      addresses: ['192.0.2.1'],
    },
    listeners: new Map(rows.map((row) => [row.id, row])),
    limits: [{ code: 'owners-hidden', listeners: 1 }],
  };
}

describe('listenersJson', () => {
  it('has the version, the machine, and the rows in order, with start times one can read', () => {
    const json = listenersJson(snapshotOf(web, dns));
    assert.equal(json.schemaVersion, 1);
    assert.equal(json.takenAt, '2026-02-01T00:00:00.000Z');
    assert.equal(json.machine.hostname, 'box');
    assert.deepEqual(
      json.listeners.map(({ port }) => port),
      [53, 3000],
    );
    const owner = json.listeners[1]?.owner;
    assert.ok(owner?.kind === 'exact');
    assert.equal(owner.process.startTime, '2026-01-31T08:05:09.000Z');
    assert.equal(owner.process.startTicks, 99123);
    assert.match(owner.howKnown, /very socket/);
  });

  it('has no key that docs/listeners-json.md does not name', () => {
    const documented = readFileSync(path.resolve(__dirname, '../../../docs/listeners-json.md'), 'utf8');
    const keys = new Set<string>();
    JSON.stringify(listenersJson(snapshotOf(web, dns)), (key, value: unknown) => {
      if (key !== '' && !/^\d+$/.test(key)) keys.add(key);
      return value;
    });
    assert.ok(keys.size > 40);
    assert.deepEqual(
      [...keys].filter((key) => !documented.includes(`\`${key}\``)),
      [],
    );
  });
});

describe('jsonText', () => {
  it('keeps every value, and no control character', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (values) => {
        const text = jsonText(values);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(values)));
        assert.doesNotMatch(text.replace(/\n/g, ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('listenersTable', () => {
  it('has a line an endpoint, with the owner', () => {
    const lines = listenersTable(snapshotOf(web, dns), english).split('\n');
    const [, , , title, first, second, third] = lines;
    assert.match(lines[0] ?? '', /^2 listeners on box, read by ann at 2026-02-01 00:00:00Z$/);
    assert.match(lines[1] ?? '', /1 listeners belong to other users/);
    assert.match(title ?? '', /^Protocol +Address +Reach +PID +User +Process +Started +Command$/);
    assert.match(
      first ?? '',
      /^tcp +127\.0\.0\.53:53 +localhost +- +dns +- +- +\(hidden: another user’s process\)$/,
    );
    assert.match(
      second ?? '',
      /^tcp +127\.0\.0\.1:3000 +localhost +812 +ann +node +2026-01-31 08:05:09Z +node server\.js {2}\(executable deleted; shared with pid 813\)$/,
    );
    assert.match(third ?? '', /^tcp +\[::\]:3000 +every interface, IPv6 only +812 /);
  });

  it('stays one line a row, whatever a process calls itself', () => {
    const hostile = 'x\n\u001b[2Jtcp\u202e';
    const process: Process = { ...full, name: hostile, user: hostile, commandLine: [hostile, hostile] };
    const row: Listener = { ...dns, owner: { kind: 'exact', process, parents: [], coOwners: [] } };
    const text = listenersTable(snapshotOf(row), english);
    assert.equal(text.split('\n').length, listenersTable(snapshotOf(dns), english).split('\n').length);
    assert.doesNotMatch(text.replace(/\n/g, ''), /[\p{Cc}\p{Cf}]/u);
  });
});
