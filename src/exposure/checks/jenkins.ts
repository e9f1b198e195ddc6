import { proved } from '../check';
import { httpCheck, jsonObject, open } from '../http';

/** The remote access API; without the right to read it answers 403, always with its version in a header. */
export const jenkins = httpCheck({
  service: 'jenkins',
  name: 'Jenkins',
  recognition: { commandLine: /\bjenkins\.war\b/u, page: /^x-jenkins: /imu },
  notTried: 'accounts, jobs, builds, the script console',
  request: { path: '/api/json?tree=mode' },
  judge: (response) => {
    const version = response.headers.get('x-jenkins');
    if (version === undefined) return undefined;
    if (response.status === 403)
      return proved('auth-required', response.asked, `HTTP 403, X-Jenkins: ${version}`, { version });
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    return answer?.['_class'] === 'hudson.model.Hudson' ? open(response, { version }) : undefined;
  },
});
