import { httpCheck, jsonObject, open, record } from '../http';

export const qdrant = httpCheck({
  service: 'qdrant',
  name: 'Qdrant',
  recognition: { processes: /^qdrant$/u, ports: [6333] },
  notTried: 'keys, points; / and /healthz are open always',
  request: { path: '/collections' },
  judge: (response) => {
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    const collections = record(answer?.['result'])?.['collections'];
    return answer?.['status'] === 'ok' && Array.isArray(collections) ? open(response) : undefined;
  },
});
