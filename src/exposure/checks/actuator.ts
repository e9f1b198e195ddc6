import { undecided } from '../check';
import { httpCheck, jsonObject, open, record } from '../http';

/** Endpoints that tell secrets or change the program. Health and info alone are what Spring Boot exposes by itself. */
const telling = new Set(
  'env heapdump threaddump shutdown configprops beans mappings loggers logfile httpexchanges httptrace jolokia sessions'.split(
    ' ',
  ),
);

/** The list of actuator endpoints; only their names are read, never a value, and none is called. */
export const actuator = httpCheck({
  service: 'actuator',
  name: 'Spring Boot Actuator',
  recognition: {
    commandLine: /\borg\.springframework\.boot\.loader\b/u,
    page: /<h1>Whitelabel Error Page<\/h1>/u,
  },
  notTried: 'every endpoint behind the list; another base path or management port',
  request: { path: '/actuator' },
  judge: (response) => {
    const links = response.status === 200 ? record(jsonObject(response.body)?.['_links']) : undefined;
    if (typeof record(links?.['self'])?.['href'] !== 'string') return undefined;
    const found = Object.keys(links ?? {}).filter((name) => telling.has(name));
    return found.length > 0
      ? open(response, { endpoints: found.join(' ') })
      : undecided('not-provable', response.asked, 'health and info only');
  },
});
