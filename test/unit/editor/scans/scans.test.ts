import assert from 'node:assert/strict';
import { english } from '../../../../src/base/text';
import { checkable } from '../../../../src/editor/scans/checkTargets';
import type { DraftContext } from '../../../../src/editor/scans/draftParts';
import { sessionDraft } from '../../../../src/editor/scans/scanDrafts';
import {
  discoveryMethods,
  grantCommand,
  pointed,
  techniqueOptions,
} from '../../../../src/editor/scans/scanPlan';
import { MOST_SESSIONS, SessionList } from '../../../../src/editor/scans/sessionList';
import { Transcript } from '../../../../src/editor/scans/transcript';
import { asText } from '../../../../src/editor/views/asText';
import type { CheckResult } from '../../../../src/exposure/result';
import { bounded } from '../../../../src/scan/bounded';
import type { Capabilities } from '../../../../src/scan/client';
import { formatHostPort, parseHostPort } from '../../../../src/scan/hostPort';
import { portNames } from '../../../../src/scan/portSets';
import { ScanSession } from '../../../../src/scan/session';
import type { HostRecord, SessionData } from '../../../../src/scan/sessionData';
import { PORT_STATES } from '../../../../src/scan/states';
import { TECHNIQUE_IDS } from '../../../../src/scan/techniques';

const HOST: HostRecord = {
  address: '10.0.0.1',
  name: 'db.example',
  status: 'up',
  reason: 'echo-reply',
  latencyMs: 0.42,
  complete: true,
  groups: [
    {
      protocol: 'tcp',
      state: 'open',
      reason: 'syn-ack',
      ports: [
        [22, 22],
        [5432, 5432],
      ],
    },
    { protocol: 'tcp', state: 'filtered', reason: 'no-response', ports: [[23, 23]] },
    { protocol: 'tcp', state: 'closed', reason: 'reset', ports: [[1, 21]] },
    { protocol: 'tcp', state: 'closed', reason: 'conn-refused', ports: [[24, 24]] },
  ],
  services: [{ protocol: 'tcp', port: 5432, name: 'postgresql', product: 'PostgreSQL 16', method: 'probed' }],
};

const DATA: SessionData = {
  id: 's1',
  origin: 'scan',
  scanner: { name: 'Portlight', version: '0.1.0' },
  targets: 'db.example 10.0.0.2',
  ports: '1-24,5432',
  parts: [
    {
      technique: 'connect',
      ports: [
        [1, 24],
        [5432, 5432],
      ],
    },
  ],
  discovery: 'skip',
  timing: 'polite',
  startedAt: 1000,
  endedAt: 2000,
  status: { kind: 'completed' },
  hosts: [HOST],
  down: [{ reason: 'no-response', hosts: 1 }],
  hostsTotal: 2,
};

const CONTEXT: DraftContext = {
  states: new Set(PORT_STATES),
  sort: 'address',
  formatTime: (ms) => `at ${ms}`,
  t: english,
};

function drawn(data: SessionData, context = CONTEXT, entry = {}): string[] {
  return asText([sessionDraft({ id: data.id, data, ...entry }, context)]);
}

describe('the tree of scans', () => {
  it('counts one port, and IP protocols, as what they are', () => {
    const [connect] = DATA.parts;
    const parts = [
      { ...connect!, ports: [[80, 80]] },
      { ...connect!, technique: 'ip-protocol', ports: [[1, 2]] },
    ] satisfies SessionData['parts'];
    assert.match(drawn({ ...DATA, parts })[0]!, /TCP connect, 1 port \+ IP protocols: 2/u);
  });

  it('goes from the scan to its hosts, their open ports and what is summed up', () => {
    assert.deepEqual(drawn(DATA), [
      'db.example 10.0.0.2: 2 open ports on 1 of 2 hosts · TCP connect, 25 ports · at 1000',
      '  db.example: 10.0.0.1 · 2 open ports · up (echo-reply) · 0.42 ms',
      '    22/tcp: open · ssh? · syn-ack',
      '    5432/tcp: open · postgresql · PostgreSQL 16 · syn-ack',
      '    1 TCP port: filtered: 1 no-response',
      '      1 no-response: 23',
      '    22 TCP ports: closed: 21 reset, 1 conn-refused',
      '      21 reset: 1-21',
      '      1 conn-refused: 24',
      '  1 host down: 1 no-response',
    ]);
  });

  it('says a guess as a guess, also to a screen reader', () => {
    const draft = sessionDraft({ id: 's1', data: DATA }, CONTEXT);
    const below = ({ children }: typeof draft): readonly (typeof draft)[] =>
      typeof children === 'function' ? children() : children;
    const [ssh, postgres] = below(below(draft)[0]!);
    assert.equal(ssh!.look.spoken, 'TCP port 22 of db.example is open · syn-ack · by its number perhaps ssh');
    assert.equal(postgres!.look.spoken, 'TCP port 5432 of db.example is open · syn-ack · postgresql');
  });

  it('shows only the states that are asked for', () => {
    const lines = drawn(DATA, { ...CONTEXT, states: new Set(['open']) });
    assert.equal(lines.length, 5);
  });

  it('puts many hosts without an open port under one element', () => {
    const quiet = Array.from({ length: 20 }, (_, i): HostRecord => {
      return { address: `10.0.1.${i}`, status: 'up', reason: 'user-set', complete: true, groups: [] };
    });
    const lines = drawn({ ...DATA, hosts: [HOST, ...quiet] });
    assert.ok(lines.includes('  20 hosts without an open port'));
    assert.ok(lines.includes('    10.0.1.7: 0 open ports · up (user-set)'));
  });

  it('unfolds a host before its first port is known, so that its ports show as they come', () => {
    const expandOf = (status: SessionData['status']): string | undefined => {
      const { children } = sessionDraft(
        { id: 's1', data: { ...DATA, status, hosts: [{ ...HOST, groups: [] }] } },
        CONTEXT,
      );
      return (typeof children === 'function' ? children() : children)[0]?.look.expand;
    };
    assert.equal(expandOf({ kind: 'running' }), 'expanded');
    assert.equal(expandOf({ kind: 'completed' }), 'leaf');
  });

  it('says how a scan goes and how it ended', () => {
    const progress = { done: 50, total: 200, rate: 1234.4, open: 2, secondsLeft: 12.4 };
    const [running] = drawn({ ...DATA, status: { kind: 'running' } }, CONTEXT, { progress });
    assert.match(running!, /: running · 25 % · 1234 probes\/s · 2 open · 12 s left · /u);
    const [failed] = drawn({ ...DATA, status: { kind: 'failed', code: 'helper-died', message: 'x' } });
    assert.match(failed!, /: failed · 2 open ports/u);
    assert.match(drawn({ ...DATA, origin: 'import' })[0]!, /imported/u);
  });
});

const OPEN_REDIS: CheckResult = {
  service: 'redis',
  address: '10.0.0.1',
  port: 6379,
  transport: 'tcp',
  verdict: { kind: 'open-proved', proof: { asked: 'PING', answered: '+PONG' } },
  transcript: [{ direction: 'out', bytes: 6, base64: 'UElORw0K' }],
  tls: false,
  connections: 1,
  packetsOut: 1,
  ms: 2,
  notTried: 'passwords',
};

describe('who can get into a scanned port', () => {
  const open = (address: string, ...ports: number[]): HostRecord => {
    const ranges = ports.map((port) => [port, port] as const);
    const groups = [{ protocol: 'tcp', state: 'open', reason: 'syn-ack', ports: ranges }] as const;
    return { address, status: 'up', reason: 'user-set', complete: true, groups };
  };
  const traits = (host: HostRecord): string[][] => {
    const draft = sessionDraft({ id: 's1', data: { ...DATA, hosts: [host] } }, CONTEXT);
    const below = ({ children }: typeof draft): readonly (typeof draft)[] =>
      typeof children === 'function' ? children() : children;
    const [drawnHost] = below(draft);
    return [drawnHost!, ...below(drawnHost!)].map(({ look }) => look.traits.split(';'));
  };

  it('is asked of ports that a check knows, never of a debugger or of loopback', () => {
    const debuggers = [5005, 5678, 2345, 12345];
    assert.deepEqual(
      checkable('s1', open('10.0.0.1', 6379, 40000, ...debuggers)).map(({ port }) => port),
      [6379],
    );
    assert.deepEqual(checkable('s1', open('127.0.0.1', 6379)), []);
    const [host, ...ports] = traits(open('10.0.0.1', 6379, ...debuggers));
    assert.ok(host!.includes('checkable'));
    assert.deepEqual(
      ports.map((port) => port.includes('checkable')),
      [6379, ...debuggers].sort((a, b) => a - b).map((port) => port === 6379),
    );
    assert.ok(traits(open('127.0.0.1', 6379)).every((each) => !each.includes('checkable')));
  });

  it('stands on the row of the port, with evidence and remedy below, and stays with the session', () => {
    const list = new SessionList();
    const told: string[] = [];
    list.add({ ...DATA, hosts: [open('10.0.0.1', 22, 6379)] });
    list.onDidChange(({ kind }) => told.push(kind));
    list.addCheck('s1', { checkedAt: 1000, result: { ...OPEN_REDIS, ms: 9 } });
    list.addCheck('s1', { checkedAt: 2000, result: OPEN_REDIS });
    assert.deepEqual(told, ['checked', 'checked']);
    const { data } = list.get('s1')!;
    assert.deepEqual(
      data.hosts[0]?.checks?.map(({ checkedAt }) => checkedAt),
      [2000],
    );
    const lines = drawn(data);
    const at = lines.findIndex((line) => line.startsWith('    6379/tcp: '));
    assert.equal(
      lines[at],
      '    6379/tcp: Critical: Redis is open, proved: PING answered +PONG on 10.0.0.1 · open · redis? · syn-ack',
    );
    const below = lines.slice(at + 1).join('\n');
    assert.match(below, /What its owner can do: Bind it to localhost\./u);
    assert.match(below, /→ sent 6 bytes: PING\\r\\n/u);
    assert.match(below, /Checked at at 2000/u);
    list.dispose();
  });

  it('is judged as the service that the user named, on a port that nobody knows', () => {
    const host = {
      ...open('10.0.0.1', 40000),
      checks: [{ checkedAt: 1000, result: { ...OPEN_REDIS, port: 40000 } }],
    };
    const line = drawn({ ...DATA, hosts: [host] }).find((each) => each.includes('40000/tcp'));
    assert.match(line ?? '', /Critical: Redis is open, proved/u);
  });

  it('is no green where the answer is unknown', () => {
    const verdict = { kind: 'unknown', reason: 'silent' } as const;
    const host = {
      ...open('10.0.0.1', 40000),
      checks: [{ checkedAt: 1000, result: { ...OPEN_REDIS, service: 'unknown', port: 40000, verdict } }],
    };
    const draft = sessionDraft({ id: 's1', data: { ...DATA, hosts: [host] } }, CONTEXT);
    const below = ({ children }: typeof draft): readonly (typeof draft)[] =>
      typeof children === 'function' ? children() : children;
    const [port] = below(below(draft)[0]!);
    assert.deepEqual(port!.look.icon, { id: 'question' });
    assert.match(port!.look.spoken, /unknown/u);
  });
});

describe('SessionList', () => {
  function live(id: string): ScanSession {
    const { origin, scanner, targets, ports, parts, discovery, timing, startedAt, hostsTotal } = DATA;
    return new ScanSession({
      ...{ id, origin, scanner, targets, ports, parts },
      ...{ discovery, timing, startedAt, hostsTotal },
    });
  }
  const end = { outcome: 'completed', elapsedMs: 1, hostsUp: 1, hostsDown: 0, packetsSent: 1 } as const;

  it('follows a scan to its end, and tells what is worth storing', () => {
    const list = new SessionList();
    const told: string[] = [];
    list.onDidChange(({ kind }) => told.push(kind));
    const session = live('s2');
    let cancelled = 0;
    list.follow(session, () => cancelled++);
    session.apply({ kind: 'host', host: { address: '10.0.0.9', status: 'up', reason: 'user-set' } });
    assert.equal(list.get('s2')?.data.hosts.length, 1);
    list.cancel('s2');
    session.finish(end, 3000);
    assert.equal(list.get('s2')?.data.status.kind, 'completed');
    list.remove('s2');
    assert.deepEqual(told, ['added', 'updated', 'ended', 'removed']);
    assert.deepEqual([cancelled, list.all.length], [2, 0]);
    list.dispose();
  });

  it('forgets the oldest of many that have ended', () => {
    const list = new SessionList();
    for (let i = 0; i < MOST_SESSIONS + 3; i++) list.add({ ...DATA, id: `s${i}`, startedAt: i });
    assert.deepEqual(list.all.map(({ data }) => data.startedAt).slice(-1), [3]);
    assert.equal(list.all.length, MOST_SESSIONS);
    list.dispose();
  });

  it('shows what has changed since an earlier scan', () => {
    const list = new SessionList();
    list.add(DATA);
    const groups = HOST.groups.filter(({ state }) => state !== 'filtered');
    const opened = { protocol: 'tcp', state: 'open', reason: 'syn-ack', ports: [[23, 23]] } as const;
    list.add({ ...DATA, id: 's9', startedAt: 9000, hosts: [{ ...HOST, groups: [...groups, opened] }] });
    list.compare('s9', 's1');
    const entry = list.get('s9')!;
    const lines = asText([sessionDraft(entry, CONTEXT)]);
    assert.deepEqual(lines.slice(1, 4), [
      '  Changes on 1 host: since at 1000',
      '    db.example',
      '      23/tcp: new · filtered → open',
    ]);
    list.dispose();
  });
});

describe('the technique picker', () => {
  const able = (missing?: 'permission' | 'platform'): Capabilities => ({
    version: '0.1.0',
    engine: 'raw',
    techniques: TECHNIQUE_IDS.map((id) =>
      id === 'connect' || missing === undefined ? { id } : { id, missing },
    ),
    executable: "/opt/it's/portlight-probe",
    ownAddresses: [],
  });

  it('makes the parts of a scan of what was typed', () => {
    const options = techniqueOptions('22,U:53', able(), english);
    assert.deepEqual(
      options.find(({ id }) => id === 'syn'),
      {
        id: 'syn',
        parts: [
          { technique: 'syn', ports: [[22, 22]] },
          { technique: 'udp', ports: [[53, 53]] },
        ],
      },
    );
    const udp = techniqueOptions('53', able(), english).find(({ id }) => id === 'udp');
    assert.deepEqual(udp, { id: 'udp', parts: [{ technique: 'udp', ports: [[53, 53]] }] });
  });

  it('says why a technique cannot be used, and what would help', () => {
    const options = techniqueOptions('22', able('permission'), english);
    const syn = options.find(({ id }) => id === 'syn')!;
    assert.ok('grantable' in syn && syn.grantable);
    const connect = techniqueOptions('22,U:53', able('permission'), english).find(
      ({ id }) => id === 'connect',
    )!;
    assert.ok('problem' in connect, 'the UDP part needs the right too');
    const elsewhere = techniqueOptions('22', able('platform'), english).find(({ id }) => id === 'syn')!;
    assert.ok('grantable' in elsewhere && !elsewhere.grantable);
    const numbers = techniqueOptions('8080', able(), english).find(({ id }) => id === 'ip-protocol')!;
    assert.ok('problem' in numbers && numbers.problem.includes('255'));
    assert.deepEqual(discoveryMethods(able('permission')), ['tcp-connect', 'neighbour']);
  });

  it('types the exact command, whatever the path', () => {
    assert.equal(grantCommand("/opt/it's/x"), `sudo setcap cap_net_raw+ep '/opt/it'\\''s/x'`);
  });

  it('points at what is wrong', () => {
    assert.equal(pointed('1.2.3.999', { offset: 6, length: 3, message: '' }), '1.2.3.⟦999⟧');
  });
});

describe('parseHostPort', () => {
  const cases: [text: string, expected: string][] = [
    ['localhost:5432', 'localhost 5432'],
    [' localhost 5432 ', 'localhost 5432'],
    ['[::1]:80', '[::1] 80'],
    ['::1 80', '::1 80'],
    ['db.example:http', 'db.example 80'],
    ['10.0.0.1:70000', '70000'],
    ['10.0.0.1:', ''],
    ['10.0.0.1', ''],
    ['10.0.0.1-3:80', '10.0.0.1-3'],
    ['10.0.0.999:80', '999'],
    ['', ''],
  ];
  for (const [text, expected] of cases)
    it(`reads “${text}”`, () => {
      const parsed = parseHostPort(text, portNames, english);
      if (parsed.ok) assert.equal(`${parsed.value.host} ${parsed.value.port}`, expected);
      else {
        const { offset, length } = parsed.errors[0]!;
        assert.equal(text.slice(offset, offset + length), expected);
      }
    });

  it('reads what formatHostPort writes', () => {
    assert.equal(formatHostPort('::1', 80), '[::1]:80');
    assert.equal(formatHostPort('10.0.0.1', 80), '10.0.0.1:80');
  });
});

describe('Transcript', () => {
  it('joins pieces to lines, and breaks where somebody else speaks', () => {
    const transcript = new Transcript();
    const receive = (text: string): void => {
      transcript.receive(new TextEncoder().encode(text));
    };
    receive('220 har');
    receive('bour\r\nready');
    transcript.add('us', 'QUIT');
    receive('221 bye\r\n');
    receive('more');
    assert.equal(transcript.asText(), '220 harbour\nready\n> QUIT\n221 bye\nmore');
  });

  it('stays small, whatever a server says', () => {
    const transcript = new Transcript();
    for (let i = 0; i < 200; i++) transcript.receive(new Uint8Array(10_000).fill(65));
    for (let i = 0; i < 2000; i++) transcript.receive(new TextEncoder().encode('\n'));
    assert.ok(transcript.lines.length <= 500);
    assert.ok(transcript.lines.every(({ text }) => text.length <= 2000));
  });
});

describe('bounded', () => {
  it('keeps the hosts with open ports, and counts the others', () => {
    const quiet: HostRecord = {
      address: '10.0.0.2',
      status: 'up',
      reason: 'user-set',
      complete: true,
      groups: [],
    };
    const data = { ...DATA, hosts: [HOST, quiet] };
    assert.equal(bounded(data, 1_000_000), data);
    const small = bounded(data, 100);
    assert.deepEqual([small.hosts.length, small.omittedHosts], [1, 1]);
  });
});
