import { proved, type Check, type Step } from '../check';
import {
  authRequired,
  jsonArray,
  jsonObject,
  open,
  record,
  request,
  unexpected,
  type HttpResponse,
} from '../http';

/** "Admin party": without an administrator every caller is one, and /_session says so. */
function session(response: HttpResponse): 'party' | 'closed' | undefined {
  const user = record(jsonObject(response.body)?.['userCtx']);
  const roles = user?.['roles'];
  if (response.status !== 200 || !Array.isArray(roles) || user?.['name'] !== null) return undefined;
  return roles.includes('_admin') ? 'party' : 'closed';
}

/** Without a party databases may still be public: their list is open to all before 3.0. */
function databases(response: HttpResponse): Step {
  if (response.status === 401) return authRequired(response);
  const list = response.status === 200 ? jsonArray(response.body) : undefined;
  return list?.every((name) => typeof name === 'string') === true
    ? proved('open-proved', response.asked, response.answered, { allows: 'list of databases' })
    : unexpected(response);
}

export const couchdb: Check = {
  service: 'couchdb',
  name: 'CouchDB',
  transport: 'tcp',
  tls: 'after',
  recognition: {
    processes: /^couchdb$/u,
    commandLine: /couchdb\b.*-noshell|\bcouch_ini\b/u,
    ports: [5984, 6984],
  },
  notTried: 'users and passwords, documents',
  start: (context) =>
    request(context, { path: '/_session', keepAlive: true }, (response) => {
      if (response.status === 401) return authRequired(response);
      const state = session(response);
      if (state === 'party') return open(response, { allows: 'administration' });
      return state === 'closed' ? request(context, { path: '/_all_dbs' }, databases) : unexpected(response);
    }),
};
