import { proved, type Check } from '../check';
import { authRequired, jsonObject, open, record, request, unexpected } from '../http';

/**
 * Asks, through etcd's JSON gateway, how many keys have a name that none has: what anybody could read. `serializable`
 * keeps it on this member. /version and /health are open always and prove nothing; auth/status came only with 3.5.
 */
export const etcd: Check = {
  service: 'etcd',
  name: 'etcd',
  transport: 'tcp',
  tls: 'after',
  recognition: { processes: /^etcd$/u, ports: [2379] },
  notTried: 'users and passwords, keys that exist, writing, members',
  start: (context) => {
    const key = btoa(`portlight-${context.nonce}`);
    const body = JSON.stringify({ key, count_only: true, serializable: true });
    return request(context, { method: 'POST', path: '/v3/kv/range', body }, (response) => {
      if (response.status === 401) return authRequired(response);
      const answer = jsonObject(response.body);
      if (response.status === 200 && typeof record(answer?.['header'])?.['cluster_id'] === 'string')
        return open(response);
      const messages = [answer?.['error'], answer?.['message']].filter((text) => typeof text === 'string');
      return messages.some((text) =>
        /^etcdserver: (?:user name (?:is empty|not found)|permission denied|invalid auth)/u.test(text),
      )
        ? proved('auth-required', response.asked, response.answered)
        : unexpected(response);
    });
  },
};
