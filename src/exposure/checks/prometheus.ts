import { httpCheck, jsonObject, open, record, textFacts } from '../http';

export const prometheus = httpCheck({
  service: 'prometheus',
  name: 'Prometheus',
  recognition: { processes: /^prometheus$/u, ports: [9090] },
  notTried: 'users and passwords, queries, the admin and lifecycle APIs',
  request: { path: '/api/v1/status/buildinfo' },
  judge: (response) => {
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    const data = answer?.['status'] === 'success' ? record(answer['data']) : undefined;
    return data && typeof data['version'] === 'string'
      ? open(response, textFacts(data, { version: 'version' }))
      : undefined;
  },
});
