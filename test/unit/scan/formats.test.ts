import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainText } from '../../../src/base/text';
import { toCsv } from '../../../src/scan/formats/csv';
import { FormatError, type ExportContext } from '../../../src/scan/formats/format';
import { EXPORT_FORMATS, readScan } from '../../../src/scan/formats/formats';
import { readJson, toJson } from '../../../src/scan/formats/json';
import { toNmapXml } from '../../../src/scan/formats/nmapXml';
import { NmapXmlReader, readNmapXml } from '../../../src/scan/formats/nmapXmlReader';
import { toText } from '../../../src/scan/formats/text';
import type { SessionData } from '../../../src/scan/sessionData';
import { portRows } from '../../../src/scan/summary';
import { hostileText, session, totalPorts } from './arbitraries';

const CONTEXT: ExportContext = {
  version: '0.1.0',
  service: (protocol, port) => (protocol === 'tcp' && port === 22 ? 'ssh' : undefined),
};

const SAMPLE: SessionData = {
  id: 'scan-1',
  origin: 'scan',
  scanner: { name: 'Portlight', version: '0.1.0' },
  engine: 'raw',
  targets: 'dev.example 10.0.0.2',
  ports: '1-100,U:53',
  parts: [
    { technique: 'syn', ports: [[1, 100]] },
    { technique: 'udp', ports: [[53, 53]] },
  ],
  discovery: 'skip',
  timing: 'normal',
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  endedAt: Date.UTC(2026, 0, 2, 3, 4, 7),
  status: { kind: 'completed' },
  hosts: [
    {
      address: '10.0.0.1',
      name: 'dev.example',
      status: 'up',
      reason: 'user-set',
      latencyMs: 0.5,
      mac: '02:00:5e:10:00:01',
      complete: true,
      groups: [
        {
          protocol: 'tcp',
          state: 'open',
          reason: 'syn-ack',
          ports: [
            [22, 22],
            [81, 81],
          ],
        },
        { protocol: 'tcp', state: 'filtered', reason: 'no-response', ports: [[90, 90]] },
        {
          protocol: 'tcp',
          state: 'closed',
          reason: 'reset',
          ports: [
            [1, 21],
            [23, 80],
            [82, 89],
            [91, 99],
          ],
        },
        { protocol: 'tcp', state: 'closed', reason: 'conn-refused', ports: [[100, 100]] },
        { protocol: 'udp', state: 'open|filtered', reason: 'no-response', ports: [[53, 53]] },
      ],
      services: [{ protocol: 'tcp', port: 81, name: 'http', product: 'nginx 1.2', method: 'probed' }],
    },
  ],
  down: [{ reason: 'no-response', hosts: 1 }],
  hostsTotal: 2,
};

/** What a check of 81/tcp found. */
const CHECKED: SessionData = {
  ...SAMPLE,
  hosts: SAMPLE.hosts.map((host) => ({
    ...host,
    checks: [
      {
        checkedAt: Date.UTC(2026, 0, 2, 3, 5, 0),
        result: {
          service: 'redis',
          address: host.address,
          port: 81,
          transport: 'tcp',
          verdict: {
            kind: 'open-proved',
            proof: { asked: 'PING', answered: '+PONG' },
            facts: { version: '7.0.15' },
          },
          transcript: [
            { direction: 'out', bytes: 6, base64: 'UElORw0K' },
            { direction: 'in', bytes: 7, base64: 'K1BPTkcNCg==' },
          ],
          tls: false,
          connections: 1,
          packetsOut: 1,
          ms: 3,
          notTried: 'passwords',
        },
      },
    ],
  })),
};

describe('checks of authentication', () => {
  it('go through JSON without loss', () => {
    assert.deepEqual(readJson(toJson(CHECKED)), CHECKED);
  });

  it('are read with suspicion', () => {
    const spoilt = (from: string, to: string): string => {
      const text = toJson(CHECKED);
      assert.ok(text.includes(from), from);
      return text.replace(from, to);
    };
    for (const [from, to] of [
      ['"open-proved"', '"safe"'],
      ['"UElORw0K"', '"<script>"'],
      ['"+PONG"', '5'],
      ['"transport": "tcp"', '"transport": "ip"'],
    ] as const)
      assert.throws(() => readJson(spoilt(from, to)), FormatError, to);
    const hostile = readJson(spoilt('+PONG', String.raw`\u001b[2J`));
    const verdict = hostile.hosts[0]?.checks?.[0]?.result.verdict;
    assert.ok(verdict?.proof && !verdict.proof.answered.includes('\u001b'));
  });

  it('stand beside their port in text, CSV and XML', () => {
    const words = 'open, proved: PING answered +PONG';
    assert.ok(toText(CHECKED, CONTEXT).includes(`nginx 1.2\n|_portlight-check: ${words}\n90/tcp`));
    const row = toCsv(CHECKED, CONTEXT)
      .split('\r\n')
      .find((line) => line.includes(',tcp,81,81,'));
    assert.ok(row?.endsWith(`,open-proved,"${words}"`), row);
    const script = `<script id="portlight-check" output="${words}"/></port>`;
    assert.equal(toNmapXml(CHECKED, CONTEXT).split(script).length, 2);
  });
});

describe('plain text export', () => {
  it('reads like nmap’s normal output', () => {
    assert.equal(
      toText(SAMPLE, CONTEXT),
      `# Portlight 0.1.0 scan initiated 2026-01-02T03:04:05Z as: portlight-probe scan dev.example 10.0.0.2 -p 1-100,U:53 --technique syn --technique udp --timing normal
Scan report for dev.example (10.0.0.1)
Host is up, received user-set (0.00050s latency).
Not shown: 97 closed tcp ports (96 reset, 1 conn-refused)
PORT   STATE         SERVICE REASON      VERSION
22/tcp open          ssh?    syn-ack
81/tcp open          http    syn-ack     nginx 1.2
90/tcp filtered      unknown no-response
53/udp open|filtered unknown no-response
MAC Address: 02:00:5E:10:00:01

# Portlight 0.1.0 done at 2026-01-02T03:04:07Z -- 2 IP addresses (1 host up) scanned in 2.00 seconds
`,
    );
  });
});

/** RFC 4180, for the test only. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.matchAll(/((?:"(?:[^"]|"")*"|[^"\r\n])*)\r\n/gu)) {
    const cells = [...line[1]!.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/gu)];
    rows.push(cells.map((cell) => cell[1]?.replaceAll('""', '"') ?? cell[2] ?? ''));
  }
  return rows;
}

describe('CSV export', () => {
  it('has a row a port, and a row a range for what is summed up', () => {
    const rows = parseCsv(toCsv(SAMPLE, CONTEXT));
    assert.equal(
      rows[0]?.join(),
      'address,name,mac,latency_ms,host_reason,protocol,first_port,last_port,state,reason,service,service_known_by,verdict,verdict_proof',
    );
    const facts = '10.0.0.1,dev.example,02:00:5e:10:00:01,0.5,user-set';
    assert.equal(rows[1]?.join(), `${facts},tcp,22,22,open,syn-ack,ssh,number,,`);
    assert.equal(rows[2]?.join(), `${facts},tcp,81,81,open,syn-ack,http,probe,,`);
    assert.equal(rows.length, 1 + 4 + 5);
  });

  it('keeps hostile text in its cell, and never starts a formula with it', () => {
    fc.assert(
      fc.property(session, (data) => {
        const rows = parseCsv(toCsv(data, CONTEXT));
        assert.ok(rows.every((row) => row.length === 14));
        assert.ok(rows.every((row) => row.every((cell) => !/^[=+\-@\t\r]/u.test(cell))));
        const ports = rows
          .slice(1)
          .filter((row) => row[5] !== '')
          .reduce((sum, row) => sum + Number(row[7]) - Number(row[6]) + 1, 0);
        assert.equal(
          ports,
          data.hosts.reduce((sum, host) => sum + totalPorts(host.groups), 0),
        );
      }),
    );
  });
});

/** What text becomes on its way through a reader. */
function cleaned(data: SessionData): SessionData {
  return {
    ...data,
    targets: plainText(data.targets),
    hosts: data.hosts.map((host) => ({
      ...host,
      ...(host.name === undefined ? {} : { name: plainText(host.name, 253) }),
      ...(host.services === undefined
        ? {}
        : { services: host.services.map((each) => ({ ...each, name: plainText(each.name, 80) })) }),
    })),
  };
}

describe('JSON export', () => {
  it('comes back without loss', () => {
    fc.assert(
      fc.property(session, (data) => {
        assert.deepEqual(readJson(toJson(data)), cleaned(data));
      }),
    );
  });

  it('says where a file is wrong', () => {
    const wrong = (change: (document: Record<string, unknown>) => void): string => {
      const document = JSON.parse(toJson(SAMPLE)) as Record<string, unknown>;
      change(document);
      try {
        readJson(JSON.stringify(document));
      } catch (error) {
        assert.ok(error instanceof FormatError);
        return error.message;
      }
      return assert.fail('read it');
    };
    assert.match(
      wrong((d) => (d['format'] = 'x')),
      /another/u,
    );
    assert.match(
      wrong((d) => (d['version'] = 2)),
      /newer Portlight/u,
    );
    assert.match(
      wrong((d) => (d['startedAt'] = 'soon')),
      /ISO 8601 \(startedAt\)/u,
    );
    assert.match(
      wrong((d) => (d['timing'] = 'insane')),
      /one of polite, normal, fast \(timing\)/u,
    );
    assert.match(
      wrong((d) => {
        (d['hosts'] as { ports: { ports: string }[] }[])[0]!.ports[0]!.ports = '80-x';
      }),
      /a list of ports .*\(hosts\[0\]\.ports\[0\]\.ports\)/u,
    );
    assert.throws(() => readJson('{'), FormatError);
    assert.throws(() => readJson('[]'), /an object \(at the top\)/u);
  });

  it('takes a scan that was running for interrupted', () => {
    const read = readJson(toJson({ ...SAMPLE, status: { kind: 'running' } }));
    assert.deepEqual(read.status, { kind: 'interrupted' });
  });
});

describe('nmap’s XML', () => {
  it('comes back with every port, state and reason, whatever the names', () => {
    fc.assert(
      fc.property(session, (data) => {
        const { data: read, notes } = readNmapXml(
          toNmapXml(data, { ...CONTEXT, service: () => undefined }),
          'x',
        );
        assert.deepEqual(notes, []);
        assert.equal(read.scanner.name, 'Portlight');
        assert.deepEqual(read.parts, data.parts);
        assert.deepEqual([read.startedAt, read.endedAt], [data.startedAt, data.endedAt]);
        assert.deepEqual(
          read.hosts.map(({ address, reason, complete, latencyMs, mac }) => ({
            address,
            reason,
            complete,
            latencyMs,
            mac,
          })),
          data.hosts.map(({ address, reason, complete, latencyMs, mac }) => ({
            address,
            reason,
            complete,
            latencyMs,
            mac,
          })),
        );
        read.hosts.forEach((host, index) => {
          assert.deepEqual(portRows(host.groups), portRows(data.hosts[index]!.groups));
        });
      }),
    );
  });

  const document = (body: string, attributes = ''): string =>
    `<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" args="nmap x" start="10" version="7.93" xmloutputversion="1.05"${attributes}>${body}</nmaprun>`;

  it('holds the state that only an idle scan gives', () => {
    const { data } = readNmapXml(
      document(
        '<host><status state="up" reason="user-set"/><address addr="10.0.0.1" addrtype="ipv4"/><ports><port protocol="tcp" portid="22"><state state="closed|filtered" reason="no-ipid-change" reason_ttl="0"/></port></ports></host><runstats><finished time="12" exit="success"/></runstats>',
      ),
      'x',
    );
    assert.deepEqual(data.hosts[0]?.groups, [
      { protocol: 'tcp', state: 'closed|filtered', reason: 'no-ipid-change', ports: [[22, 22]] },
    ]);
    assert.deepEqual([data.status.kind, data.endedAt], ['completed', 12_000]);
  });

  it('derives ports that an old nmap only counted, and reads its plurals', () => {
    const host = (extra: string): string =>
      `<scaninfo type="syn" protocol="tcp" numservices="10" services="1-10"/><host><status state="up" reason="echo-reply"/><address addr="10.0.0.1" addrtype="ipv4"/><ports>${extra}<port protocol="tcp" portid="5"><state state="open" reason="syn-ack"/></port></ports></host>`;
    const one = readNmapXml(
      document(
        host('<extraports state="closed" count="9"><extrareasons reason="resets" count="9"/></extraports>'),
      ),
      'x',
    );
    assert.deepEqual(one.data.hosts[0]?.groups[1], {
      protocol: 'tcp',
      state: 'closed',
      reason: 'reset',
      ports: [
        [1, 4],
        [6, 10],
      ],
    });
    const two = readNmapXml(
      document(
        host(
          '<extraports state="closed" count="5"><extrareasons reason="resets" count="5"/></extraports><extraports state="filtered" count="4"><extrareasons reason="no-responses" count="4"/></extraports>',
        ),
      ),
      'x',
    );
    assert.equal(two.data.hosts[0]?.groups.length, 1);
    assert.match(two.notes.join(), /only counted/u);
  });

  it('names what it leaves out', () => {
    const { notes } = readNmapXml(
      document(
        '<scaninfo type="sctpinit" protocol="sctp" numservices="1" services="7"/><host><status state="up" reason="arp-response"/><address addr="10.0.0.1"/><ports><port protocol="sctp" portid="7"><state state="open" reason="init-ack"/></port></ports></host>',
      ),
      'x',
    );
    assert.equal(notes.length, 2);
  });

  it('gives what a file that breaks off holds', () => {
    const whole = toNmapXml(SAMPLE, CONTEXT);
    const { data, notes } = readNmapXml(whole.slice(0, whole.indexOf('<runstats>')), 'x');
    assert.equal(data.hosts.length, 1);
    assert.equal(data.status.kind, 'interrupted');
    assert.match(notes.join(), /breaks off/u);
  });

  it('expands no entity', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><nmaprun args="&b;"/>`;
    assert.throws(() => readNmapXml(bomb, 'x'), /not well-formed XML: undefined entity/u);
    const outside = `<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/passwd">]><nmaprun args="&x;"/>`;
    assert.throws(() => readNmapXml(outside, 'x'), FormatError);
  });

  it('is refused with line and column where it is none', () => {
    assert.throws(() => readNmapXml('<html></html>', 'x'), /begins with <html> \(line 1/u);
    assert.throws(() => readNmapXml('<nmaprun>\n<a></b>', 'x'), /line 2/u);
    assert.throws(() => readScan('PORT STATE', 'x'), /neither a scan/u);
    assert.throws(() => readNmapXml('', 'x'), FormatError);
  });

  it('may come in pieces of any size', () => {
    const whole = toNmapXml(SAMPLE, CONTEXT);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 20 }), (cuts) => {
        const reader = new NmapXmlReader('x');
        const ends = [...cuts.sort((a, b) => a - b), whole.length];
        ends.forEach((end, index) => {
          reader.write(whole.slice(index === 0 ? 0 : ends[index - 1], end));
        });
        assert.deepEqual(reader.close(), readNmapXml(whole, 'x'));
      }),
    );
  });

  it('throws nothing but FormatError, whatever the file', () => {
    const whole = toNmapXml(SAMPLE, CONTEXT);
    const mutated = fc
      .tuple(fc.nat(whole.length), fc.nat(40), hostileText)
      .map(([at, cut, text]) => whole.slice(0, at) + text + whole.slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(mutated, hostileText), (text) => {
        try {
          readScan(text, 'x');
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('every export', () => {
  it('is a table with one writer a format, and none throws', () => {
    fc.assert(
      fc.property(session, (data) => {
        for (const { write } of EXPORT_FORMATS) assert.ok(write(data, CONTEXT).length > 0);
      }),
      { numRuns: 30 },
    );
    assert.equal(new Set(EXPORT_FORMATS.map(({ extension }) => extension)).size, 4);
    const read = readScan(toJson(SAMPLE), 'new').data;
    assert.deepEqual([read.id, read.origin], ['new', 'import']);
  });
});
