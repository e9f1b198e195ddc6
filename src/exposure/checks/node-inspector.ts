import { httpCheck, jsonObject, open, textFacts } from '../http';

/**
 * The Node.js (and Deno) inspector: whoever reaches it runs any code. The HTTP part does not attach a debugger
 * and leaves the WebSocket free. Node turns a Host that is a name away, so Host is the literal address.
 */
export const nodeInspector = httpCheck({
  service: 'node-inspector',
  name: 'Node.js inspector',
  tls: 'never',
  // Its arguments are told by debuggers.ts: only one of its listeners is the debugger.
  recognition: { ports: [9229] },
  notTried: 'the debugging protocol itself: no WebSocket is opened',
  request: { path: '/json/version' },
  judge: (response) => {
    const version = response.status === 200 ? jsonObject(response.body) : undefined;
    const browser = version?.['Browser'];
    return version && typeof browser === 'string' && /^(?:node\.js|Deno|Bun)\//u.test(browser)
      ? open(response, textFacts(version, { version: 'Browser' }))
      : undefined;
  },
});
