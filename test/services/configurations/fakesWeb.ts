/** Web services that neither Debian nor npm brings: what their documentation says that they answer. */
import { needsCredentials, notProvable, type Configuration } from '../configuration';
import { fake, hex, http, json, routes, type Answer } from '../fake';

const ok = (body: unknown, headers: readonly string[] = json): Answer =>
  http('200 OK', headers, typeof body === 'string' ? body : JSON.stringify(body));
const html = (body: string, headers: readonly string[] = []): Answer =>
  http('200 OK', ['Content-Type: text/html', ...headers], body);
const denied = (body: unknown = {}): Answer => http('401 Unauthorized', json, JSON.stringify(body));
const forbidden = (body: string, headers: readonly string[] = []): Answer =>
  http('403 Forbidden', headers, body);

const jenkinsVersion = ['X-Jenkins: 2.479.1', 'Content-Type: application/json'];
const s3 = ['Server: MinIO', 'Content-Type: application/xml'];
const links = (...names: readonly string[]) => ({
  _links: Object.fromEntries(
    names.map((name) => [name, { href: `http://192.0.2.2/actuator/${name}`, templated: false }]),
  ),
});
const ping = ok('OK', ['Api-Version: 1.47', 'Docker-Experimental: false']);
const model = (owner: string) => ({
  object: 'list',
  data: [{ id: 'm', object: 'model', created: 1, owned_by: owner }],
});
const vaultState = (initialized: boolean) =>
  ok({ type: 'shamir', initialized, sealed: !initialized, t: 1, n: 1, progress: 0, version: '1.18.1' });
const influxRefusal = denied({ code: 'unauthorized', message: 'unauthorized access' });
const webui = (more: object) => ({ status: true, name: 'Open WebUI', version: '0.5.4', ...more });

/** adb: command, two arguments, length, sum, complement. */
function adb(command: string, complement: string, data: string): Answer {
  const bytes = Buffer.from(data);
  const head = Buffer.alloc(24);
  head.write(command, 'latin1');
  head.writeUInt32LE(0x01000001, 4);
  head.writeUInt32LE(bytes.length, 12);
  hex(complement).copy(head, 20);
  return (received) => (received.length < 31 ? undefined : { bytes: Buffer.concat([head, bytes]) });
}

export const fakeWebConfigurations: readonly Configuration[] = [
  fake(
    'grafana',
    'anonymous access',
    13001,
    'open-proved',
    ok({ id: 1, name: 'Main Org.', address: { city: '' } }),
  ),
  fake(
    'grafana',
    'as it comes',
    13002,
    'auth-required',
    denied({ message: 'Unauthorized', statusCode: 401 }),
  ),
  fake(
    'jenkins',
    'anyone can do anything',
    13003,
    'open-proved',
    ok({ _class: 'hudson.model.Hudson', mode: 'NORMAL' }, jenkinsVersion),
    { facts: { version: '2.479.1' } },
  ),
  fake(
    'jenkins',
    'a login',
    13004,
    'auth-required',
    forbidden('<html>Authentication required', ['X-Jenkins: 2.479.1']),
  ),
  fake(
    'minio',
    'as it comes',
    13005,
    'auth-required',
    forbidden('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', s3),
  ),
  fake(
    'consul',
    'no ACLs',
    8500,
    'open-proved',
    ok({
      Config: { Datacenter: 'dc1', NodeName: 'a', Server: true, Version: '1.20.1' },
      Member: { Name: 'a' },
    }),
    { facts: { version: '1.20.1' } },
  ),
  fake(
    'consul',
    'ACLs, denied by default',
    13006,
    'auth-required',
    forbidden('Permission denied: anonymous token lacks permission \'agent:read\' on "a"'),
  ),
  fake('vault', 'nobody has set it up', 13007, 'open-proved', vaultState(false), {
    facts: { unclaimed: 'yes' },
  }),
  fake(
    'vault',
    'set up',
    8200,
    'auth-required',
    routes({
      '/v1/sys/seal-status': vaultState(true),
      '/v1/auth/token/lookup-self': forbidden('{"errors":["permission denied"]}', json),
    }),
  ),
  fake(
    'solr',
    'no security.json',
    8983,
    'open-proved',
    ok({ responseHeader: { status: 0, QTime: 9 }, mode: 'std', lucene: { 'solr-spec-version': '9.7.0' } }),
  ),
  fake('solr', 'basic auth', 13008, 'auth-required', denied()),
  fake(
    'kibana',
    'no security',
    5601,
    'open-proved',
    ok({
      name: 'k',
      uuid: '5b2de169-2785-441b-ae8c-186a1936b17d',
      version: { number: '8.11.1' },
      status: { overall: {} },
    }),
  ),
  fake(
    'kibana',
    'security, a stranger',
    13009,
    { kind: 'unknown', reason: 'unexpected-reply' },
    ok({ status: { overall: { level: 'available' } } }),
  ),
  fake(
    'actuator',
    'env and heapdump exposed',
    13010,
    'open-proved',
    ok(links('self', 'health', 'env', 'heapdump')),
    {
      facts: { endpoints: 'env heapdump' },
    },
  ),
  fake('actuator', 'health only', 13011, notProvable, ok(links('self', 'health', 'health-path'))),
  fake('actuator', 'Spring Security', 13012, 'auth-required', denied()),
  fake(
    'portainer',
    'nobody has claimed it',
    13013,
    'open-proved',
    http('404 Not Found', json, '{"message":"No administrator account found inside the database"}'),
    { facts: { unclaimed: 'yes' } },
  ),
  fake(
    'portainer',
    'claimed',
    9443,
    'auth-required',
    routes({
      '/api/users/admin/check': http('204 No Content', [], ''),
      '/api/users': denied({ message: 'A valid authorization token is missing' }),
    }),
    { secure: true },
  ),
  fake(
    'meilisearch',
    'no master key',
    7700,
    'open-proved',
    ok({ results: [], offset: 0, limit: 1, total: 0 }),
  ),
  fake(
    'meilisearch',
    'a master key',
    13014,
    'auth-required',
    denied({ code: 'missing_authorization_header' }),
  ),
  fake('qdrant', 'no key', 6333, 'open-proved', ok({ result: { collections: [] }, status: 'ok', time: 0.1 })),
  fake(
    'qdrant',
    'a key',
    13015,
    'auth-required',
    http('401 Unauthorized', [], 'Must provide an API key or an Authorization bearer token'),
  ),
  fake(
    'mlflow',
    'as it comes',
    13016,
    'open-proved',
    ok({ experiments: [{ experiment_id: '0', name: 'Default' }] }),
  ),
  fake('mlflow', 'basic-auth app', 13017, 'auth-required', denied()),
  fake(
    'tensorboard',
    'as it comes',
    13018,
    'no-auth-by-design',
    ok({ version: '2.18.0', data_location: './logs', window_title: '', experiment_name: '' }),
  ),
  fake(
    'mail-catcher',
    'Mailpit',
    8025,
    'open-proved',
    ok({ Version: 'v1.21.5', Database: 'x', Messages: 0, Unread: 0 }),
  ),
  fake(
    'mail-catcher',
    'MailHog',
    13019,
    'open-proved',
    routes({ '/api/v2/messages?start=1000000&limit=1': ok({ total: 0, count: 0, start: 0, items: [] }) }),
  ),
  fake('mail-catcher', 'Mailpit, a password file', 13020, 'auth-required', denied()),
  fake(
    'mongo-express',
    'no basic auth',
    13021,
    'open-proved',
    html('<head><title>Home - Mongo Express</title>'),
  ),
  fake('mongo-express', 'as it comes', 13022, 'auth-required', denied()),
  fake(
    'redisinsight',
    'as it comes',
    5540,
    'open-proved',
    ok({ id: 'a', appVersion: '2.60.0', buildType: 'DOCKER_ON_PREMISE' }),
  ),
  fake(
    'open-webui',
    'nobody has claimed it',
    13023,
    'open-proved',
    ok(webui({ onboarding: true, features: { auth: true } })),
    {
      facts: { unclaimed: 'yes' },
    },
  ),
  fake('open-webui', 'no login', 13024, 'open-proved', ok(webui({ features: { auth: false } }))),
  fake('open-webui', 'a login', 13025, 'auth-required', ok(webui({ features: { auth: true } }))),
  fake('openai-api', 'vLLM', 13026, 'open-proved', ok(model('vllm'))),
  fake('openai-api', 'vLLM, a key', 13027, 'auth-required', denied({ error: 'Unauthorized' })),
  fake(
    'openai-api',
    'llama.cpp',
    13028,
    'open-proved',
    routes({
      '/v1/models': ok(model('llamacpp')),
      '/props': ok({ default_generation_settings: {}, total_slots: 1 }),
    }),
  ),
  fake(
    'openai-api',
    'llama.cpp, a key (its list stays open)',
    13029,
    'auth-required',
    routes({ '/v1/models': ok(model('llamacpp')), '/props': denied({ error: { code: 401 } }) }),
  ),
  fake('openai-api', 'any other server', 13030, notProvable, ok(model('organization_owner'))),
  fake(
    'influxdb',
    '2.x, nobody has claimed it',
    13031,
    'open-proved',
    routes({ '/query?q=SHOW+DATABASES': influxRefusal, '/api/v2/setup': ok({ allowed: true }) }),
    { facts: { unclaimed: 'yes' } },
  ),
  fake(
    'influxdb',
    '2.x, set up',
    13032,
    'auth-required',
    routes({ '/query?q=SHOW+DATABASES': influxRefusal, '/api/v2/setup': ok({ allowed: false }) }),
  ),
  fake('metro', 'as it comes', 13033, 'no-auth-by-design', ok('packager-status:running', [])),
  fake('docker', 'TLS, no client certificates', 2377, 'open-proved', ping, { secure: true }),
  fake('docker', 'TLS, client certificates', 2376, 'auth-required', ping, { secure: 'client-certificate' }),
  fake('ajp', 'a connector', 8009, 'no-auth-by-design', (received) =>
    received.length < 5 ? undefined : { bytes: hex('4142 0001 09') },
  ),
  fake(
    'adb-device',
    'a device without a question',
    5555,
    'open-proved',
    adb('CNXN', 'bcb1a7b1', 'device::ro.product.name=sdk;\0'),
  ),
  fake(
    'adb-device',
    'a device that wants a key',
    5556,
    'auth-required',
    adb('AUTH', 'beaaabb7', 'x'.repeat(20)),
  ),
  fake(
    'database-admin',
    'phpMyAdmin',
    13034,
    needsCredentials,
    html('<title>phpMyAdmin</title><input name="pma_username">'),
  ),
  fake(
    'web',
    'the front page of Open WebUI',
    3000,
    'auth-required',
    routes({
      '/': html('<title>Open WebUI</title>'),
      '/api/config': ok(webui({ features: { auth: true } })),
    }),
    { facts: { service: 'open-webui' } },
  ),
  fake(
    'web',
    'the front page of Jenkins',
    8081,
    'open-proved',
    routes({
      '/': html('<title>Dashboard [Jenkins]</title>', ['X-Jenkins: 2.479.1']),
      '/api/json?tree=mode': ok({ _class: 'hudson.model.Hudson', mode: 'NORMAL' }, jenkinsVersion),
    }),
    { facts: { service: 'jenkins' } },
  ),
  fake(
    'web',
    'the front page of Open WebUI through TLS',
    8443,
    'open-proved',
    routes({
      '/': html('<title>Open WebUI</title>'),
      '/api/config': ok(webui({ features: { auth: false } })),
    }),
    { facts: { service: 'open-webui' }, secure: true },
  ),
];
