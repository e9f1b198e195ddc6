import { hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

const HEADER = hex('414d5150 00000901');
const ASKED = 'AMQP 0-9-1';

function judge(reply: Reply): Step | 'more' {
  const text = latin1(reply.bytes);
  if (text.startsWith('AMQP')) return undecided('unexpected-reply', ASKED, text.slice(0, 4));
  const type = uint(reply.bytes, 0, 1);
  const length = uint(reply.bytes, 3, 4);
  if (type === undefined) return 'more';
  if (type !== 1) return undecided('unexpected-reply', ASKED, reply);
  if (length === undefined) return 'more';
  if (length > 4000) return undecided('too-much', ASKED, reply);
  if (reply.bytes.length < length + 8) return 'more';
  // Connection.Start: class 10, method 10, version 0-9, a table of properties, then mechanisms as a long string.
  const table = uint(reply.bytes, 13, 4);
  if (uint(reply.bytes, 7, 4) !== 0x000a000a || table === undefined)
    return undecided('unexpected-reply', ASKED, reply);
  const at = 17 + table;
  const size = uint(reply.bytes, at, 4);
  if (size === undefined || size > 400 || at + 4 + size > reply.bytes.length)
    return undecided('unexpected-reply', ASKED, reply);
  const mechanisms = text.slice(at + 4, at + 4 + size);
  const version = /\x07versionS\x00\x00\x00.([\d.]{1,30})/su.exec(text)?.[1];
  const facts = { mechanisms, ...(version === undefined ? {} : { version }) };
  const answered = `Connection.Start, mechanisms ${mechanisms}`;
  const list = mechanisms.split(' ');
  // Choosing ANONYMOUS would log in as the broker's anonymous_login_user: a credential that nobody gave us.
  if (list.includes('ANONYMOUS'))
    return undecided('not-provable', ASKED, answered, { ...facts, anonymous: 'offered' });
  return list.some((mechanism) => /^[A-Z][A-Z0-9-]{2,}$/u.test(mechanism))
    ? proved('auth-required', ASKED, answered, facts)
    : undecided('unexpected-reply', ASKED, answered);
}

export const amqp: Check = {
  service: 'amqp',
  name: 'RabbitMQ (AMQP 0-9-1)',
  transport: 'tcp',
  tls: 'after',
  recognition: {
    processes: /^rabbitmq-server$/u,
    commandLine: /\brabbit(?:mq)?\b.*-noshell|rabbit_prelaunch/u,
    ports: [5672, 5671],
  },
  notTried: 'guest or any account; the mechanism ANONYMOUS is not chosen',
  start: () => send(HEADER, ASKED, judge),
};
