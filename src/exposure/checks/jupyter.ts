import { authRequired, httpCheck, jsonObject, open } from '../http';

/** Jupyter's /api/status needs a login, and does not count as activity. /api is open always. */
export const jupyter = httpCheck({
  service: 'jupyter',
  name: 'Jupyter',
  recognition: {
    processes: /^jupyter(?:-(?:notebook|lab|server|labhub|execute))?$/u,
    commandLine: /\bjupyter[-_ ]?(?:notebook|lab|server)\b/u,
    ports: [8888, 8889],
  },
  notTried: 'tokens and passwords, kernels, terminals, files',
  request: { path: '/api/status' },
  judge: (response) => {
    if (response.status === 403 && jsonObject(response.body)?.['message'] === 'Forbidden')
      return authRequired(response);
    const status = response.status === 200 ? jsonObject(response.body) : undefined;
    return status && typeof status['started'] === 'string' && typeof status['kernels'] === 'number'
      ? open(response)
      : undefined;
  },
});
