import { type Check } from '../check';
import { authRequired, jsonObject, open, request, textFacts, unexpected } from '../http';

/** Mailpit's /api/v1/info, then MailHog's list of messages (without any: from the end). */
export const mailCatcher: Check = {
  service: 'mail-catcher',
  name: 'Mailpit, MailHog',
  transport: 'tcp',
  tls: 'after',
  recognition: { processes: /^(?:mailpit|[Mm]ail[Hh]og)$/u, ports: [8025] },
  notTried: 'accounts, the mails themselves, sending',
  start: (context) =>
    request(context, { path: '/api/v1/info', keepAlive: true }, (response) => {
      if (response.status === 401) return authRequired(response);
      const info = response.status === 200 ? jsonObject(response.body) : undefined;
      if (typeof info?.['Messages'] === 'number' && typeof info['Version'] === 'string')
        return open(response, textFacts(info, { version: 'Version' }));
      if (response.status !== 404) return unexpected(response);
      return request(context, { path: '/api/v2/messages?start=1000000&limit=1' }, (last) => {
        if (last.status === 401) return authRequired(last);
        const list = last.status === 200 ? jsonObject(last.body) : undefined;
        return typeof list?.['total'] === 'number' && typeof list['start'] === 'number' && 'items' in list
          ? open(last)
          : unexpected(last);
      });
    }),
};
