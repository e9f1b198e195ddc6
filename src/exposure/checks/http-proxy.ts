import { proved, undecided, type Check, type CheckContext, type Step } from '../check';
import { hostPort, request, type HttpResponse } from '../http';

/** Port 1 of the proxy's own loopback: whatever comes of it never leaves the machine. */
const DESTINATION = '127.0.0.1:1';

/**
 * It tried: the destination's port is closed, so the proxy's own error names it. Any other server may answer 502 or 503
 * (a reverse proxy whose backend is down), but not with these words.
 */
function tried(response: HttpResponse, destination: string): boolean {
  const { status, headers, body } = response;
  if (status === 200) return /^HTTP 200\s*$/u.test(response.answered) && !headers.has('content-type');
  if (status !== 500 && status !== 502 && status !== 503 && status !== 504) return false;
  return (headers.get('x-squid-error') ?? '').startsWith('ERR_CONNECT_FAIL') || body.includes(destination);
}

function judge(response: HttpResponse, destination: string, denied: () => Step): Step {
  const { status, asked, answered } = response;
  if (status === 407) return proved('auth-required', asked, answered);
  if (tried(response, destination)) return proved('open-proved', asked, answered);
  return status === 403 ? denied() : undecided('unexpected-reply', asked, answered);
}

/**
 * A refusal of CONNECT may be about the port alone (Squid's SSL_ports) or about loopback, so a plain request for a
 * high, closed port of the proxy's own address comes after it.
 */
function plainRequest(context: CheckContext): Step {
  const destination = hostPort({ address: context.address, port: 65535 });
  const path = `http://${destination}/portlight-${context.nonce}`;
  return request(context, { path }, (response) =>
    judge(response, destination, () =>
      proved('refused-by-policy', response.asked, `HTTP ${response.status}`, { policy: 'proxy rules' }),
    ),
  );
}

export const httpProxy: Check = {
  service: 'http-proxy',
  name: 'HTTP proxy',
  transport: 'tcp',
  tls: 'never',
  recognition: {
    processes: /^(?:squid|squid3|tinyproxy|privoxy|mitmproxy|mitmdump|polipo)$/u,
    ports: [3128],
  },
  notTried: 'user names and passwords, destinations other than closed ports of the proxy itself',
  start: (context) =>
    request(context, { method: 'CONNECT', path: DESTINATION, keepAlive: true }, (response) =>
      judge(response, DESTINATION, () => plainRequest(context)),
    ),
};
