import assert from 'node:assert/strict';
import { parseScanArguments } from '../../../../src/probe/cli/arguments';
import { portNames } from '../../../../src/scan/portSets';

describe('the command line of portlight-probe scan', () => {
  for (const [line, message] of [
    ['', 'Type a host name, an address or a range.'],
    ['127.0.0.1 -p 22,70000', '70000 is above 65535, the highest there is.\n  22,70000\n     ^^^^^'],
    ['127.0.0.300', 'An octet is at most 255.\n  127.0.0.300\n          ^^^'],
    [
      '127.0.0.1 --technique sin',
      /^--technique sin: it is one of connect, syn, udp, ack, window, fin, null, xmas/u,
    ],
    ['127.0.0.1 --max-rate 0', '--max-rate 0: a whole number above 0 is needed.'],
  ] as const) {
    it(`says what is wrong with “${line}”, and where`, () => {
      const argv = line === '' ? [] : line.split(' ');
      assert.throws(() => parseScanArguments(argv, portNames), { message });
    });
  }

  it('reads targets, ports, techniques and a format', () => {
    const line = '10.0.0.1 10.0.0.2 -p T:80,U:53 --technique syn --technique udp --format xml';
    const { targetText, parts, format, discovery } = parseScanArguments(line.split(' '), portNames);
    assert.deepEqual(
      { targetText, parts, format, discovery },
      {
        targetText: '10.0.0.1 10.0.0.2',
        parts: [
          { technique: 'syn', ports: [[80, 80]] },
          { technique: 'udp', ports: [[53, 53]] },
        ],
        format: 'xml',
        discovery: ['icmp-echo', 'tcp-syn', 'tcp-ack', 'neighbour'],
      },
    );
  });
});
