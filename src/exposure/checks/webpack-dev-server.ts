import { proved } from '../check';
import { httpCheck } from '../http';

/** Its own page of assets (webpack-dev-server, "The dev server"); the program that it serves is not looked at. */
export const webpackDevServer = httpCheck({
  service: 'webpack-dev-server',
  name: 'webpack-dev-server',
  recognition: { commandLine: /webpack-dev-server|webpack(?:\.js)?\s+serve\b|react-scripts\S*\s+start\b/u },
  notTried: 'assets, the socket of the hot reload',
  request: { path: '/webpack-dev-server' },
  judge: (response) =>
    response.status === 200 && response.body.includes('<h1>Assets Report:</h1>')
      ? proved('no-auth-by-design', response.asked, 'HTTP 200 Assets Report')
      : undefined,
});
