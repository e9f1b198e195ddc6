import { plainText } from '../../base/text';
import { checkOfPort, downTotal, type HostRecord, type SessionData } from '../sessionData';
import { splitPorts, type PortRow, type StateSummary } from '../summary';
import type { ExportContext } from './format';
import { checkLine } from './check';
import { serviceOf } from './service';

/** Like nmap's normal output, always in English, so that people and scripts who read that read this. Times are UTC. */
export function toText(data: SessionData, context: ExportContext): string {
  const total = downTotal(data) + data.hosts.length;
  const head = `# ${scannerName(data)} scan initiated ${time(data.startedAt)} as: ${asCommand(data)}`;
  const hosts = data.hosts.map((host) => hostText(host, context));
  return [head, ...hosts, `${ending(data, total)}\n`].join('\n');
}

function scannerName({ scanner }: SessionData): string {
  return plainText(`${scanner.name} ${scanner.version}`);
}

/** What was asked for, as the command that scans it again. */
export function asCommand(data: SessionData): string {
  if (data.scanner.args !== undefined) return plainText(data.scanner.args);
  const techniques = data.parts.map(({ technique }) => ` --technique ${technique}`).join('');
  return plainText(
    `portlight-probe scan ${data.targets} -p ${data.ports}${techniques} --timing ${data.timing}`,
  );
}

function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/u, 'Z');
}

function ending(data: SessionData, total: number): string {
  const hosts = `${total} IP ${total === 1 ? 'address' : 'addresses'} (${data.hosts.length} ${data.hosts.length === 1 ? 'host' : 'hosts'} up)`;
  const omitted =
    data.omittedHosts === undefined
      ? ''
      : `\n# ${data.omittedHosts} hosts without an open port are left out.`;
  if (data.endedAt === undefined) return `# Not finished (${data.status.kind}): ${hosts}${omitted}`;
  const seconds = ((data.endedAt - data.startedAt) / 1000).toFixed(2);
  const how = data.status.kind === 'completed' ? 'done' : data.status.kind;
  return `# ${scannerName(data)} ${how} at ${time(data.endedAt)} -- ${hosts} scanned in ${seconds} seconds${omitted}`;
}

function hostText(host: HostRecord, context: ExportContext): string {
  const title = host.name === undefined ? host.address : `${plainText(host.name)} (${host.address})`;
  const latency = host.latencyMs === undefined ? '' : ` (${(host.latencyMs / 1000).toPrecision(2)}s latency)`;
  const { rows, folded } = splitPorts(host.groups);
  const lines = [`Scan report for ${title}`, `Host is up, received ${host.reason}${latency}.`];
  if (rows.length === 0 && folded.length > 0) {
    const count = folded.reduce((sum, each) => sum + each.count, 0);
    lines.push(`All ${count} scanned ports on ${title} are in ignored states.`);
  }
  if (folded.length > 0) lines.push(`Not shown: ${folded.map(notShown).join(', ')}`);
  if (rows.length > 0) lines.push(...table(host, rows, context));
  if (host.mac !== undefined) lines.push(`MAC Address: ${plainText(host.mac).toUpperCase()}`);
  if (!host.complete) lines.push('Not every port of this host was scanned.');
  return `${lines.join('\n')}\n`;
}

function notShown({ protocol, state, count, reasons }: StateSummary): string {
  const why =
    reasons.length === 1
      ? (reasons[0]?.reason ?? '')
      : reasons.map((each) => `${each.count} ${each.reason}`).join(', ');
  return `${count} ${state} ${protocol === 'ip' ? 'IP protocols' : `${protocol} ports`} (${why})`;
}

/** A `?` behind the service marks a guess by number. */
function table(host: HostRecord, rows: readonly PortRow[], context: ExportContext): string[] {
  const cells = rows.map((row) => {
    const service = serviceOf(host, row.protocol, row.port, context.service);
    const name = service === undefined ? 'unknown' : plainText(service.name);
    return [
      `${row.port}/${row.protocol}`,
      row.state,
      service?.method === 'table' ? `${name}?` : name,
      row.reason,
      service?.product === undefined ? '' : plainText(service.product),
    ];
  });
  const withProduct = cells.some((row) => row[4] !== '');
  const head = ['PORT', 'STATE', 'SERVICE', 'REASON', ...(withProduct ? ['VERSION'] : [])];
  const all = [head, ...cells.map((row) => row.slice(0, head.length))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.flatMap((row, index) => {
    const line = row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join(' ')
      .trimEnd();
    const port = rows[index - 1];
    const check = port && checkOfPort(host, port.protocol, port.port);
    // As nmap prints what a script found.
    return check === undefined ? [line] : [line, `|_portlight-check: ${checkLine(check)}`];
  });
}
