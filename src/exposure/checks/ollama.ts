import { proved } from '../check';
import { httpCheck, jsonObject, open, textFacts } from '../http';

/** Ollama's own API has no authentication; a proxy before it may have (401). */
export const ollama = httpCheck({
  service: 'ollama',
  name: 'Ollama',
  recognition: { processes: /^ollama$/u, ports: [11434] },
  notTried: 'models, prompts, pulling or deleting',
  request: { path: '/api/version' },
  judge: (response) => {
    if (response.status === 403 && response.body === '')
      return proved('refused-by-policy', response.asked, response.answered, { policy: 'OLLAMA_HOST' });
    const answer = response.status === 200 ? jsonObject(response.body) : undefined;
    return answer && typeof answer['version'] === 'string' && Object.keys(answer).length === 1
      ? open(response, textFacts(answer, { version: 'version' }))
      : undefined;
  },
});
