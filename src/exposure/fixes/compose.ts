import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Scalar } from 'yaml';
import type { LineFix } from './fix';

/**
 * The line of a Compose file that publishes a port on every interface: `"6379:6379"` becomes `"127.0.0.1:6379:6379"`
 * (Compose specification, `ports`). The long form gets `host_ip`.
 */
export function composeFix(text: string, port: number): LineFix | undefined {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const services: unknown = document.get('services');
  if (!isMap(services)) return undefined;
  for (const { value: service } of services.items) {
    const ports: unknown = isMap(service) ? service.get('ports') : undefined;
    for (const entry of isSeq(ports) ? ports.items : []) {
      const fix = shortForm(entry, text, counter, port) ?? longForm(entry, text, counter, port);
      if (fix) return fix;
    }
  }
  return undefined;
}

/** HOST:CONTAINER, with a range or a protocol perhaps; an address before it says that somebody thought of it. */
const short = /^(?:(?:0\.0\.0\.0|\[::\]):)?(\d+)(?:-(\d+))?:(\d+(?:-\d+)?(?:\/(?:tcp|udp))?)$/u;

function shortForm(entry: unknown, text: string, counter: LineCounter, port: number): LineFix | undefined {
  if (!isScalar(entry) || !entry.range) return undefined;
  const value = text.slice(entry.range[0], entry.range[1]);
  const bare = value.replace(/^["']|["']$/gu, '');
  const match = short.exec(bare);
  const first = Number(match?.[1]);
  if (!match || port < first || port > Number(match[2] ?? first)) return undefined;
  const published = bare.replace(/^(?:0\.0\.0\.0|\[::\]):/u, '');
  return lineFix(
    text,
    counter,
    entry as Scalar & { range: [number, number, number] },
    `"127.0.0.1:${published}"`,
  );
}

function longForm(entry: unknown, text: string, counter: LineCounter, port: number): LineFix | undefined {
  if (!isMap(entry) || Number(entry.get('published')) !== port) return undefined;
  const host = entry.get('host_ip', true);
  if (isScalar(host) && host.range) return lineFix(text, counter, host, '127.0.0.1');
  const published = entry.get('published', true);
  if (!isScalar(published) || !published.range) return undefined;
  const { line, before } = lineAt(text, counter, published.range[0]);
  const indent = /^\s*/u.exec(before)?.[0] ?? '';
  // The first key of an entry stands behind its dash.
  const inner = before.trimStart().startsWith('-') ? `${indent}  ` : indent;
  return { line, before, after: `${before}\n${inner}host_ip: 127.0.0.1` };
}

function lineFix(text: string, counter: LineCounter, node: Node, instead: string): LineFix | undefined {
  if (!node.range) return undefined;
  const [from, to] = node.range;
  const { line, before, start } = lineAt(text, counter, from);
  return { line, before, after: before.slice(0, from - start) + instead + before.slice(to - start) };
}

function lineAt(
  text: string,
  counter: LineCounter,
  offset: number,
): { line: number; before: string; start: number } {
  const { line, col } = counter.linePos(offset);
  const start = offset - col + 1;
  return { line, before: text.slice(start).split(/\r?\n/u, 1)[0] ?? '', start };
}
