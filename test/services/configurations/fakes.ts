/**
 * Services that neither Debian nor npm brings: their part of the protocol, byte by byte after its specification. The
 * table in docs/checks.md marks them; they prove that a check reads the specification right, not that a server does.
 */
import type { Configuration } from '../configuration';
import { fake, hex, http, json, routes, type Answer } from '../fake';

/** BSON of { name: value, … } with strings, doubles, and arrays of documents. */
function bson(document: Readonly<Record<string, unknown>>): Buffer {
  const elements = Object.entries(document).map(([name, value]) => {
    const key = Buffer.from(`${name}\0`);
    if (typeof value === 'string') {
      const text = Buffer.from(`${value}\0`);
      const length = Buffer.alloc(4);
      length.writeInt32LE(text.length);
      return Buffer.concat([Buffer.from([2]), key, length, text]);
    }
    if (typeof value === 'number') {
      const bytes = Buffer.alloc(name === 'ok' ? 8 : 4);
      if (name === 'ok') bytes.writeDoubleLE(value);
      else bytes.writeInt32LE(value);
      return Buffer.concat([Buffer.from([name === 'ok' ? 1 : 16]), key, bytes]);
    }
    const inner = Array.isArray(value)
      ? Object.fromEntries(value.map((item: unknown, index) => [String(index), item]))
      : (value as Record<string, unknown>);
    return Buffer.concat([Buffer.from([Array.isArray(value) ? 4 : 3]), key, bson(inner)]);
  });
  const body = Buffer.concat([...elements, Buffer.from([0])]);
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length + 4);
  return Buffer.concat([length, body]);
}

const mongodb =
  (document: Readonly<Record<string, unknown>>): Answer =>
  (received) => {
    if (received.length < 16 || received.length < received.readInt32LE(0)) return undefined;
    if (received.readInt32LE(12) !== 2013) return { bytes: Buffer.alloc(0), close: true };
    const body = Buffer.concat([hex('00000000 00'), bson(document)]);
    const head = Buffer.alloc(16);
    head.writeInt32LE(body.length + 16, 0);
    head.writeInt32LE(77, 4);
    head.writeInt32LE(received.readInt32LE(4), 8);
    head.writeInt32LE(2013, 12);
    return { bytes: Buffer.concat([head, body]) };
  };

const framed = (body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

const kafka =
  (sasl: boolean): Answer =>
  (received) => {
    if (received.length < 4 || received.length < received.readInt32BE(0) + 4) return undefined;
    const [key, correlation] = [received.readInt16BE(4), received.subarray(8, 12)];
    // ApiVersions v0: no error, two ranges.
    if (key === 18)
      return {
        bytes: framed(Buffer.concat([correlation, hex('0000 00000002 0003 0000 000c 0012 0000 0003')])),
      };
    if (sasl) return { bytes: Buffer.alloc(0), close: true };
    // Metadata v4: throttle, one broker (id, host, port, no rack), cluster id, controller, no topics.
    const broker = Buffer.concat([
      hex('00000001 00000001 0009'),
      Buffer.from('192.0.2.2'),
      hex('00002384 ffff'),
    ]);
    return {
      bytes: framed(Buffer.concat([correlation, hex('00000000'), broker, hex('ffff 00000001 00000000')])),
    };
  };

const cassandra =
  (authenticator: string): Answer =>
  (received, turn) => {
    if (received.length < 9 || received.length < received.readInt32BE(5) + 9) return undefined;
    const frame = (opcode: number, body: Buffer) => ({
      bytes: Buffer.concat([hex('84 00'), received.subarray(2, 4), Buffer.from([opcode]), framed(body)]),
    });
    const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
    if (turn === 0)
      return frame(6, Buffer.concat([hex('0001'), text('CQL_VERSION'), hex('0001'), text('3.4.5')]));
    return authenticator === '' ? frame(2, Buffer.alloc(0)) : frame(3, text(authenticator));
  };

const elasticRoot = JSON.stringify({
  name: 'node-1',
  cluster_name: 'docker-cluster',
  cluster_uuid: 'Vq0bTq7RQfKcFs4yAQ6A4Q',
  version: { number: '8.11.1', build_flavor: 'default' },
  tagline: 'You Know, for Search',
});
const session = (roles: readonly string[]) =>
  JSON.stringify({ ok: true, userCtx: { name: null, roles }, info: {} });
const status = (code: number, reason: string) =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code });

/** AMQP 0-9-1 Connection.Start of a broker that also offers ANONYMOUS. */
function amqpStart(mechanisms: string): Buffer {
  const string = (value: string) => framed(Buffer.from(value));
  const args = Buffer.concat([hex('000a000a 00 09 00000000'), string(mechanisms), string('en_US')]);
  return Buffer.concat([hex('01 0000'), framed(args), hex('ce')]);
}

export const fakeConfigurations: readonly Configuration[] = [
  fake('ollama', 'as it comes', 11434, 'open-proved', http('200 OK', json, '{"version":"0.5.7"}'), {
    facts: { version: '0.5.7' },
  }),
  fake(
    'ollama',
    'behind a proxy with a password',
    11435,
    'auth-required',
    http('401 Unauthorized', ['WWW-Authenticate: Basic realm="x"'], ''),
  ),
  fake('elasticsearch', 'security disabled', 9200, 'open-proved', http('200 OK', json, elasticRoot), {
    facts: { version: '8.11.1' },
  }),
  fake(
    'elasticsearch',
    'security on, TLS',
    9201,
    'auth-required',
    http(
      '401 Unauthorized',
      [...json, 'WWW-Authenticate: Basic realm="security", charset="UTF-8"'],
      '{"error":{"type":"security_exception"},"status":401}',
    ),
    { secure: true },
  ),
  fake('couchdb', 'admin party', 5984, 'open-proved', http('200 OK', json, session(['_admin'])), {
    facts: { allows: 'administration' },
  }),
  fake(
    'couchdb',
    'administrator, public list',
    5985,
    'open-proved',
    routes({
      '/_session': http('200 OK', json, session([])),
      '/_all_dbs': http('200 OK', json, '["_users","app"]'),
    }),
    { facts: { allows: 'list of databases' } },
  ),
  fake(
    'couchdb',
    '3.x',
    5986,
    'auth-required',
    routes({
      '/_session': http('200 OK', json, session([])),
      '/_all_dbs': http(
        '401 Unauthorized',
        json,
        '{"error":"unauthorized","reason":"You are not a server admin."}',
      ),
    }),
  ),
  fake(
    'mongodb',
    'no access control',
    27017,
    'open-proved',
    mongodb({ databases: [{ name: 'admin' }, { name: 'app' }], ok: 1 }),
  ),
  fake(
    'mongodb',
    'access control',
    27018,
    'auth-required',
    mongodb({
      ok: 0,
      errmsg: 'Command listDatabases requires authentication',
      code: 13,
      codeName: 'Unauthorized',
    }),
  ),
  fake('kafka', 'plaintext listener', 9092, 'open-proved', kafka(false), {
    facts: { broker: '192.0.2.2:9092' },
  }),
  fake('kafka', 'SASL listener', 9093, 'auth-required', kafka(true)),
  fake('cassandra', 'AllowAllAuthenticator', 9042, 'open-proved', cassandra('')),
  fake(
    'cassandra',
    'PasswordAuthenticator',
    9043,
    'auth-required',
    cassandra('org.apache.cassandra.auth.PasswordAuthenticator'),
  ),
  fake(
    'clickhouse',
    'default user without a password',
    8123,
    'open-proved',
    http('200 OK', ['X-ClickHouse-Query-Id: 1', 'X-ClickHouse-Summary: {}'], '1\n'),
  ),
  fake(
    'clickhouse',
    'password',
    8124,
    'auth-required',
    http(
      '403 Forbidden',
      ['X-ClickHouse-Exception-Code: 516'],
      'Code: 516. DB::Exception: default: Authentication failed',
    ),
  ),
  fake(
    'kubelet',
    'anonymous allowed',
    10250,
    'open-proved',
    http('200 OK', json, '{"kind":"PodList","apiVersion":"v1","items":[]}'),
    { secure: true },
  ),
  fake('kubelet', 'anonymous off', 10251, 'auth-required', http('401 Unauthorized', [], 'Unauthorized'), {
    secure: true,
  }),
  fake(
    'kubelet',
    'anonymous on, not authorised',
    10252,
    'refused-by-policy',
    http(
      '403 Forbidden',
      [],
      'Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource=proxy)',
    ),
    { secure: true },
  ),
  fake(
    'kubernetes',
    'kubectl proxy',
    8001,
    'open-proved',
    http('200 OK', json, '{"kind":"NamespaceList","apiVersion":"v1","items":[{}]}'),
  ),
  fake(
    'kubernetes',
    'anonymous off',
    6443,
    'auth-required',
    http('401 Unauthorized', json, status(401, 'Unauthorized')),
    { secure: true },
  ),
  fake(
    'kubernetes',
    'anonymous on, not authorised',
    6444,
    'refused-by-policy',
    http('403 Forbidden', json, status(403, 'Forbidden')),
    { secure: true },
  ),
  fake(
    'amqp',
    'a broker that offers ANONYMOUS',
    5673,
    { kind: 'unknown', reason: 'not-provable' },
    (received) => (received.length < 8 ? undefined : { bytes: amqpStart('PLAIN ANONYMOUS') }),
  ),
];
