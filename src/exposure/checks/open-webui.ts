import { proved } from '../check';
import { httpCheck, jsonObject, open, record, textFacts } from '../http';

/** Its own configuration says whether it asks for a login, and whether it waits for its first administrator. */
export const openWebui = httpCheck({
  service: 'open-webui',
  name: 'Open WebUI',
  recognition: { commandLine: /\bopen[-_]webui\b/u, page: /<title>Open WebUI<\/title>/u },
  notTried: 'accounts, signing up, models',
  request: { path: '/api/config' },
  judge: (response) => {
    const config = response.status === 200 ? jsonObject(response.body) : undefined;
    const auth = record(config?.['features'])?.['auth'];
    if (!config || typeof config['version'] !== 'string' || typeof auth !== 'boolean') return undefined;
    const facts = textFacts(config, { version: 'version' });
    if (config['onboarding'] === true) return open(response, { ...facts, unclaimed: 'yes' });
    return auth
      ? proved('auth-required', response.asked, 'features.auth true', facts)
      : open(response, facts);
  },
});
