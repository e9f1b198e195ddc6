import { ascii, latin1, uint } from '../bytes';
import { listen, proved, send, undecided, type Check, type Reply, type Step } from '../check';
import type { Facts } from '../verdict';

const names: Readonly<Record<number, string>> = {
  1: 'None',
  2: 'VNC password',
  5: 'RA2',
  6: 'RA2ne',
  13: 'RSA-AES',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'SASL',
  22: 'xvp',
  30: 'Apple Remote Desktop',
};
/** 16, 17, 18, 19 and 22 wrap another choice, which may itself be None: they prove nothing alone. */
const asksAlways = new Set([2, 5, 6, 13, 20, 30]);

function greeted(reply: Reply): Step | 'more' {
  if (reply.bytes.length < 12) return 'more';
  const version = /^RFB (\d{3})\.(\d{3})\n/u.exec(latin1(reply.bytes.subarray(0, 12)));
  if (version === null) return undecided('unexpected-reply', undefined, reply);
  const [greeting, major = '', minor = ''] = version;
  const facts = { version: `RFB ${Number(major)}.${Number(minor)}` };
  // The answer must not be newer than the server's; 3.3 differs in what follows (RFC 6143, 7.1).
  const list = Number(major) > 3 || Number(minor) >= 7;
  const answer = list ? (Number(minor) === 7 ? 'RFB 003.007\n' : 'RFB 003.008\n') : 'RFB 003.003\n';
  return send(ascii(answer), greeting.trim(), (types) =>
    list ? judgeList(types, facts) : judgeOne(types, facts),
  );
}

const asked = 'security types';

/** From 3.7 on: a count and that many types. We stop before choosing one: no session begins. */
function judgeList(reply: Reply, facts: Facts): Step | 'more' {
  const count = uint(reply.bytes, 0, 1);
  if (count === undefined) return 'more';
  if (count === 0) return judgeRefusal(reply, 1, facts);
  if (reply.bytes.length < count + 1) return 'more';
  return judgeTypes([...reply.bytes.subarray(1, count + 1)], facts);
}

/** Until 3.3 the server decides. */
function judgeOne(reply: Reply, facts: Facts): Step | 'more' {
  const type = uint(reply.bytes, 0, 4);
  if (type === undefined) return 'more';
  return type === 0 ? judgeRefusal(reply, 4, facts) : judgeTypes([type], facts);
}

function judgeTypes(types: readonly number[], facts: Facts): Step {
  const answered = types.map((type) => `${type} ${names[type] ?? 'unknown'}`).join(', ');
  // A list of things nobody has heard of is not a VNC server's.
  if (types.length > 16 || !types.some((type) => names[type] !== undefined))
    return undecided('unexpected-reply', asked, answered, facts);
  if (types.includes(1)) return proved('open-proved', asked, answered, facts);
  return types.every((type) => asksAlways.has(type))
    ? proved('auth-required', asked, answered, facts)
    : undecided('not-provable', asked, answered, facts);
}

function judgeRefusal(reply: Reply, offset: number, facts: Facts): Step | 'more' {
  const length = uint(reply.bytes, offset, 4);
  if (length === undefined) return 'more';
  const reason = latin1(reply.bytes.subarray(offset + 4, offset + 4 + Math.min(length, 200)));
  return /[a-z]{3}/iu.test(reason)
    ? proved('refused-by-policy', asked, reason, { ...facts, policy: 'server' })
    : undecided('unexpected-reply', asked, reply, facts);
}

export const vnc: Check = {
  service: 'vnc',
  name: 'VNC',
  transport: 'tcp',
  tls: 'never',
  recognition: {
    processes:
      /^(?:X(?:tiger|tight)?vnc|x0?(?:tiger)?vncserver|x11vnc|vncserver|wayvnc|vino-server|krfb|Xvnc.*)$/u,
    ports: Array.from({ length: 20 }, (_, display) => 5900 + display),
    greeting: /^RFB \d{3}\.\d{3}\n/u,
  },
  notTried: 'choosing a security type, passwords; no session begins and no screen is seen',
  start: () => listen(greeted),
};
