import { httpCheck, open } from '../http';

export const mongoExpress = httpCheck({
  service: 'mongo-express',
  name: 'mongo-express',
  recognition: { commandLine: /mongo-express/u, page: /<title>[^<]* - Mongo Express<\/title>/u },
  notTried: 'accounts (admin/pass is not guessed), databases',
  request: { path: '/' },
  judge: (response) =>
    response.status === 200 && /<title>[^<]{1,60} - Mongo Express<\/title>/u.test(response.body)
      ? open(response)
      : undefined,
});
