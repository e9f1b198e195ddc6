import { undecided, type Check } from '../check';
import { authRequired, jsonObject, open, record, request, unexpected } from '../http';

/** The list of models that every server of this API has. */
function models(body: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  const answer = jsonObject(body);
  const data = answer?.['object'] === 'list' ? answer['data'] : undefined;
  return Array.isArray(data) ? data.map((each: unknown) => record(each) ?? {}) : undefined;
}

/**
 * vLLM guards all of /v1 with its key, so that a list proves that there is none. llama.cpp leaves the list open even with
 * a key and guards /props. Of any other server the list proves nothing.
 */
export const openaiApi: Check = {
  service: 'openai-api',
  name: 'vLLM, llama.cpp, LM Studio (OpenAI API)',
  transport: 'tcp',
  tls: 'after',
  recognition: {
    processes: /^(?:llama-server|vllm)$/u,
    commandLine: /(?:^|[/\s])vllm\s+serve\b|\bvllm\.entrypoints\b|\bllama_cpp\.server\b/u,
  },
  notTried: 'keys, completions',
  start: (context) =>
    request(context, { path: '/v1/models', keepAlive: true }, (response) => {
      if (response.status === 401) return authRequired(response);
      const list = response.status === 200 ? models(response.body) : undefined;
      if (!list) return unexpected(response);
      const owner = list[0]?.['owned_by'];
      if (owner === 'vllm') return open(response);
      if (owner !== 'llamacpp') return undecided('not-provable', response.asked, response.answered);
      return request(context, { path: '/props' }, (last) => {
        if (last.status === 401) return authRequired(last);
        const props = last.status === 200 ? jsonObject(last.body) : undefined;
        return props && record(props['default_generation_settings']) ? open(last) : unexpected(last);
      });
    }),
};
