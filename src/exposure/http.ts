import { parse } from 'jsonc-parser';
import { plainText } from '../base/text';
import { ascii, latin1, utf8 } from './bytes';
import {
  proved,
  send,
  undecided,
  type Check,
  type CheckContext,
  type Recognition,
  type Reply,
  type Step,
} from './check';
import type { Facts } from './verdict';

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'CONNECT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A second request follows on this connection. */
  readonly keepAlive?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** How the request and the answer are told. */
  readonly asked: string;
  readonly answered: string;
}

/** An address as it stands in a URL or a Host header. */
export function hostPort({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** One request; no redirect is ever followed, no cookie kept, no credential sent. */
export function request(
  context: CheckContext,
  what: HttpRequest,
  judge: (response: HttpResponse) => Step,
): Step {
  const { method = 'GET', path, headers = {}, body } = what;
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${method === 'CONNECT' ? path : hostPort(context)}`,
    'User-Agent: portlight',
    'Accept: */*',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
    `Connection: ${what.keepAlive === true ? 'keep-alive' : 'close'}`,
  ];
  const asked = `${method} ${path}`;
  return send(ascii(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`), asked, (reply) => {
    const response = parseResponse(reply, asked);
    if (response === 'more') return 'more';
    if (response === 'not-http') return undecided('unexpected-reply', asked, reply);
    return judge(response);
  });
}

function parseResponse(reply: Reply, asked: string): HttpResponse | 'more' | 'not-http' {
  const text = latin1(reply.bytes);
  if (!'HTTP/1.'.startsWith(text.slice(0, 7))) return 'not-http';
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return 'more';
  const [statusLine = '', ...headerLines] = text.slice(0, end).split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/u.exec(statusLine)?.[1];
  if (status === undefined) return 'not-http';
  const headers = new Map<string, string>();
  for (const line of headerLines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const raw = bodyOf(reply, end + 4, headers);
  if (raw === 'more') return 'more';
  const body = utf8(raw);
  const answered = plainText(`HTTP ${status} ${body.trim()}`.trim(), 120);
  return { status: Number(status), headers, body, asked, answered };
}

function bodyOf(reply: Reply, start: number, headers: ReadonlyMap<string, string>): Uint8Array | 'more' {
  const rest = reply.bytes.subarray(start);
  const over = reply.ended !== undefined;
  if (/chunked/iu.test(headers.get('transfer-encoding') ?? '')) return unchunk(rest, over);
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (Number.isSafeInteger(length) && length >= 0)
    return rest.length >= length || over ? rest.subarray(0, length) : 'more';
  return over ? rest : 'more';
}

/** @returns what is there of a chunked body (RFC 9112, 7.1); `more` while it is incomplete and may go on. */
function unchunk(bytes: Uint8Array, over: boolean): Uint8Array | 'more' {
  const text = latin1(bytes);
  let body = '';
  let at = 0;
  for (;;) {
    const size = /^([0-9a-f]{1,7})[^\r\n]*\r\n/iu.exec(text.slice(at, at + 200));
    const length = Number.parseInt(size?.[1] ?? '', 16);
    if (size === null || at + size[0].length + length > text.length) {
      if (size !== null) body += text.slice(at + size[0].length);
      return over ? ascii(body) : 'more';
    }
    if (length === 0) return ascii(body);
    body += text.slice(at + size[0].length, at + size[0].length + length);
    at += size[0].length + length + 2;
  }
}

/** The JSON object of a body, even of one that was cut at the budget; undefined where it is none. */
export function jsonObject(body: string): Readonly<Record<string, unknown>> | undefined {
  return /^\s*\{/u.test(body) ? record(parse(body)) : undefined;
}

export function jsonArray(body: string): readonly unknown[] | undefined {
  if (!/^\s*\[/u.test(body)) return undefined;
  const value: unknown = parse(body);
  return Array.isArray(value) ? value : undefined;
}

export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** Keeps what is text, for the facts of a verdict. */
export function textFacts(
  from: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, string>>,
): Facts {
  return Object.fromEntries(
    Object.entries(names).flatMap(([fact, field]) => {
      const value = from[field];
      return typeof value === 'string' && value !== '' ? [[fact, value]] : [];
    }),
  );
}

export const open = (response: HttpResponse, facts?: Facts): Step =>
  proved('open-proved', response.asked, response.answered, facts);

export function authRequired(response: HttpResponse): Step {
  const scheme = response.headers.get('www-authenticate');
  return proved(
    'auth-required',
    response.asked,
    response.answered,
    scheme === undefined ? undefined : { scheme: scheme.split(',')[0] ?? scheme },
  );
}

export const unexpected = (response: HttpResponse): Step =>
  undecided('unexpected-reply', response.asked, response.answered);

/** Most HTTP services: one GET of a path that only an authenticated caller gets, and a judge of the JSON's shape. */
export function httpCheck(definition: {
  readonly service: string;
  readonly name: string;
  readonly tls?: Check['tls'];
  readonly recognition: Recognition;
  readonly notTried: string;
  readonly request: HttpRequest;
  /** Undefined: not what this service says. A 401 need not be judged, it is `auth-required` everywhere. */
  judge(response: HttpResponse, context: CheckContext): Step | undefined;
}): Check {
  return {
    service: definition.service,
    name: definition.name,
    transport: 'tcp',
    tls: definition.tls ?? 'after',
    recognition: definition.recognition,
    notTried: definition.notTried,
    start: (context) =>
      request(context, definition.request, (response) => {
        if (response.status === 401) return authRequired(response);
        return definition.judge(response, context) ?? unexpected(response);
      }),
  };
}
