import { httpCheck, jsonObject, open, textFacts } from '../http';

/** Chrome DevTools Protocol over HTTP. /json/new would open a tab and is never asked for. */
export const chromiumDevtools = httpCheck({
  service: 'chromium-devtools',
  name: 'Chrome DevTools',
  tls: 'never',
  // Its program and arguments are told by debuggers.ts: only one of its listeners is the debugger.
  recognition: { ports: [9222] },
  notTried: 'the debugging protocol itself: no WebSocket, no tab is opened',
  request: { path: '/json/version' },
  judge: (response) => {
    const version = response.status === 200 ? jsonObject(response.body) : undefined;
    return version &&
      typeof version['webSocketDebuggerUrl'] === 'string' &&
      typeof version['Browser'] === 'string'
      ? open(response, textFacts(version, { version: 'Browser' }))
      : undefined;
  },
});
