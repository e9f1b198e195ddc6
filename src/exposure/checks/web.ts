import { identified, undecided, type Check } from '../check';
import { authRequired, request, type HttpResponse } from '../http';

/** Head and body as they came, for the patterns of {@link Recognition.page}. */
function pageText({ headers, body }: HttpResponse): string {
  return `${[...headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${body}`;
}

/**
 * A web server on a port that many share (3000, 8080, …): its front page may tell which product it is, and that one's
 * own question is the second packet. Any other web server is as it is meant to be: named, and no alarm.
 * @param products whose check begins with one request
 */
export function webCheck(products: readonly Check[]): Check {
  return {
    service: 'web',
    name: 'a web server',
    transport: 'tcp',
    tls: 'after',
    recognition: {
      processes: /^(?:apache2|httpd|lighttpd)$/u,
      ports: [80, 443, 3000, 3001, 4000, 5001, 6006, 7860, 8000, 8080, 8081, 8082, 8443, 8888],
    },
    notTried:
      'everything but its front page: other pages may ask for a login, or lack one that they should have',
    start: (context) =>
      request(context, { path: '/' }, (response) => {
        const text = pageText(response);
        const product = products.find(({ recognition }) => recognition.page?.test(text) === true);
        // A page may use up what a connection may bring in, so that the question gets one of its own.
        if (product)
          return { kind: 'reconnect', then: () => identified(product.start(context), product.service) };
        if (response.status === 401) return authRequired(response);
        const server = response.headers.get('server');
        return undecided(
          'not-provable',
          response.asked,
          `HTTP ${response.status}`,
          server === undefined ? {} : { server },
        );
      }),
  };
}
