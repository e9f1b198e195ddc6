import { ascii, latin1 } from '../bytes';
import { jsonObject, textFacts } from '../http';
import type { Facts } from '../verdict';
import { listen, proved, send, undecided, wholeLine, type Check, type Reply, type Step } from '../check';

/** An unauthenticated CONNECT and a PING: PONG means that the handshake went through. */
const CONNECT = ascii(
  'CONNECT {"verbose":false,"pedantic":false,"lang":"portlight","version":"1","protocol":1}\r\nPING\r\n',
);

const ASKED = 'CONNECT, PING';

function greeting(reply: Reply): Step | 'more' {
  const line = wholeLine(reply.bytes);
  if (line === undefined) return 'more';
  const info = line.startsWith('INFO ') ? jsonObject(line.slice(5)) : undefined;
  if (info === undefined || typeof info['server_id'] !== 'string')
    return undecided('unexpected-reply', undefined, line);
  const facts = textFacts(info, { version: 'version' });
  const shown = (field: string): string => `INFO ${field}: ${String(info[field])}`;
  if (info['auth_required'] === true)
    return proved('auth-required', undefined, shown('auth_required'), facts);
  if (info['tls_required'] === true) return undecided('tls', undefined, shown('tls_required'), facts);
  return send(CONNECT, ASKED, (answer) => connected(answer, facts));
}

/** Skips news (another INFO) and the server's own PING before the answer. */
function connected(reply: Reply, facts: Facts): Step | 'more' {
  const lines = latin1(reply.bytes).split('\r\n').slice(0, -1);
  const answer = lines.find((line) => !/^(?:INFO |PING$|\+OK$)/u.test(line));
  if (answer === undefined) return 'more';
  if (answer === 'PONG') return proved('open-proved', ASKED, 'PONG', facts);
  if (answer.startsWith("-ERR 'Authorization Violation'"))
    return proved('auth-required', ASKED, answer, facts);
  return undecided('unexpected-reply', ASKED, answer, facts);
}

/** NATS greets with INFO (docs.nats.io, "Client Protocol"). */
export const nats: Check = {
  service: 'nats',
  name: 'NATS',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^nats-server$/u, ports: [4222], greeting: /^INFO \{"server_id"/u },
  notTried: 'tokens, users, subscribing, publishing; the monitoring port',
  start: () => listen(greeting),
};
