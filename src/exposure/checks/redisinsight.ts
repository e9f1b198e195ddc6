import { httpCheck, jsonObject, open, textFacts } from '../http';

export const redisinsight = httpCheck({
  service: 'redisinsight',
  name: 'RedisInsight',
  recognition: { commandLine: /redis-?insight/iu, ports: [5540] },
  notTried: 'the databases that it knows and their passwords',
  request: { path: '/api/info' },
  judge: (response) => {
    const info = response.status === 200 ? jsonObject(response.body) : undefined;
    return typeof info?.['appVersion'] === 'string' && typeof info['buildType'] === 'string'
      ? open(response, textFacts(info, { version: 'appVersion' }))
      : undefined;
  },
});
