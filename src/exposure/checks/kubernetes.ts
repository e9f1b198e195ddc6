import { proved } from '../check';
import { httpCheck, jsonObject, open } from '../http';

/** The API server, and `kubectl proxy`, which lends its user's rights. /version is open by default: no proof. */
export const kubernetes = httpCheck({
  service: 'kubernetes',
  name: 'Kubernetes API',
  recognition: { processes: /^(?:kube-apiserver|kubectl|k3s-server|k3s)$/u, ports: [6443, 8001] },
  notTried: 'tokens and certificates, anything but one namespace name',
  request: { path: '/api/v1/namespaces?limit=1' },
  judge: (response) => {
    const answer = jsonObject(response.body);
    if (answer === undefined) return undefined;
    if (response.status === 200 && answer['kind'] === 'NamespaceList') return open(response);
    return response.status === 403 && answer['kind'] === 'Status' && answer['reason'] === 'Forbidden'
      ? proved('refused-by-policy', response.asked, response.answered, { policy: 'authorization' })
      : undefined;
  },
});
