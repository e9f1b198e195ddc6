import { httpCheck, jsonObject, open } from '../http';

export const meilisearch = httpCheck({
  service: 'meilisearch',
  name: 'Meilisearch',
  recognition: { processes: /^meilisearch$/u, ports: [7700] },
  notTried: 'keys, documents; /health is open always',
  request: { path: '/indexes?limit=1' },
  judge: (response) => {
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    return Array.isArray(answer?.['results']) && answer['limit'] === 1 && typeof answer['total'] === 'number'
      ? open(response)
      : undefined;
  },
});
