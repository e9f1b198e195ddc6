import { proved } from '../check';
import { httpCheck, jsonObject, open } from '../http';

export const kubelet = httpCheck({
  service: 'kubelet',
  name: 'kubelet',
  tls: 'first',
  recognition: { processes: /^kubelet$/u, ports: [10250] },
  notTried: 'tokens and certificates, running or reading anything in a pod',
  request: { path: '/pods' },
  judge: (response) => {
    // Anonymous callers are let in, and then not allowed this.
    if (response.status === 403 && response.body.startsWith('Forbidden (user=system:anonymous'))
      return proved('refused-by-policy', response.asked, response.answered, { policy: 'authorization' });
    return response.status === 200 && jsonObject(response.body)?.['kind'] === 'PodList'
      ? open(response)
      : undefined;
  },
});
