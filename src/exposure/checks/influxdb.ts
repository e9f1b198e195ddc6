import type { Check, CheckContext, Step } from '../check';
import { authRequired, jsonObject, open, request, unexpected, type HttpResponse } from '../http';

function judge(response: HttpResponse, context: CheckContext): Step {
  const answer = jsonObject(response.body);
  // 2.x knows this path too and asks for a token; whether it has an owner yet it tells everybody.
  if (response.status === 401 && answer?.['code'] === 'unauthorized')
    return request(context, { path: '/api/v2/setup' }, (setup) =>
      setup.status === 200 && jsonObject(setup.body)?.['allowed'] === true
        ? open(setup, { unclaimed: 'yes' })
        : authRequired(response),
    );
  if (response.status === 401) return authRequired(response);
  // Authentication is on and nobody is there yet: the first visitor may make himself the administrator.
  if (response.status === 403 && response.body.includes('create admin user first') && answer !== undefined)
    return open(response, { unclaimed: 'yes' });
  const results = response.status === 200 ? answer?.['results'] : undefined;
  const version = response.headers.get('x-influxdb-version');
  return Array.isArray(results) && version !== undefined ? open(response, { version }) : unexpected(response);
}

/** InfluxDB 1.x and 2.x. /ping and /health are open always and prove nothing. */
export const influxdb: Check = {
  service: 'influxdb',
  name: 'InfluxDB',
  transport: 'tcp',
  tls: 'after',
  recognition: { processes: /^influxd$/u, ports: [8086] },
  notTried: 'users, passwords and tokens, becoming the owner, reading or writing points',
  start: (context) =>
    request(context, { path: '/query?q=SHOW+DATABASES', keepAlive: true }, (response) =>
      judge(response, context),
    ),
};
