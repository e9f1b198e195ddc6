import { proved, type Check } from '../check';
import { jsonObject, open, request, unexpected } from '../http';

/** 404 to "is there an administrator?" means that the first visitor becomes one. 204 is what a claimed one says. */
export const portainer: Check = {
  service: 'portainer',
  name: 'Portainer',
  transport: 'tcp',
  tls: 'after',
  recognition: { processes: /^portainer$/u, ports: [9443] },
  notTried: 'accounts, making the administrator, containers',
  start: (context) =>
    request(context, { path: '/api/users/admin/check', keepAlive: true }, (response) => {
      const message = jsonObject(response.body)?.['message'];
      if (response.status === 404 && typeof message === 'string' && /administrator/iu.test(message))
        return open(response, { unclaimed: 'yes' });
      if (response.status !== 204) return unexpected(response);
      return request(context, { path: '/api/users' }, (last) =>
        last.status === 401 ? proved('auth-required', last.asked, last.answered) : unexpected(last),
      );
    }),
};
