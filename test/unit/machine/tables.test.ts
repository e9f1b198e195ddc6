import assert from 'node:assert/strict';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { addressFromHex, isMapped } from '../../../src/machine/linux/address';
import { parseCounters } from '../../../src/machine/linux/counters';
import { CLOSE, isPastListeners, LISTEN, parseTable } from '../../../src/machine/linux/tables';

const TITLE =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n';
const TCP = `${TITLE}   0: 0100007F:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000  1000        0 54321 1 0000000000000000 100 0 0 10 0                     
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 18 1 0000000000000000 100 0 0 10 0                        
   2: 0100007F:1F90 0100007F:C350 01 00000000:0000000A 02:000A9D4A 00000000  1000        0 54400 2 0000000000000000 20 4 30 10 -1                    
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 777 1 0000000000000000 100 0 0 10 0
   1: B80D01200000000067452301EFCDAB89:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 4294967294        0 778 1 0000000000000000 100 0 0 10 0
`;
const UDP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             
 1093: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 900 2 0000000000000000 0         
12345: 0100007F:8235 0100007F:0035 01 00000000:00000000 00:00000000 00000000   101        0 901 2 0000000000000000 0         
`;

const parse = (text: string, ...rest: [number?, boolean?]) =>
  parseTable(Buffer.from(text, 'latin1'), ...rest);

describe('parseTable', () => {
  it('reads rows of TCP over IPv4', () => {
    const { rows, malformed } = parse(TCP);
    assert.equal(malformed, 0);
    assert.deepEqual(rows[0], {
      local: '0100007F',
      localPort: 8080,
      remote: '',
      remotePort: 0,
      state: LISTEN,
      receiveQueue: 2,
      uid: 1000,
      inode: 54321,
    });
    assert.deepEqual(
      rows.map(({ inode, state }) => [inode, state]),
      [
        [54321, 10],
        [18, 10],
        [54400, 1],
      ],
    );
    assert.equal(rows[2]?.remote, '0100007F');
    assert.equal(rows[2].remotePort, 50000);
  });

  it('reads rows of IPv6, with every uid there can be', () => {
    const { rows } = parse(TCP6);
    assert.deepEqual(
      rows.map(({ local, localPort, uid, inode }) => [addressFromHex(local), localPort, uid, inode]),
      [
        ['::', 80, 33, 777],
        ['2001:db8::123:4567:89ab:cdef', 443, 4294967294, 778],
      ],
    );
  });

  it('reads rows of UDP, whatever the width of their numbers', () => {
    assert.deepEqual(
      parse(UDP, CLOSE).rows.map(({ localPort }) => localPort),
      [68],
    );
    assert.deepEqual(
      parse(UDP).rows.map(({ localPort }) => localPort),
      [68, 33333],
    );
  });

  it('stops at the first row that does not listen, where it is told to', () => {
    const afterwards = `${TCP}not a row at all\n`;
    assert.deepEqual(parse(afterwards, LISTEN, true), { rows: parse(TCP, LISTEN).rows, malformed: 0 });
    assert.equal(parse(afterwards, LISTEN).malformed, 1);
  });

  it('tells listeners from what follows them', () => {
    const lines = TCP.split('\n').map((line) => Buffer.from(line));
    assert.deepEqual(lines.map(isPastListeners), [false, false, false, true, false]);
  });

  it('counts what is no row, and keeps the rest', () => {
    const broken = TCP.replace('1F90 00000000:0000 0A', '1F9Z 00000000:0000 0A');
    const { rows, malformed } = parse(broken);
    assert.equal(malformed, 1);
    assert.deepEqual(
      rows.map(({ inode }) => inode),
      [18, 54400],
    );
  });

  it('gives rows or says how many lines it did not understand, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const { rows, malformed } = parseTable(Buffer.from(bytes));
        assert.ok(rows.length + malformed <= bytes.filter((byte) => byte === 10).length + 1);
      }),
    );
  });

  it('survives any damage to a real table', () => {
    const tables = [TCP, TCP6, UDP].map((text) => Buffer.from(text, 'latin1'));
    const damage = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 0, max: 255 })), { maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...tables), damage, fc.nat(1000), (table, changes, length) => {
        const bytes = Buffer.from(table.subarray(0, length));
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        for (const row of parseTable(bytes).rows) {
          assert.ok(row.localPort >= 0 && row.localPort <= 65535 && row.state <= 255);
          assert.ok(Number.isSafeInteger(row.inode) && row.inode >= 0 && row.uid >= 0);
          assert.ok(ipaddr.isValid(addressFromHex(row.local)));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('addressFromHex', () => {
  it('writes IPv4 as dotted quads', () => {
    assert.equal(addressFromHex('0100007F'), '127.0.0.1');
    assert.equal(addressFromHex('00000000'), '0.0.0.0');
    assert.equal(addressFromHex('FF02010A'), '10.1.2.255');
  });

  it('writes mapped addresses with their quads', () => {
    assert.equal(addressFromHex('0000000000000000FFFF00000100007F'), '::ffff:127.0.0.1');
    assert.ok(isMapped('0000000000000000FFFF00000100007F'));
    assert.ok(!isMapped('00000000000000000000000001000000'));
  });

  it('writes IPv6 as RFC 5952 asks, as ipaddr.js does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(0xffff), (random, mask) => {
        // Zeros in whole groups, so that there is something to compress.
        const bytes = random.map((byte, index) => (mask & (1 << (index >> 1)) ? 0 : byte));
        const words = [0, 4, 8, 12].map((at) =>
          Buffer.from(bytes.slice(at, at + 4))
            .reverse()
            .toString('hex'),
        );
        const address = ipaddr.fromByteArray([...bytes]) as ipaddr.IPv6;
        const expected = address.isIPv4MappedAddress()
          ? `::ffff:${address.toIPv4Address().toString()}`
          : address.toRFC5952String();
        assert.equal(addressFromHex(words.join('').toUpperCase()), expected);
      }),
    );
  });
});

describe('parseCounters', () => {
  const sockstat = 'sockets: used 290\nTCP: inuse 7 orphan 1 tw 3 alloc 9 mem 2\nUDP: inuse 4 mem 0\n';
  const snmp =
    'Ip: Forwarding\nIp: 1\nTcp: RtoAlgorithm RtoMin\nTcp: 1 200 120000 -1 125 2 0 0 4 22851 14082 0 0 216 0\n';

  it('takes what tells of listeners and of connections', () => {
    assert.deepEqual(parseCounters(sockstat, 'TCP6: inuse 5\n', snmp), {
      tcp4: 7,
      tcp6: 5,
      connections: '7 5 1 3 125 2 0 0 4',
    });
  });

  it('takes a kernel without IPv6', () => {
    assert.equal(parseCounters(sockstat, '', snmp)?.tcp6, 0);
  });

  it('does not pretend to have read what it did not', () => {
    assert.equal(parseCounters('', '', snmp), undefined);
    assert.equal(parseCounters(sockstat, '', ''), undefined);
  });
});
