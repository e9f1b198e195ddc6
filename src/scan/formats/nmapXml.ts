import { plainText } from '../../base/text';
import { countPorts, formatRanges } from '../ports';
import type { ScanPart } from '../report';
import { checkOfPort, downTotal, type HostRecord, type SessionData } from '../sessionData';
import { splitPorts, type PortRow, type StateSummary } from '../summary';
import { TECHNIQUES } from '../techniques';
import type { ExportContext } from './format';
import { checkLine } from './check';
import { serviceOf } from './service';
import { asCommand } from './text';

/** Version of nmap's XML structure that this follows (nmap.dtd). */
const XML_OUTPUT_VERSION = '1.05';

/**
 * The structure of nmap's XML output, so that ndiff and others read it. The DTD knows one scanner only, so
 * `scanner` says "nmap"; `args` begins with `portlight-probe` and tells the truth.
 */
export function toNmapXml(data: SessionData, context: ExportContext): string {
  const start = seconds(data.startedAt);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE nmaprun>',
    `<nmaprun${attributes({
      scanner: 'nmap',
      args: asCommand(data),
      start,
      version: data.scanner.version,
      xmloutputversion: XML_OUTPUT_VERSION,
    })}>`,
    ...data.parts.map(scanInfo),
    '<verbose level="0"/>',
    '<debugging level="0"/>',
    ...data.hosts.flatMap((host) => hostXml(host, data, context)),
    ...runStats(data),
    '</nmaprun>',
  ];
  return `${lines.join('\n')}\n`;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function scanInfo({ technique, ports }: ScanPart): string {
  const { nmapType, protocol } = TECHNIQUES[technique];
  return `<scaninfo${attributes({ type: nmapType, protocol, numservices: countPorts(ports), services: formatRanges(ports) })}/>`;
}

function hostXml(host: HostRecord, data: SessionData, context: ExportContext): string[] {
  const { rows, folded } = splitPorts(host.groups);
  const end = seconds(data.endedAt ?? data.startedAt);
  const type = host.address.includes(':') ? 'ipv6' : 'ipv4';
  return [
    `<host${attributes({ starttime: seconds(data.startedAt), endtime: end, comment: host.complete ? undefined : 'incomplete' })}>`,
    `<status${attributes({ state: host.status, reason: host.reason, reason_ttl: 0 })}/>`,
    `<address${attributes({ addr: host.address, addrtype: type })}/>`,
    ...(host.mac === undefined
      ? []
      : [`<address${attributes({ addr: host.mac.toUpperCase(), addrtype: 'mac' })}/>`]),
    host.name === undefined
      ? '<hostnames></hostnames>'
      : `<hostnames><hostname${attributes({ name: host.name, type: 'user' })}/></hostnames>`,
    '<ports>',
    ...folded.flatMap(extraPorts),
    ...rows.map((row) => portXml(host, row, context)),
    '</ports>',
    ...times(host.latencyMs),
    '</host>',
  ];
}

function extraPorts({ protocol, state, count, reasons }: StateSummary): string[] {
  return [
    `<extraports${attributes({ state, count })}>`,
    ...reasons.map(
      ({ reason, count: each, ports }) =>
        `<extrareasons${attributes({ reason, count: each, proto: protocol, ports: formatRanges(ports) })}/>`,
    ),
    '</extraports>',
  ];
}

function portXml(
  host: HostRecord,
  { protocol, port, state, reason }: PortRow,
  context: ExportContext,
): string {
  const service = serviceOf(host, protocol, port, context.service);
  const named =
    service === undefined
      ? ''
      : `<service${attributes({
          name: service.name,
          product: service.product,
          method: service.method,
          // nmap's confidence: 3 for its table, 10 for a match of its probes.
          conf: service.method === 'table' ? 3 : 10,
        })}/>`;
  const check = checkOfPort(host, protocol, port);
  // Where nmap's scripts say what they found.
  const script =
    check === undefined ? '' : `<script${attributes({ id: 'portlight-check', output: checkLine(check) })}/>`;
  return `<port${attributes({ protocol, portid: port })}><state${attributes({ state, reason, reason_ttl: 0 })}/>${named}${script}</port>`;
}

/** Microseconds. Only the smoothed time is known here; the others repeat it. */
function times(latencyMs: number | undefined): string[] {
  if (latencyMs === undefined) return [];
  const srtt = Math.round(latencyMs * 1000);
  return [`<times${attributes({ srtt, rttvar: srtt, to: Math.max(100_000, srtt * 5) })}/>`];
}

function runStats(data: SessionData): string[] {
  const down = downTotal(data);
  const up = data.hosts.length + (data.omittedHosts ?? 0);
  const ended = data.endedAt ?? data.startedAt;
  const failed = data.status.kind !== 'completed';
  return [
    '<runstats>',
    `<finished${attributes({
      time: seconds(ended),
      elapsed: ((ended - data.startedAt) / 1000).toFixed(2),
      exit: failed ? 'error' : 'success',
      errormsg: failed ? data.status.kind : undefined,
    })}/>`,
    `<hosts${attributes({ up, down, total: up + down })}/>`,
    '</runstats>',
  ];
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(String(value))}"`))
    .join('');
}

/** Characters that XML 1.0 cannot carry at all (section 2.2) go out with the controls. */
function escapeXml(text: string): string {
  return plainText(text, 65_536)
    .replace(
      /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu,
      '\ufffd',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
