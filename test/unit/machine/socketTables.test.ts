import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LinuxReader } from '../../../src/machine/linux/reader';
import { SocketTables } from '../../../src/machine/linux/socket-tables';

const TITLE =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const ROW =
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 54321 1\n';

describe('SocketTables', () => {
  let root: string;
  let tables: SocketTables;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'portlight-tables-'));
    mkdirSync(path.join(root, 'net'));
    tables = new SocketTables(root);
  });
  afterEach(() => {
    tables.close();
    rmSync(root, { recursive: true });
  });

  const write = (name: string, text: string): void => {
    writeFileSync(path.join(root, 'net', name), text);
  };
  const look = (): boolean => tables.look(true, () => 'held');
  const unread = (): string[] =>
    tables.limits().map((limit) => ('table' in limit ? limit.table : limit.code));

  it('fails where nothing can be read, and not only because IPv6 is missing', () => {
    assert.throws(look, /ENOENT/);
    write('tcp', TITLE + ROW);
    write('udp', TITLE);
    assert.equal(look(), true);
    assert.deepEqual(unread(), []);
  });

  it('tells which table it cannot read, and that it can again', () => {
    write('tcp', TITLE + ROW);
    look();
    assert.deepEqual(unread(), ['udp']);
    assert.equal(look(), false);
    write('udp', TITLE);
    assert.equal(look(), true, 'what could not be read is news');
    assert.deepEqual(unread(), []);
  });

  it('let a reader whose first look failed answer in full when they can be read', () => {
    const reader = new LinuxReader({ root });
    try {
      assert.throws(() => reader.refresh('full'), { code: 'no-proc' });
      write('tcp', TITLE + ROW);
      write('udp', TITLE);
      const delta = reader.refresh('full');
      assert.ok(delta?.machine);
      assert.deepEqual(
        delta.changed.map(({ port }) => port),
        [8080],
      );
    } finally {
      reader.close();
    }
  });
});
