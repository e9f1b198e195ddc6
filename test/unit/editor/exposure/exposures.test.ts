import assert from 'node:assert/strict';
import type { Clock } from '../../../../src/base/clock';
import { Emitter } from '../../../../src/base/event';
import { english } from '../../../../src/base/text';
import { ExposureNotices } from '../../../../src/editor/exposure/exposureNotices';
import { exposureRow } from '../../../../src/editor/exposure/exposureDrafts';
import { exposureTraits } from '../../../../src/editor/exposure/exposureLook';
import { Exposures } from '../../../../src/editor/exposure/exposures';
import { exposureText } from '../../../../src/editor/exposure/exposureText';
import { ListenersModel } from '../../../../src/editor/views/listenersModel';
import type { Notice } from '../../../../src/editor/interaction';
import type { Acceptance } from '../../../../src/exposure/accept';
import type { CheckPolicy } from '../../../../src/exposure/policy';
import type { CheckResult } from '../../../../src/exposure/result';
import type { Verdict } from '../../../../src/exposure/verdict';
import type { Listener } from '../../../../src/ports/listener';
import type { Snapshot } from '../../../../src/ports/snapshot';
import { aListener, anEndpoint, anOwner, aSnapshot, NOW } from '../views/sample';

const OPEN: Verdict = { kind: 'open-proved', proof: { asked: 'PING', answered: '+PONG' } };
const CLOSED: Verdict = { kind: 'auth-required', proof: { asked: 'PING', answered: '-NOAUTH' } };

function aRedis(pid = 812): Listener {
  const process = {
    pid,
    name: 'redis-server',
    commandLine: ['redis-server'],
    executable: '/usr/bin/redis-server',
  };
  return aListener({ id: `tcp:6379:${pid}@1`, port: 6379, scope: 'wildcard', owner: anOwner(process) });
}

const POLICY: CheckPolicy = {
  mode: 'automatic',
  exceptPorts: [],
  exceptExecutables: [],
  workspaceTrusted: true,
};

/** A machine whose services answer what the test says, and a clock that only the test moves. */
class World {
  verdict: Verdict = OPEN;
  readonly asked: string[] = [];
  private timers: { at: number; callback: () => void }[] = [];
  private time = NOW;
  private readonly watched = new Emitter<undefined>();
  readonly watcher = { snapshot: undefined as Snapshot | undefined, onDidChange: this.watched.event };
  readonly policy = {
    current: POLICY,
    onDidChange: new Emitter<undefined>().event,
  };
  readonly acceptances = {
    current: [] as readonly Acceptance[],
    onDidChange: new Emitter<undefined>().event,
  };
  readonly clock: Clock = {
    now: () => this.time,
    after: (ms, callback) => {
      const timer = { at: this.time + ms, callback };
      this.timers.push(timer);
      return { dispose: () => (this.timers = this.timers.filter((one) => one !== timer)) };
    },
  };
  readonly exposures = this.make();

  private make(): Exposures {
    return new Exposures({
      watcher: this.watcher,
      policy: this.policy,
      acceptances: this.acceptances,
      checker: {
        check: ({ service, address, port }): Promise<CheckResult> => {
          this.asked.push(`${service} ${address}:${port}`);
          return Promise.resolve({
            service,
            address,
            port,
            transport: 'tcp',
            verdict: this.verdict,
            transcript: [],
            tls: false,
            connections: 1,
            packetsOut: 1,
            ms: 1,
            notTried: 'passwords',
          });
        },
      },
      clock: this.clock,
      onError: fail,
      t: english,
    });
  }

  async show(...listeners: Listener[]): Promise<void> {
    this.watcher.snapshot = aSnapshot(listeners);
    this.watched.fire(undefined);
    await settled();
  }

  async pass(ms: number): Promise<void> {
    this.time += ms;
    const due = this.timers.filter(({ at }) => at <= this.time);
    this.timers = this.timers.filter((timer) => !due.includes(timer));
    for (const { callback } of due) callback();
    await settled();
  }

  severity(id: string): string | undefined {
    return this.exposures.current.get(id)?.severity;
  }
}

const fail = (error: unknown): never => {
  throw error;
};

/** Everything that promises alone can do is done. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Exposures', () => {
  it('judges an open door by itself, and sees by itself that it was closed', async () => {
    const world = new World();
    await world.show(aRedis());
    assert.deepEqual(world.asked, ['redis 192.0.2.2:6379']);
    assert.equal(world.severity('tcp:6379:812@1'), 'critical');
    world.verdict = CLOSED;
    await world.pass(10_000);
    assert.equal(world.severity('tcp:6379:812@1'), 'none');
    assert.equal(world.exposures.current.get('tcp:6379:812@1')?.verdict.kind, 'auth-required');
    world.exposures.dispose();
  });

  it('looks at an open door again within a minute, however long it was open, and at once when a fix is due', async () => {
    const world = new World();
    await world.show(aRedis());
    for (let i = 0; i < 20; i++) await world.pass(60_000);
    const before = world.asked.length;
    assert.equal(before, 21);
    world.verdict = CLOSED;
    world.exposures.expectFix('tcp:6379:812@1');
    await world.pass(5_000);
    assert.equal(world.asked.length, before + 1);
    assert.equal(world.severity('tcp:6379:812@1'), 'none');
    world.exposures.dispose();
  });

  it('tells the whole story of an open Redis in its document: what is proved, why it matters, and the fixes in order', async () => {
    const world = new World();
    const facts = { version: '6.0.16', mode: 'standalone', allowed: 'CONFIG FLUSHALL SAVE' };
    world.verdict = { ...OPEN, facts };
    const process = { pid: 1, name: 'redis-server', executable: '/usr/bin/redis-server', uid: 0 };
    const owner = anOwner({ ...process, commandLine: ['/usr/bin/redis-server', '*:6379'] });
    await world.show(aListener({ id: 'redis', port: 6379, scope: 'wildcard', owner }));
    const text = exposureText(world.exposures.current.get('redis')!, english);
    const story = [
      'Critical: Redis is open, proved: PING answered +PONG on 192.0.2.2',
      'runs as root',
      'Version: 6.0.16.',
      'Protected mode is off',
      'Without calling them: the default user may run CONFIG, FLUSHALL, SAVE.',
      'authorized_keys',
      '1. Bind it to localhost.',
      '2. Set a password',
      '3. Do not run it as root',
      '4. Keep dangerous commands from the default user.',
      '5. Upgrade it: Redis 6.0.16 is an old line.',
      '6. Stop it, and start it again',
      'every interface; the addresses of this machine that this means: 192.0.2.2.',
      'whether one stands before it was not tested',
    ];
    let at = 0;
    for (const line of story) {
      const next = text.indexOf(line, at);
      assert.ok(next >= 0, `“${line}” is missing, or not in its place:\n${text}`);
      at = next;
    }
    world.exposures.dispose();
  });

  it('checks another process anew, and forgets the one that is gone', async () => {
    const world = new World();
    await world.show(aRedis(812));
    await world.show(aRedis(900));
    assert.equal(world.asked.length, 2);
    assert.deepEqual([...world.exposures.current.keys()], ['tcp:6379:900@1']);
    world.exposures.dispose();
  });

  it('sends nothing without trust, and checks when the user asks', async () => {
    const world = new World();
    world.policy.current = { ...POLICY, workspaceTrusted: false };
    await world.show(aRedis());
    assert.deepEqual(world.asked, []);
    assert.equal((await world.exposures.checkNow('tcp:6379:812@1'))?.severity, 'critical');
    assert.equal(world.asked.length, 1);
    world.exposures.dispose();
  });

  it('offers a well-known account only where there is one that can be tried', async () => {
    const world = new World();
    const ftp = (scope: 'wildcard' | 'loopback'): Listener => {
      const owner = anOwner({ name: 'vsftpd', commandLine: ['vsftpd'], executable: '/usr/sbin/vsftpd' });
      const address = scope === 'loopback' ? '127.0.0.1' : '0.0.0.0';
      const endpoints = [anEndpoint({ address, scope, port: 21 })];
      return aListener({ id: `tcp:21:${scope}`, port: 21, scope, endpoints, owner });
    };
    await world.show(aRedis(), ftp('wildcard'), ftp('loopback'));
    const offered = [...world.exposures.current.values()].filter((assessment) =>
      exposureTraits(assessment).includes('account'),
    );
    assert.deepEqual(
      offered.map(({ listenerId }) => listenerId),
      ['tcp:21:wildcard'],
    );
    assert.equal(world.exposures.wellKnownAccount('tcp:21:wildcard')?.account, 'anonymous');
    const before = world.asked.length;
    assert.equal((await world.exposures.tryAccount('tcp:21:wildcard'))?.verdict.kind, 'open-proved');
    assert.equal(world.asked.length, before + 1);
  });

  it('is silent about what was accepted, until its last day has ended', async () => {
    const world = new World();
    const until = new Date(NOW).toISOString().slice(0, 10);
    world.acceptances.current = [
      { finding: 'open.redis', protocol: 'tcp', port: 6379, reason: 'a lab', until },
    ];
    await world.show(aRedis());
    assert.equal(world.severity('tcp:6379:812@1'), 'none');
    await world.pass(86_400_000);
    assert.equal(world.severity('tcp:6379:812@1'), 'critical');
    world.exposures.dispose();
  });

  it('puts the row on top, whatever is hidden, and says the evidence', async () => {
    const world = new World();
    const redis = aRedis();
    await world.show(redis);
    const model = new ListenersModel({ t: english, formatTime: String });
    model.update({
      snapshot: world.watcher.snapshot,
      choices: { groupBy: 'owner', hiddenGroups: ['services', 'workspace'], hideRules: [], filter: '' },
      folders: [],
      origins: { terminalPids: new Map() },
      connections: new Map(),
      isNew: () => false,
      exposures: new Map(
        [...world.exposures.current].map(([id, assessment]) => [id, exposureRow(assessment, english)]),
      ),
      now: NOW,
    });
    const [top] = model.tree.roots;
    assert.equal(top?.look.label, 'Needs attention');
    const look = model.row(redis.id)?.look;
    assert.match(
      look?.description ?? '',
      /^Critical: Redis is open, proved: PING answered \+PONG on 192\.0\.2\.2/u,
    );
    assert.match(look?.spoken ?? '', /Critical: Redis is open, proved/u);
    assert.equal(look?.icon?.id, 'error');
    assert.equal(model.summary.critical, 1);
    const assessment = world.exposures.current.get(redis.id);
    assert.ok(assessment);
    assert.match(exposureText(assessment, english), /Checked 192\.0\.2\.2:6379 \(TCP\)/u);
    world.exposures.dispose();
  });
});

describe('ExposureNotices', () => {
  it('tells once, not again in the next session, and again when a closed door opens', async () => {
    const world = new World();
    const kept = new Map<string, unknown>();
    const told: Notice[] = [];
    const notices = (): ExposureNotices =>
      new ExposureNotices({
        exposures: world.exposures,
        enabled: () => true,
        memory: {
          get: (key) => kept.get(key),
          update: (key, value) => {
            kept.set(key, value);
            return Promise.resolve();
          },
        },
        interaction: { tell: (notice) => told.push(notice) },
        show: () => undefined,
        onError: fail,
        t: english,
      });
    const first = notices();
    await world.show(aRedis(1));
    await world.show(aRedis(2));
    assert.deepEqual(
      told.map(({ kind, message }) => [kind, message]),
      [['error', 'Critical, port 6379: Redis is open, proved: PING answered +PONG on 192.0.2.2']],
    );
    first.dispose();
    const second = notices();
    await world.show(aRedis(3));
    assert.equal(told.length, 1);
    world.verdict = CLOSED;
    await world.show(aRedis(4));
    world.verdict = OPEN;
    await world.show(aRedis(5));
    assert.equal(told.length, 2);
    second.dispose();
    world.exposures.dispose();
  });
});
