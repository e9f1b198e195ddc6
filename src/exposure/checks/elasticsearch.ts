import { httpCheck, jsonObject, open, record } from '../http';

export const elasticsearch = httpCheck({
  service: 'elasticsearch',
  name: 'Elasticsearch, OpenSearch',
  recognition: { commandLine: /org\.(?:elasticsearch|opensearch)\.bootstrap\./u, ports: [9200, 9201] },
  notTried: 'users and passwords, indices, documents',
  request: { path: '/' },
  judge: (response) => {
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    const version = record(answer?.['version'])?.['number'];
    return answer &&
      typeof answer['cluster_name'] === 'string' &&
      typeof answer['tagline'] === 'string' &&
      typeof version === 'string'
      ? open(response, { version })
      : undefined;
  },
});
