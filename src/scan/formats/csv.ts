import { checkOfPort, type HostRecord, type SessionData } from '../sessionData';
import { splitPorts } from '../summary';
import type { ExportContext } from './format';
import { checkLine } from './check';
import { serviceOf } from './service';

const COLUMNS = [
  'address',
  'name',
  'mac',
  'latency_ms',
  'host_reason',
  'protocol',
  'first_port',
  'last_port',
  'state',
  'reason',
  'service',
  'service_known_by',
  'verdict',
  'verdict_proof',
] as const;

/**
 * RFC 4180: CRLF, quotes where needed, a header. One row a port; ports that are summed up in the view make one row a
 * range. Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection").
 */
export function toCsv(data: SessionData, context: ExportContext): string {
  const rows = data.hosts.flatMap((host) => hostRows(host, context));
  return [COLUMNS.join(','), ...rows.map((row) => row.map(cell).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
}

function hostRows(host: HostRecord, context: ExportContext): (string | number)[][] {
  const facts = [host.address, host.name ?? '', host.mac ?? '', host.latencyMs ?? '', host.reason];
  const { rows, folded } = splitPorts(host.groups);
  const single = rows.map(({ protocol, port, state, reason }) => {
    const service = serviceOf(host, protocol, port, context.service);
    const named =
      service === undefined ? ['', ''] : [service.name, service.method === 'table' ? 'number' : 'probe'];
    const check = checkOfPort(host, protocol, port);
    const verdict = check === undefined ? ['', ''] : [check.result.verdict.kind, checkLine(check)];
    return [...facts, protocol, port, port, state, reason, ...named, ...verdict];
  });
  const ranges = folded.flatMap(({ protocol, state, reasons }) =>
    reasons.flatMap(({ reason, ports }) =>
      ports.map(([first, last]) => [...facts, protocol, first, last, state, reason, '', '', '', '']),
    ),
  );
  return single.length + ranges.length === 0
    ? [[...facts, '', '', '', '', '', '', '', '', '']]
    : [...single, ...ranges];
}

/** Numbers are ours and go as they are; a text never starts a formula. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
