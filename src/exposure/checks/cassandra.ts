import { hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** Native protocol v4: OPTIONS, then STARTUP with {"CQL_VERSION": "3.0.0"}; nothing of it is kept. */
const OPTIONS = hex('04 00 0000 05 00000000');
const STARTUP = hex('04 00 0001 01 00000016 0001 000b 43514c5f56455253494f4e 0005 332e302e30');
const opcodes = { error: 0x00, ready: 0x02, authenticate: 0x03, supported: 0x06 } as const;

/** A response frame: version 0x84 (or 0x83…0x85), stream, opcode, body. */
function frame(reply: Reply, stream: number): { opcode: number; body: Uint8Array } | 'more' | 'unexpected' {
  const version = uint(reply.bytes, 0, 1);
  if (version === undefined) return 'more';
  if (version < 0x83 || version > 0x85) return 'unexpected';
  const [id, opcode, length] = [uint(reply.bytes, 2, 2), uint(reply.bytes, 4, 1), uint(reply.bytes, 5, 4)];
  if (id === undefined || opcode === undefined || length === undefined) return 'more';
  if (length > 4000 || (id !== stream && opcode !== opcodes.error)) return 'unexpected';
  return reply.bytes.length < length + 9 ? 'more' : { opcode, body: reply.bytes.subarray(9, length + 9) };
}

function supported(reply: Reply): Step | 'more' {
  const answer = frame(reply, 0);
  if (answer === 'more') return 'more';
  if (
    answer === 'unexpected' ||
    answer.opcode !== opcodes.supported ||
    !latin1(answer.body).includes('CQL_VERSION')
  )
    return undecided('unexpected-reply', 'OPTIONS', reply);
  return send(STARTUP, 'STARTUP', started);
}

function started(reply: Reply): Step | 'more' {
  const answer = frame(reply, 1);
  if (answer === 'more') return 'more';
  if (answer === 'unexpected') return undecided('unexpected-reply', 'STARTUP', reply);
  if (answer.opcode === opcodes.ready && answer.body.length === 0)
    return proved('open-proved', 'STARTUP', 'READY');
  if (answer.opcode !== opcodes.authenticate) return undecided('unexpected-reply', 'STARTUP', reply);
  const size = uint(answer.body, 0, 2) ?? 0;
  const authenticator = latin1(answer.body.subarray(2, 2 + size));
  return proved('auth-required', 'STARTUP', `AUTHENTICATE ${authenticator}`, { mechanisms: authenticator });
}

export const cassandra: Check = {
  service: 'cassandra',
  name: 'Cassandra',
  transport: 'tcp',
  tls: 'after',
  recognition: {
    processes: /^scylla$/u,
    commandLine: /\borg\.apache\.cassandra\.service\.CassandraDaemon\b/u,
    ports: [9042],
  },
  notTried: 'accounts, queries',
  start: () => send(OPTIONS, 'OPTIONS', supported),
};
