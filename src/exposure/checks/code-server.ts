import { proved } from '../check';
import { httpCheck, open } from '../http';

/** code-server, openvscode-server and `code serve-web`: the workbench itself, or the way to a login. */
export const codeServer = httpCheck({
  service: 'code-server',
  name: 'VS Code in the browser',
  recognition: {
    processes: /^(?:code-server|openvscode-server|code-tunnel)$/u,
    commandLine: /\/code-server\/|\/openvscode-server\b|\bserve-web\b/u,
    page: /vscode-workbench-web-configuration|^location: \.\/login\b/imu,
  },
  notTried: 'passwords and tokens, files, terminals; /healthz is open always and proves nothing',
  request: { path: '/' },
  judge: (response) => {
    const { status, body, asked, answered, headers } = response;
    if (status === 200 && body.includes('vscode-workbench-web-configuration')) return open(response);
    const location = headers.get('location') ?? '';
    if (status === 302 && /^\.\/login(?:\?|$)/u.test(location))
      return proved('auth-required', asked, `HTTP 302 ${location}`);
    return status === 403 && body.trim() === 'Forbidden.'
      ? proved('auth-required', asked, answered)
      : undefined;
  },
});
