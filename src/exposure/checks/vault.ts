import { proved, type Check } from '../check';
import { jsonObject, open, request, textFacts, unexpected } from '../http';

/**
 * seal-status is open to everybody by design, and tells whether anybody has set the vault up: if not, the first visitor
 * gets the keys. Where it is set up, a request without a token must be refused.
 */
export const vault: Check = {
  service: 'vault',
  name: 'Vault, OpenBao',
  transport: 'tcp',
  tls: 'after',
  recognition: { processes: /^(?:vault|bao)$/u, ports: [8200] },
  notTried: 'tokens (a root token in the arguments is not tried), secrets, unsealing',
  start: (context) =>
    request(context, { path: '/v1/sys/seal-status', keepAlive: true }, (response) => {
      const answer = response.status === 200 ? jsonObject(response.body) : undefined;
      if (typeof answer?.['sealed'] !== 'boolean' || typeof answer['initialized'] !== 'boolean')
        return unexpected(response);
      const facts = textFacts(answer, { version: 'version' });
      if (!answer['initialized']) return open(response, { ...facts, unclaimed: 'yes' });
      return request(context, { path: '/v1/auth/token/lookup-self' }, (last) =>
        // 400 "missing client token" came before 403; 503 is a sealed vault, which answers nobody.
        [400, 403, 503].includes(last.status) && Array.isArray(jsonObject(last.body)?.['errors'])
          ? proved('auth-required', last.asked, last.answered, facts)
          : unexpected(last),
      );
    }),
};
