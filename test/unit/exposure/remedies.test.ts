import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import { assess } from '../../../src/exposure/judge';
import { remediesOf, remedyWords } from '../../../src/exposure/remedies';
import type { CheckResult } from '../../../src/exposure/result';
import type { Listener } from '../../../src/ports/listener';
import { aListener, anEndpoint, anOwner, NOW } from '../editor/views/sample';

function words(listener: Listener, kind: 'open-proved' | 'auth-required'): string[] {
  const result: CheckResult = {
    service: 'redis',
    address: '192.0.2.2',
    port: listener.port,
    transport: 'tcp',
    verdict: { kind, proof: { asked: 'PING', answered: '+PONG' } },
    transcript: [],
    tls: false,
    connections: 1,
    packetsOut: 1,
    ms: 1,
    notTried: '',
  };
  const options = { machine: { addresses: ['192.0.2.2'] }, now: NOW, t: english };
  return remediesOf(assess(listener, result, options), english).flatMap((one) => remedyWords(one, english));
}

function redis(uid: number, address = '0.0.0.0'): Listener {
  const scope = address === '0.0.0.0' ? 'wildcard' : 'address';
  return aListener({
    port: 6390,
    scope,
    endpoints: [anEndpoint({ address, scope, port: 6390 })],
    owner: anOwner({
      name: 'redis-server',
      commandLine: ['redis-server'],
      executable: '/usr/bin/redis-server',
      uid,
    }),
  });
}

describe('remedies', () => {
  it('bind first, then a password, then another user than root, with the commands for this very port', () => {
    const all = words(redis(0), 'open-proved');
    assert.deepEqual(all.slice(0, 3), [
      'Bind it to localhost.',
      'Now: redis-cli -p 6390 CONFIG SET bind "127.0.0.1 -::1"',
      'For good, in its configuration or arguments: bind 127.0.0.1 -::1',
    ]);
    assert.match(all[4] ?? '', /requirepass/u);
    assert.match(all[6] ?? '', /not run it as root/u);
    assert.ok(!words(redis(1000), 'open-proved').some((line) => line.includes('root')));
  });

  it('name the address that it is bound to, since localhost does not reach it', () => {
    assert.match(
      words(redis(1000, '192.0.2.2'), 'open-proved')[1] ?? '',
      /redis-cli -h 192\.0\.2\.2 -p 6390/u,
    );
  });

  it('are none where the door is closed', () => {
    assert.deepEqual(words(redis(1000), 'auth-required'), []);
  });
});
