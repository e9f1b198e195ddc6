import type { Translate } from '../base/text';
import { errorAt, type GrammarError, type Parsed } from './grammar';
import { MAX_PORT, type PortNames } from './ports';
import { parseTarget } from './targetGrammar';

/** One host (a name or an address, as text for `parseTargets`) and one TCP port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `localhost:5432`, `localhost 5432`, `[::1]:80`, `::1 80`; the port may be a service's name. */
export function parseHostPort(text: string, names: PortNames, t: Translate): Parsed<HostPort> {
  const match = /^(\s*)(\[[^\]]*\]|[^\s:]+|[^\s]+(?=\s))(?:(\s*:\s*|\s+)(\S*))?\s*$/u.exec(text);
  const [, lead = '', host = '', between = '', port = ''] = match ?? [];
  const portOffset = lead.length + host.length + between.length;
  if (match === null || host === '')
    return failed(
      errorAt({ text, offset: 0 }, t('Type a host and a port, for example localhost:5432 or [::1]:80.')),
    );
  const target = parseTarget({ text: host, offset: lead.length }, t);
  if ('message' in target) return failed(target);
  const one =
    target.kind === 'name' ||
    (target.kind === 'range' ? target.range.first === target.range.last : single(target.octets));
  if (!one)
    return failed(errorAt({ text: host, offset: lead.length }, t('Only one host is checked at a time.')));
  const numbers = names(port.toLowerCase(), 'tcp');
  const number = /^\d{1,5}$/u.test(port) ? Number(port) : numbers[0]?.[0];
  if (number === undefined || number > MAX_PORT || number === 0)
    return failed(
      errorAt(
        { text: port, offset: portOffset },
        t('A port from 1 to {0}, or the name of a service, is missing.', String(MAX_PORT)),
      ),
    );
  return { ok: true, value: { host, port: number } };
}

function single(octets: readonly (readonly (readonly [number, number])[])[]): boolean {
  return octets.every((ranges) => ranges.length === 1 && ranges.every(([first, last]) => first === last));
}

function failed(error: GrammarError): Parsed<HostPort> {
  return { ok: false, errors: [error] };
}

/** `127.0.0.1:80`, `[::1]:80` */
export function formatHostPort(host: string, port: number): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}
