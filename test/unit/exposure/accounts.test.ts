import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import { checkForOrder, chooseCheck, type CheckOrder } from '../../../src/exposure/choose';
import { checks } from '../../../src/exposure/checks/index';
import { credentialChecks } from '../../../src/exposure/credentials/index';
import { ExposureModel } from '../../../src/exposure/model';
import type { CheckResult } from '../../../src/exposure/result';
import type { Listener } from '../../../src/ports/listener';
import { FakeClock } from '../../support/fake-clock';
import { aListener, anEndpoint, anOwner } from '../editor/views/sample';

const ftp: Listener = aListener({
  port: 21,
  scope: 'wildcard',
  endpoints: [anEndpoint({ address: '0.0.0.0', scope: 'wildcard', port: 21 })],
  owner: anOwner({ name: 'vsftpd', commandLine: ['vsftpd'], executable: '/usr/sbin/vsftpd' }),
});

function answerTo(order: CheckOrder & { address: string; port: number }): CheckResult {
  const { service, address, port, transport } = order;
  const common = {
    service,
    address,
    port,
    transport,
    transcript: [],
    tls: false,
    connections: 1,
    packetsOut: 0,
    ms: 1,
  };
  const proof = { answered: '220 FTP' };
  return order.credential === true
    ? { ...common, notTried: '', account: 'anonymous', verdict: { kind: 'open-proved', proof } }
    : { ...common, notTried: '', verdict: { kind: 'not-checked', reason: 'needs-credentials', proof } };
}

describe('well-known accounts', () => {
  it('belong to a service that has a check, each with a warning of its own', () => {
    for (const { service, transport, account, warning } of credentialChecks) {
      assert.ok(
        checks.some((check) => check.service === service && check.transport === transport),
        service,
      );
      assert.ok(account !== '' && warning(english) !== '');
    }
  });

  it('are never chosen by a program, a port or an order without the word', () => {
    const choice = chooseCheck(ftp);
    assert.ok(choice.kind === 'check' && choice.check.account === undefined);
    for (const { service, transport } of credentialChecks)
      for (const listenFirst of [true, false])
        assert.equal(checkForOrder({ service, transport, listenFirst })?.account, undefined);
  });

  it('are tried once when the user wants it, and not again by themselves', async () => {
    const clock = new FakeClock();
    const orders: CheckOrder[] = [];
    const faults: unknown[] = [];
    const model = new ExposureModel({
      checker: {
        check: (order) => {
          orders.push(order);
          return Promise.resolve(answerTo(order));
        },
      },
      clock,
      t: english,
      policy: () => ({ mode: 'automatic', exceptPorts: [], exceptExecutables: [], workspaceTrusted: true }),
      acceptances: () => [],
      onError: (error) => faults.push(error),
    });
    const machine = {
      hostname: 'test',
      platform: 'linux',
      ephemeralPorts: [32_768, 60_999],
      addresses: ['192.0.2.2'],
      uid: 1000,
      user: 'a',
    } as const;
    model.update({ machine, listeners: new Map([[ftp.id, ftp]]) });
    await clock.pass(3_600_000);
    assert.deepEqual(
      orders.map(({ credential }) => credential),
      [undefined],
    );
    assert.equal(model.wellKnownAccount(ftp.id)?.account, 'anonymous');
    model.tryAccount(ftp.id);
    await clock.pass(3_600_000);
    assert.deepEqual(
      orders.map(({ credential }) => credential),
      [undefined, true],
    );
    assert.equal(model.assessment(ftp.id)?.findings[0]?.id, 'open.ftp');
    assert.deepEqual(faults, []);
    model.dispose();
  });
});
