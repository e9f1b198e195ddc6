import { proved } from '../check';
import { httpCheck } from '../http';

/** The client of its hot reload is served by the development server alone. A wrong Host is turned away (5.4.12 on). */
export const vite = httpCheck({
  service: 'vite',
  name: 'Vite (development)',
  recognition: { commandLine: /(?:^|[/\s])vite(?:\.js)?(?=\s|$)(?!.*\s(?:build|preview)\b)/u, ports: [5173] },
  notTried: 'source files, the socket of the hot reload',
  request: { path: '/@vite/client' },
  judge: (response) => {
    const type = response.headers.get('content-type') ?? '';
    const isClient = type.includes('javascript') && response.body.includes('vite');
    if (response.status === 200 && isClient)
      return proved('no-auth-by-design', response.asked, `HTTP 200 ${type}`);
    return response.status === 403 && response.body.startsWith('Blocked request. This host')
      ? proved('refused-by-policy', response.asked, response.answered)
      : undefined;
  },
});
