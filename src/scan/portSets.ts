import type { Translate } from '../base/text';
import { knownPort } from '../ports/knownPorts';
import {
  countPorts,
  MAX_IP_PROTOCOL,
  MAX_PORT,
  normalizeRanges,
  parseRanges,
  rangesOf,
  type PortNames,
  type PortRanges,
} from './ports';
import type { ScanProtocol } from './techniques';

/** Sets that can be typed like a service's name. */
export const PORT_SETS = ['quick', 'common', 'all'] as const;
export type PortSetId = (typeof PORT_SETS)[number];

/**
 * About a hundred: the defaults of what developers run (frameworks, databases, brokers, debuggers, consoles), and the
 * services that every server has. From the products' own documentation, as in ports/tables.
 */
const QUICK_TCP =
  '21-23,25,53,80,110,111,135,139,143,389,443,445,465,587,631,636,873,993,995,1080,1433,1521,1883,2049,2181,2222,' +
  '2375,2376,2379,3000,3001,3128,3268,3306,3389,4000,4173,4200,4222,4317,4318,4321,4369,4444,4566,5000,5001,' +
  '5005,5173,5174,5432,5500,5601,5672,5678,5900,5901,5984,5985,6000,6006,6333,6379,6443,7000,7070,7474,7687,' +
  '7860,8000,8001,8008,8080,8081,8086,8088,8090,8123,8188,8200,8443,8500,8501,8787,8888,8983,9000,9042,9090,' +
  '9092,9200,9222,9229,9418,10000,10250,11211,11434,15672,19999,25565,27017,50000,61616';

/** UDP answers slowly, so its quick set is shorter: what commonly answers a datagram at all. */
const QUICK_UDP =
  '7,9,13,17,19,37,53,67-69,88,111,123,135,137,138,161,162,177,389,427,443,464,500,514,520,546,547,623,631,853,' +
  '1194,1701,1812,1813,1900,2049,2055,2123,2152,3478,3702,4433,4500,4789,5004,5060,5061,5351,5353,5355,5683,' +
  '5684,6343,6831,6832,6881,8089,8125,8301,8302,8443,8472,8600,11211,12201,19132,25826,27015,33434,34964,41641,' +
  '44818,47808,51820,60000-60002';

/** IP protocols that hosts and routers speak: ICMP, IGMP, IPv4 in IPv4, TCP, UDP, IPv6, GRE, ESP, AH, OSPF, PIM, VRRP, SCTP, UDP-Lite. */
const QUICK_IP = '1,2,4,6,17,41,47,50,51,58,89,103,112,132,136';

/**
 * Where services without a number of their own end up: next to a popular default, since a second server takes the
 * next free one, and at the start of the ephemeral ranges of Linux (32768) and of RFC 6335 (49152).
 */
const NEIGHBOURHOODS =
  '1025-1030,3000-3010,4000-4005,4200-4203,5000-5010,5170-5180,5432-5435,5900-5905,6000-6005,6379-6382,7000-7010,' +
  '8000-8010,8080-8100,8180-8183,8443-8445,8880-8890,9000-9010,9090-9100,9200-9205,9229-9231,10000-10005,' +
  '27017-27020,32768-32779,49152-49163';

const sets = new Map<string, PortRanges>();

/** The ports of a set. `common` is made of ports/tables on first use: about a thousand, the quick ones among them. */
export function portSet(id: PortSetId, protocol: ScanProtocol): PortRanges {
  const key = `${id} ${protocol}`;
  const known = sets.get(key);
  if (known !== undefined) return known;
  const made = makeSet(id, protocol);
  sets.set(key, made);
  return made;
}

function makeSet(id: PortSetId, protocol: ScanProtocol): PortRanges {
  if (protocol === 'ip')
    return id === 'quick'
      ? parseRanges(QUICK_IP)
      : [[0, id === 'common' ? ASSIGNED_IP_PROTOCOLS : MAX_IP_PROTOCOL]];
  if (id === 'all') return [[1, MAX_PORT]];
  const quick = parseRanges(protocol === 'tcp' ? QUICK_TCP : QUICK_UDP);
  if (id === 'quick') return quick;
  return normalizeRanges([...quick, ...parseRanges(NEIGHBOURHOODS), ...servicePorts(protocol)]);
}

/** IANA has assigned the protocol numbers up to this one. */
const ASSIGNED_IP_PROTOCOLS = 148;
const LAST_SYSTEM_PORT = 1023;

/** System ports with a registered service, and every default that products are known for. */
function servicePorts(protocol: 'tcp' | 'udp'): PortRanges {
  const ports: number[] = [];
  for (let port = 1; port <= MAX_PORT; port++) {
    const { ianaName, knownFor } = knownPort(port, protocol);
    if (knownFor.length > 0 || (ianaName !== undefined && port <= LAST_SYSTEM_PORT)) ports.push(port);
  }
  return rangesOf(ports);
}

/** What a set is, with its size, for the picker. */
export function portSetDetail(id: PortSetId, protocol: ScanProtocol, t: Translate): string {
  const count = countPorts(portSet(id, protocol));
  if (protocol === 'ip') return t('{0} IP protocols', count);
  switch (id) {
    case 'quick':
      return t('{0} ports: what developers and servers run most', count);
    case 'common':
      return t('{0} ports: every registered system service and known default, and their neighbours', count);
    case 'all':
      return t('all {0} ports', count);
  }
}

/** Names that may be typed for ports: the sets, and registered services. */
export const portNames: PortNames = (name, protocol) => {
  const id = PORT_SETS.find((each) => each === name);
  if (id !== undefined) return portSet(id, protocol);
  return protocol === 'ip' ? [] : rangesOf(namedPorts(protocol).get(name) ?? []);
};

const byName = new Map<string, ReadonlyMap<string, readonly number[]>>();

function namedPorts(protocol: 'tcp' | 'udp'): ReadonlyMap<string, readonly number[]> {
  const known = byName.get(protocol);
  if (known !== undefined) return known;
  const names = new Map<string, number[]>();
  for (let port = 1; port <= MAX_PORT; port++) {
    const name = knownPort(port, protocol).ianaName?.toLowerCase();
    if (name === undefined) continue;
    names.set(name, [...(names.get(name) ?? []), port]);
  }
  byName.set(protocol, names);
  return names;
}

/** The registered name of a port; a guess at what is there. */
export function serviceGuess(protocol: ScanProtocol, port: number): string | undefined {
  return protocol === 'ip' ? undefined : knownPort(port, protocol).ianaName;
}
