import { proved } from '../check';
import { httpCheck } from '../http';

export const metro = httpCheck({
  service: 'metro',
  name: 'Metro (React Native, Expo)',
  recognition: {
    commandLine: /react-native\S*\s+start\b|(?:^|[/\s])expo\S*\s+start\b/u,
    ports: [8081, 19000],
  },
  notTried: 'bundles, the endpoints that open files in an editor',
  request: { path: '/status' },
  judge: (response) =>
    response.status === 200 && response.body === 'packager-status:running'
      ? proved('no-auth-by-design', response.asked, response.answered)
      : undefined,
});
