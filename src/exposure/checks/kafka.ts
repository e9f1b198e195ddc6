import { hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** ApiVersions v0, correlation 1, client "portlight": allowed before SASL, so it only shows that this is Kafka. */
const API_VERSIONS = hex('00000013 0012 0000 00000001 0009 706f72746c69676874');
/** Metadata v4, correlation 2: no topics (an empty list, not all of them), and none is created. */
const METADATA = hex('00000018 0003 0004 00000002 0009 706f72746c69676874 00000000 00');

/** @returns the body of a response with that correlation id, or what to do instead. */
function response(reply: Reply, correlation: number): Uint8Array | 'more' | 'unexpected' {
  const length = uint(reply.bytes, 0, 4);
  if (length === undefined) return 'more';
  if (length < 6 || length > 60_000) return 'unexpected';
  const id = uint(reply.bytes, 4, 4);
  if (id === undefined) return 'more';
  if (id !== correlation) return 'unexpected';
  if (reply.bytes.length < length + 4) return reply.ended === 'full' ? reply.bytes.subarray(8) : 'more';
  return reply.bytes.subarray(8, length + 4);
}

function versions(reply: Reply): Step | 'more' {
  const body = response(reply, 1);
  if (body === 'more') return 'more';
  const count = body === 'unexpected' ? undefined : uint(body, 2, 4);
  if (body === 'unexpected' || uint(body, 0, 2) !== 0 || count === undefined || body.length !== 6 + count * 6)
    return undecided('unexpected-reply', 'ApiVersions', reply);
  return send(METADATA, 'Metadata', metadata);
}

function metadata(reply: Reply): Step | 'more' {
  // A broker that wants SASL first closes the connection on any other request (KIP-152).
  if (reply.ended === 'closed' && reply.bytes.length === 0)
    return proved('auth-required', 'Metadata', 'closed: this listener wants SASL first');
  const body = response(reply, 2);
  if (body === 'more') return 'more';
  const brokers = body === 'unexpected' ? undefined : uint(body, 4, 4);
  if (body === 'unexpected' || brokers === undefined || brokers < 1 || brokers > 1000)
    return undecided('unexpected-reply', 'Metadata', reply);
  const size = uint(body, 12, 2) ?? 0;
  const host = latin1(body.subarray(14, 14 + size));
  const port = uint(body, 14 + size, 4);
  if (size === 0 || port === undefined || port > 65535 || !/^[\w.:-]+$/u.test(host))
    return undecided('unexpected-reply', 'Metadata', reply);
  return proved('open-proved', 'Metadata', `${brokers} broker(s), ${host}:${port}`, {
    broker: `${host}:${port}`,
  });
}

export const kafka: Check = {
  service: 'kafka',
  name: 'Kafka',
  transport: 'tcp',
  tls: 'after',
  recognition: { commandLine: /\bkafka\.Kafka\b|\bredpanda\b/u, ports: [9092, 9093] },
  notTried: 'SASL accounts, topics, messages; ACLs that still refuse an anonymous client',
  start: () => send(API_VERSIONS, 'ApiVersions', versions),
};
