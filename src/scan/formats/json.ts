import { formatAddress, parseAddress } from '../address';
import { formatRanges, MAX_PORT, parsePorts, type PortRanges } from '../ports';
import { DISCOVERY_METHODS, TIMINGS, type PortGroup, type ScanPart } from '../report';
import { sortedGroups } from '../groups';
import { readCheck } from './check';
import type {
  DownCount,
  HostCheck,
  HostRecord,
  ServiceFacts,
  SessionData,
  SessionStatus,
} from '../sessionData';
import { PORT_STATES, REASONS } from '../states';
import { TECHNIQUE_IDS, type ScanProtocol } from '../techniques';
import { english, plainText } from '../../base/text';
import { FormatError } from './format';
import { JsonNode } from './jsonNode';

const FORMAT = 'portlight-scan';
const VERSION = 1;
const PROTOCOLS: readonly ScanProtocol[] = ['tcp', 'udp', 'ip'];

/**
 * The whole session as JSON; docs/scan-format.md describes every field. Ports are written as ranges (`"1-79,81"`),
 * times as ISO 8601 in UTC. `readJson` reads it back without loss.
 */
export function toJson(data: SessionData): string {
  const {
    id,
    origin,
    scanner,
    engine,
    targets,
    ports,
    discovery,
    timing,
    status,
    down,
    hostsTotal,
    omittedHosts,
  } = data;
  const document = {
    format: FORMAT,
    version: VERSION,
    id,
    origin,
    scanner,
    engine,
    targets,
    ports,
    parts: data.parts.map((part) => ({ technique: part.technique, ports: formatRanges(part.ports) })),
    discovery,
    timing,
    startedAt: new Date(data.startedAt).toISOString(),
    endedAt: data.endedAt === undefined ? undefined : new Date(data.endedAt).toISOString(),
    status,
    hostsTotal,
    down,
    omittedHosts,
    hosts: data.hosts.map(({ groups, checks, ...facts }) => ({
      ...facts,
      checks: checks?.map(({ checkedAt, result }) => ({
        checkedAt: new Date(checkedAt).toISOString(),
        ...result,
      })),
      ports: groups.map((group) => ({ ...group, ports: formatRanges(group.ports) })),
    })),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

/** @throws FormatError with the path of the wrong part. Unknown fields are ignored. */
export function readJson(text: string): SessionData {
  const root = JsonNode.parse(text);
  if (root.optional('format')?.string() !== FORMAT)
    throw new FormatError('This JSON is not a scan of Portlight: its "format" is another one', '');
  const version = root.get('version').integer(1, Number.MAX_SAFE_INTEGER);
  if (version > VERSION)
    throw new FormatError(`A newer Portlight wrote this scan (version ${version})`, 'version');
  const scanner = root.get('scanner');
  const discovery = root.get('discovery');
  return {
    id: root.get('id').string(),
    origin: root.get('origin').oneOf(['scan', 'import']),
    scanner: {
      name: clean(scanner.get('name')),
      version: clean(scanner.get('version')),
      ...scanner.map('args', (node) => ({ args: clean(node) })),
    },
    ...root.map('engine', (node) => ({ engine: node.oneOf(['raw', 'addon', 'net']) })),
    targets: clean(root.get('targets')),
    ports: clean(root.get('ports'), MAX_PORT * 6),
    parts: root.get('parts').array(readPart),
    discovery: discovery.is('skip') ? 'skip' : discovery.array((node) => node.oneOf(DISCOVERY_METHODS)),
    timing: root.get('timing').oneOf(TIMINGS),
    startedAt: root.get('startedAt').time(),
    ...root.map('endedAt', (node) => ({ endedAt: node.time() })),
    status: readStatus(root.get('status')),
    hostsTotal: root.get('hostsTotal').integer(0, Number.MAX_SAFE_INTEGER),
    down: root.get('down').array(readDown),
    ...root.map('omittedHosts', (node) => ({ omittedHosts: node.integer(0, Number.MAX_SAFE_INTEGER) })),
    hosts: root.get('hosts').array(readHost),
  };
}

function clean(node: JsonNode, limit = 4096): string {
  return plainText(node.string(), limit);
}

function readPart(node: JsonNode): ScanPart {
  return {
    technique: node.get('technique').oneOf(TECHNIQUE_IDS),
    ports: readPorts(node.get('ports'), 'tcp'),
  };
}

/** Never reads a name: exports hold numbers only. */
function readPorts(node: JsonNode, protocol: ScanProtocol): PortRanges {
  const text = node.string();
  if (text === '') return [];
  const parsed = parsePorts(text, protocol, () => [], english);
  const ranges = parsed.ok ? parsed.value[protocol] : undefined;
  return ranges ?? node.fail('a list of ports like "1-79,81"');
}

function readStatus(node: JsonNode): SessionStatus {
  const kind = node.get('kind').oneOf(['running', 'completed', 'cancelled', 'interrupted', 'failed']);
  if (kind === 'failed') return { kind, code: clean(node.get('code')), message: clean(node.get('message')) };
  // Whatever ran when this was written does not run any more.
  return { kind: kind === 'running' ? 'interrupted' : kind };
}

function readDown(node: JsonNode): DownCount {
  return {
    reason: node.get('reason').oneOf(REASONS),
    hosts: node.get('hosts').integer(0, Number.MAX_SAFE_INTEGER),
  };
}

function readHost(node: JsonNode): HostRecord {
  const address = parseAddress(node.get('address').string());
  return {
    address: address === undefined ? node.get('address').fail('an address') : formatAddress(address),
    status: node.get('status').oneOf(['up', 'down']),
    reason: node.get('reason').oneOf(REASONS),
    ...node.map('name', (each) => ({ name: clean(each, 253) })),
    ...node.map('latencyMs', (each) => ({ latencyMs: each.number(0) })),
    ...node.map('mac', (each) => ({ mac: clean(each, 17) })),
    complete: node.get('complete').boolean(),
    groups: sortedGroups(node.get('ports').array(readGroup)),
    ...node.map('services', (each) => ({ services: each.array(readService) })),
    ...node.map('checks', (each) => ({ checks: each.array(readHostCheck) })),
  };
}

function readGroup(node: JsonNode): PortGroup {
  const protocol = node.get('protocol').oneOf(PROTOCOLS);
  return {
    protocol,
    state: node.get('state').oneOf(PORT_STATES),
    reason: node.get('reason').oneOf(REASONS),
    ports: readPorts(node.get('ports'), protocol),
  };
}

function readService(node: JsonNode): ServiceFacts {
  return {
    protocol: node.get('protocol').oneOf(PROTOCOLS),
    port: node.get('port').integer(0, MAX_PORT),
    name: clean(node.get('name'), 80),
    ...node.map('product', (each) => ({ product: clean(each, 400) })),
    method: node.get('method').oneOf(['probed', 'table']),
  };
}

function readHostCheck(node: JsonNode): HostCheck {
  return { checkedAt: node.get('checkedAt').time(), result: readCheck(node) };
}
