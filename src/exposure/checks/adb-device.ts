import { ascii, concat, hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

const ASKED = 'CNXN host::';

/** A message of the adb protocol (AOSP, adb/protocol.txt): command, two arguments, length, sum, complement, data. */
function cnxn(): Uint8Array {
  const data = ascii('host::\0');
  const sum = data.reduce((total, byte) => total + byte, 0);
  // Version 0x01000000, at most 4096 bytes a message.
  const head = hex('434e584e 00000001 00100000');
  const tail = Uint8Array.of(data.length, 0, 0, 0, sum & 0xff, (sum >> 8) & 0xff, 0, 0);
  return concat(head, tail, hex('bcb1a7b1'), data);
}

function judge(reply: Reply): Step | 'more' {
  if (reply.bytes.length < 24) return 'more';
  const command = latin1(reply.bytes.subarray(0, 4));
  const magic = uint(reply.bytes, 20, 4, 'little') ?? 0;
  const complement = ((uint(reply.bytes, 0, 4, 'little') ?? 0) ^ 0xffffffff) >>> 0;
  if (magic !== complement) return undecided('unexpected-reply', ASKED, reply);
  const length = uint(reply.bytes, 12, 4, 'little') ?? 0;
  if (length > 4000) return undecided('unexpected-reply', ASKED, command);
  if (reply.bytes.length < 24 + length) return 'more';
  // AUTH is a token to sign (the device asks its user only about a key that we do not send); STLS is Android 11's TLS.
  if (command === 'AUTH' || command === 'STLS') return proved('auth-required', ASKED, command);
  const banner = latin1(reply.bytes.subarray(24, 24 + length));
  return command === 'CNXN' && /^(?:device|recovery|sideload|bootloader|unauthorized)?:/u.test(banner)
    ? proved('open-proved', ASKED, `CNXN ${banner.replace(/\0$/u, '')}`)
    : undecided('unexpected-reply', ASKED, command);
}

export const adbDevice: Check = {
  service: 'adb-device',
  name: 'adb on a device or emulator',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^adbd$/u, ports: [5555] },
  notTried: 'keys (none is shown to the device, so that its user is not asked), shells, files',
  start: () => send(cnxn(), ASKED, judge),
};
