import { proved } from '../check';
import { httpCheck, open } from '../http';

/**
 * `/` and `/ping` say Ok. to everybody. SELECT 1 by GET is read-only, runs as the implicit user `default`, and leaves
 * a row in query_log.
 */
export const clickhouse = httpCheck({
  service: 'clickhouse',
  name: 'ClickHouse (HTTP)',
  recognition: { processes: /^clickhouse(?:-server)?$/u, ports: [8123, 8443] },
  notTried: 'users and passwords, tables; the native protocol, whose greeting is a login',
  request: { path: '/?query=SELECT%201' },
  judge: (response) => {
    const code = response.headers.get('x-clickhouse-exception-code');
    // 516 AUTHENTICATION_FAILED, 194 REQUIRED_PASSWORD, 192 UNKNOWN_USER.
    if (response.status === 403 && (code === '516' || code === '194' || code === '192'))
      return proved('auth-required', response.asked, response.answered);
    const isClickHouse =
      response.headers.has('x-clickhouse-query-id') || response.headers.has('x-clickhouse-summary');
    return response.status === 200 && response.body === '1\n' && isClickHouse ? open(response) : undefined;
  },
});
