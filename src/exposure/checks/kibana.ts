import { httpCheck, jsonObject, open, record } from '../http';

/** Strangers are told only a level of the status where security is on; the version is for those who got in. */
export const kibana = httpCheck({
  service: 'kibana',
  name: 'Kibana, OpenSearch Dashboards',
  recognition: { commandLine: /(?:kibana|opensearch-dashboards)\S*\/(?:src|dist)\/cli\b/u, ports: [5601] },
  notTried: 'accounts, dashboards, the Elasticsearch behind it',
  request: { path: '/api/status' },
  judge: (response) => {
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    const version = record(answer?.['version'])?.['number'];
    return typeof version === 'string' && typeof answer?.['uuid'] === 'string' && record(answer['status'])
      ? open(response, { version })
      : undefined;
  },
});
