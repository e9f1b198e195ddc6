import assert from 'node:assert/strict';
import { decideCheck, type CheckPolicy } from '../../../src/exposure/policy';
import type { Listener } from '../../../src/ports/listener';
import { aListener, anOwner } from '../editor/views/sample';

const policy: CheckPolicy = {
  mode: 'automatic',
  exceptPorts: [],
  exceptExecutables: [],
  workspaceTrusted: true,
};
const owner = anOwner({
  name: 'redis-server',
  commandLine: ['redis-server'],
  executable: '/opt/redis-server',
});
const redis = aListener({ port: 6379, scope: 'wildcard', owner });

/** What happens by itself, and what when the user asks. */
function decided(fields: Partial<CheckPolicy>, listener: Listener = redis): string[] {
  return [false, true].map((asked) => {
    const decision = decideCheck(listener, ['192.0.2.2'], { ...policy, ...fields }, asked);
    return decision.run ? decision.order.service : decision.reason;
  });
}

describe('whether a listener is checked', () => {
  it('is what the settings say, and a wish overrules only “ask” and a lack of trust', () => {
    assert.deepEqual(decided({}), ['redis', 'redis']);
    assert.deepEqual(decided({ mode: 'ask' }), ['policy-ask', 'redis']);
    assert.deepEqual(decided({ workspaceTrusted: false }), ['untrusted-workspace', 'redis']);
    assert.deepEqual(decided({ mode: 'off' }), ['policy-off', 'policy-off']);
  });

  it('is never for an exception: a port, a whole path, or a file name', () => {
    const excepted = ['excepted', 'excepted'];
    assert.deepEqual(decided({ exceptPorts: [6379] }), excepted);
    assert.deepEqual(decided({ exceptExecutables: ['/opt/redis-server'] }), excepted);
    assert.deepEqual(decided({ exceptExecutables: ['redis-server'] }), excepted);
    assert.deepEqual(
      decided({ exceptPorts: [6380], exceptExecutables: ['/usr/bin/redis-server', 'redis'] }),
      ['redis', 'redis'],
    );
  });

  it('is never for a debugger, and by itself not for what nothing names', () => {
    const java = ['java', '-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=*:5005'];
    const jvm = anOwner({ name: 'java', commandLine: java, executable: '/usr/bin/java' });
    const debuggee = aListener({ port: 5005, scope: 'wildcard', owner: jvm });
    assert.deepEqual(decided({}, debuggee), ['debugger', 'debugger']);
    const own = anOwner({ name: 'shop', commandLine: ['./shop'], executable: '/home/me/shop/shop' });
    assert.deepEqual(decided({}, aListener({ port: 6379, scope: 'wildcard', owner: own })), [
      'unrecognised',
      'redis',
    ]);
  });
});
