import assert from 'node:assert/strict';
import { english } from '../../../src/base/text';
import { countPorts, intersectPorts, parsePorts } from '../../../src/scan/ports';
import { portNames, portSet, portSetDetail, PORT_SETS, serviceGuess } from '../../../src/scan/portSets';

describe('port sets', () => {
  it('have about the size that they promise, each within the next', () => {
    const sizes = PORT_SETS.map((id) => countPorts(portSet(id, 'tcp')));
    const [quick, common, all] = sizes as [number, number, number];
    assert.ok(quick >= 90 && quick <= 110, `quick: ${quick}`);
    assert.ok(common >= 900 && common <= 1100, `common: ${common}`);
    assert.equal(all, 65_535);
    for (const protocol of ['tcp', 'udp', 'ip'] as const) {
      const small = portSet('quick', protocol);
      const large = portSet('common', protocol);
      assert.deepEqual(intersectPorts(small, large), small, protocol);
      assert.ok(countPorts(large) < countPorts(portSet('all', protocol)));
    }
    assert.match(portSetDetail('quick', 'tcp', english), new RegExp(`^${quick} ports`, 'u'));
  });

  it('can be typed, alone or with more', () => {
    assert.deepEqual(parsePorts('Quick', 'tcp', portNames, english), {
      ok: true,
      value: { tcp: portSet('quick', 'tcp') },
    });
    const mixed = parsePorts('quick,54321,U:quick', 'tcp', portNames, english);
    assert.ok(mixed.ok);
    assert.equal(countPorts(mixed.value.tcp!), countPorts(portSet('quick', 'tcp')) + 1);
    assert.deepEqual(mixed.value.udp, portSet('quick', 'udp'));
  });
});

describe('service names', () => {
  it('mean their registered ports', () => {
    const read = (text: string): unknown => parsePorts(text, 'tcp', portNames, english);
    assert.deepEqual(read('http,ssh'), {
      ok: true,
      value: {
        tcp: [
          [22, 22],
          [80, 80],
        ],
      },
    });
    assert.deepEqual(read('U:domain'), { ok: true, value: { udp: [[53, 53]] } });
    assert.equal(parsePorts('nonesuch', 'tcp', portNames, english).ok, false);
    assert.equal(serviceGuess('tcp', 22), 'ssh');
    assert.equal(serviceGuess('ip', 6), undefined);
  });
});
