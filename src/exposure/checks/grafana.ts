import { httpCheck, jsonObject, open } from '../http';

/** Its organisation is told to anonymous callers only where [auth.anonymous] is on; /api/health is open always. */
export const grafana = httpCheck({
  service: 'grafana',
  name: 'Grafana',
  recognition: { processes: /^grafana(?:-server)?$/u, page: /<title>Grafana<\/title>|grafanaBootData/u },
  notTried: 'accounts (admin/admin is not guessed), dashboards, data sources',
  request: { path: '/api/org' },
  judge: (response) => {
    const org = response.status === 200 ? jsonObject(response.body) : undefined;
    return typeof org?.['id'] === 'number' && typeof org['name'] === 'string' && 'address' in org
      ? open(response)
      : undefined;
  },
});
