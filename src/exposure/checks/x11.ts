import { hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** Connection set-up, little endian, protocol 11.0, no authorization data (X Window System Protocol, 8). */
const SETUP = hex('6c00 0b00 0000 0000 0000 0000');
const ASKED = 'connection setup';

function judge(reply: Reply): Step | 'more' {
  const status = uint(reply.bytes, 0, 1);
  const length = uint(reply.bytes, 6, 2, 'little');
  if (status === undefined) return 'more';
  if (status > 2) return undecided('unexpected-reply', ASKED, reply);
  if (length === undefined) return 'more';
  if (uint(reply.bytes, 2, 2, 'little') !== 11 && status !== 2)
    return undecided('unexpected-reply', ASKED, reply);
  if (status === 1) return accepted(reply, length);
  const size = status === 0 ? (uint(reply.bytes, 1, 1) ?? 0) : length * 4;
  const text = latin1(reply.bytes.subarray(8, 8 + size)).replace(/[\0\n]+$/u, '');
  if (text.length < size - 4 && reply.ended === undefined) return 'more';
  if (!/^[\x20-\x7e]{6,}$/u.test(text)) return undecided('unexpected-reply', ASKED, reply);
  return /authorization|authentication/iu.test(text)
    ? proved('auth-required', ASKED, text)
    : proved('refused-by-policy', ASKED, text, { policy: 'host access' });
}

/** Success: release, resource id base and mask, a vendor's name, formats. The name must be there as announced. */
function accepted(reply: Reply, length: number): Step | 'more' {
  const vendorLength = uint(reply.bytes, 24, 2, 'little');
  if (vendorLength === undefined) return 'more';
  if (vendorLength === 0 || vendorLength > 100 || 32 + vendorLength > 8 + length * 4)
    return undecided('unexpected-reply', ASKED, reply);
  if (reply.bytes.length < 40 + vendorLength) return 'more';
  const vendor = latin1(reply.bytes.subarray(40, 40 + vendorLength));
  return /^[\x20-\x7e]+$/u.test(vendor)
    ? proved('open-proved', ASKED, `Success, ${vendor}`, { vendor })
    : undecided('unexpected-reply', ASKED, reply);
}

export const x11: Check = {
  service: 'x11',
  name: 'X11 display',
  transport: 'tcp',
  tls: 'never',
  recognition: {
    processes: /^(?:X|Xorg|Xvfb|Xephyr|Xnest|Xwayland|Xtigervnc|Xtightvnc|Xvnc)$/u,
    ports: Array.from({ length: 64 }, (_, display) => 6000 + display),
  },
  notTried: 'cookies; no window, key or screen is looked at',
  start: () => send(SETUP, ASKED, judge),
};
