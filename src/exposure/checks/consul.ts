import { proved } from '../check';
import { httpCheck, jsonObject, open, record, textFacts } from '../http';

/** The agent's own configuration; with ACLs it is denied. /v1/status/leader is open always. */
export const consul = httpCheck({
  service: 'consul',
  name: 'Consul',
  recognition: { processes: /^consul$/u, ports: [8500, 8501] },
  notTried: 'tokens, keys and values, services, checks (which can run scripts)',
  request: { path: '/v1/agent/self' },
  judge: (response) => {
    if (response.status === 403 && /permission denied|acl not found/iu.test(response.body))
      return proved('auth-required', response.asked, response.answered);
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    const config = record(answer?.['Config']);
    return typeof config?.['NodeName'] === 'string' && typeof config['Datacenter'] === 'string'
      ? open(response, textFacts(config, { version: 'Version' }))
      : undefined;
  },
});
