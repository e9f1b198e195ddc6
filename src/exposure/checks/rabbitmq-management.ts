import { httpCheck, jsonObject, open, textFacts } from '../http';

export const rabbitmqManagement = httpCheck({
  service: 'rabbitmq-management',
  name: 'RabbitMQ management',
  recognition: { ports: [15672, 15671] },
  notTried: 'guest or any account',
  request: { path: '/api/overview' },
  judge: (response) => {
    const overview = response.status === 200 ? jsonObject(response.body) : undefined;
    return overview && typeof overview['management_version'] === 'string'
      ? open(response, textFacts(overview, { version: 'rabbitmq_version' }))
      : undefined;
  },
});
