import { httpCheck, open } from '../http';

/** Docker Registry HTTP API V2, "API version check". */
export const registry = httpCheck({
  service: 'registry',
  name: 'Container registry',
  recognition: { processes: /^(?:docker-registry|registry)$/u, ports: [5000] },
  notTried: 'accounts, the list of images, pulling, pushing',
  request: { path: '/v2/' },
  judge: (response) =>
    response.status === 200 && response.headers.get('docker-distribution-api-version') === 'registry/2.0'
      ? open(response)
      : undefined,
});
