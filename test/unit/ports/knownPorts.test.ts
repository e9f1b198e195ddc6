import assert from 'node:assert/strict';
import fc from 'fast-check';
import { english } from '../../../src/base/text';
import { knownPort, knownUseWords } from '../../../src/ports/knownPorts';
import { BACKDOORS } from '../../../src/ports/tables/backdoors';
import { IANA_SERVICES } from '../../../src/ports/tables/ianaServices';
import { KNOWN_USES } from '../../../src/ports/tables/knownUses';

const anyPort = fc.integer({ min: 0, max: 65535 });
const anyProtocol = fc.constantFrom('tcp', 'udp');

describe('knownPort', () => {
  for (const [port, protocol, ianaName, known] of [
    [22, 'tcp', 'ssh', 'SSH'],
    [53, 'udp', 'domain', 'DNS'],
    [80, 'tcp', 'http', 'Web server'],
    [514, 'tcp', 'shell', undefined],
    [514, 'udp', 'syslog', undefined],
    [631, 'tcp', 'ipp', undefined],
    [2375, 'tcp', 'docker', 'Docker API without TLS'],
    [3306, 'tcp', 'mysql', 'MySQL, MariaDB'],
    [5432, 'tcp', 'postgresql', 'PostgreSQL'],
    [5432, 'udp', 'postgresql', undefined],
    [6000, 'tcp', 'x11', 'X11'],
    [6379, 'tcp', 'redis', 'Redis, Valkey'],
    [5173, 'tcp', undefined, 'Vite'],
    [9229, 'tcp', undefined, 'Node.js inspector'],
    [11434, 'tcp', undefined, 'Ollama'],
    [51820, 'udp', undefined, 'WireGuard'],
  ] as const) {
    it(`${port}/${protocol}: ${ianaName ?? 'no name'}, ${known ?? 'nothing more'}`, () => {
      const about = knownPort(port, protocol);
      if (ianaName !== undefined) assert.equal(about.ianaName, ianaName);
      assert.equal(about.knownFor[0]?.name, known);
    });
  }

  it('names the default ports of backdoors, with the source, for their protocol only', () => {
    for (const [port, name] of [
      [12345, /NetBus/u],
      [27374, /SubSeven/u],
      [31337, /Back Orifice/u],
      [4444, /Metasploit/u],
    ] as const) {
      const { backdoor } = knownPort(port, 'tcp');
      assert.match(backdoor?.name ?? '', name);
      assert.ok((backdoor?.source.length ?? 0) > 5);
    }
    assert.equal(knownPort(12345, 'udp').backdoor, undefined);
    assert.equal(knownPort(8080, 'tcp').backdoor, undefined);
  });

  it('knows more than a thousand names, and says something of every kind', () => {
    let names = 0;
    const kinds = new Set<string>();
    for (let port = 0; port < 65536; port++) {
      const { ianaName, knownFor } = knownPort(port, 'tcp');
      if (ianaName !== undefined) names++;
      for (const use of knownFor) {
        kinds.add(use.kind);
        assert.match(knownUseWords(use, english), /^.+ \(.+\)$/u);
      }
    }
    assert.ok(names > 1000, `${names}`);
    assert.equal(kinds.size, KNOWN_USES.trim().split('\n').length);
  });

  it('answers for any port without an error', () => {
    fc.assert(
      fc.property(anyPort, anyProtocol, (port, protocol) => {
        assert.ok(Array.isArray(knownPort(port, protocol).knownFor));
      }),
    );
  });
});

describe('the tables of known ports', () => {
  it('hold nothing that cannot be read', () => {
    for (const entry of IANA_SERVICES.trim().split(/[;\n]/u))
      assert.match(entry, /^\d{1,5}[tu]? [\w.+/*-]+$/u);
    for (const line of [...KNOWN_USES.trim().split('\n'), ...BACKDOORS.trim().split('\n')]) {
      const [heading = '', ...rest] = line.split(': ');
      assert.ok(heading.length > 0 && rest.length > 0, line);
      for (const entry of rest.join(': ').split('; ')) {
        const port = /^(\d{1,5})u? \S/u.exec(entry)?.[1];
        assert.ok(port !== undefined && Number(port) <= 65535, entry);
      }
    }
  });

  it('name a port only once in a line', () => {
    for (const line of [...KNOWN_USES.trim().split('\n'), ...BACKDOORS.trim().split('\n')]) {
      const ports = [...line.matchAll(/(?:: |; )(\d+u?) /gu)].map((match) => match[1]);
      assert.equal(new Set(ports).size, ports.length, line);
    }
  });
});
