import { httpCheck, open } from '../http';

/** Docker's API and podman's service of the same API: whoever reaches it has root (or the user's account). */
export const docker = httpCheck({
  service: 'docker',
  name: 'Docker API',
  recognition: { processes: /^(?:dockerd|docker|podman)$/u, ports: [2375, 2376] },
  notTried: 'everything but /_ping: no container, image or event is asked for',
  request: { path: '/_ping' },
  judge: (response) => {
    const version = response.headers.get('api-version');
    return response.status === 200 && response.body.trim() === 'OK' && version !== undefined
      ? open(response, { version: `API ${version}` })
      : undefined;
  },
});
