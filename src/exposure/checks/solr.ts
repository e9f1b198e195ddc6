import { httpCheck, jsonObject, open, record } from '../http';

export const solr = httpCheck({
  service: 'solr',
  name: 'Solr',
  recognition: { commandLine: /-Dsolr\.(?:solr|install)\S*=/u, ports: [8983] },
  notTried: 'accounts, cores, documents, configuration',
  request: { path: '/solr/admin/info/system?wt=json' },
  judge: (response) => {
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    const version = record(answer?.['lucene'])?.['solr-spec-version'];
    // What follows may be cut at the budget; these stand first.
    return record(answer?.['responseHeader'])?.['status'] === 0 && typeof version === 'string'
      ? open(response, { version })
      : undefined;
  },
});
