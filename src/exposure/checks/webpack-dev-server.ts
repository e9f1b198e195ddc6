import { proved } from '../check';
import { httpCheck } from '../http';

/** On the arguments joined by a blank. webpack's own program hides them behind the title `webpack`, and listens only then. */
export const WEBPACK_SERVES =
  /webpack-dev-server|webpack(?:\.js|-cli\S*)?\s+(?:serve|server|s)\b|^webpack\s*$/u;

/** Its own page of assets (webpack-dev-server, "The dev server"); the program that it serves is not looked at. */
export const webpackDevServer = httpCheck({
  service: 'webpack-dev-server',
  name: 'webpack-dev-server',
  recognition: {
    commandLine: new RegExp(`${WEBPACK_SERVES.source}|react-scripts\\S*\\s+start\\b`, 'u'),
  },
  notTried: 'assets, the socket of the hot reload',
  request: { path: '/webpack-dev-server' },
  judge: (response) =>
    response.status === 200 && response.body.includes('<h1>Assets Report:</h1>')
      ? proved('no-auth-by-design', response.asked, 'HTTP 200 Assets Report')
      : undefined,
});
