import { SaxesParser } from 'saxes';
import { plainText } from '../../base/text';
import { formatAddress, parseAddress } from '../address';
import {
  formatPortList,
  MAX_PORT,
  normalizeRanges,
  subtractPorts,
  parseRanges,
  type PortRanges,
} from '../ports';
import type { PortGroup, ScanPart } from '../report';
import { sortedGroups } from '../groups';
import type { DownCount, HostRecord, ServiceFacts, SessionData } from '../sessionData';
import { isPortState, isReason, type Reason } from '../states';
import { TECHNIQUE_IDS, TECHNIQUES, type ScanProtocol, type TechniqueId } from '../techniques';
import { FormatError } from './format';

/** A result of nmap, and what of it could not be taken over (English sentences). */
export interface Imported {
  readonly data: SessionData;
  readonly notes: readonly string[];
}

type Attributes = Readonly<Record<string, string>>;

/** What is gathered of the host whose element is open. */
interface OpenHost {
  status: string;
  reason: Reason;
  address?: string;
  mac?: string;
  name?: string;
  latencyMs?: number;
  complete: boolean;
  groups: Map<string, PortGroup>;
  services: ServiceFacts[];
  /** States whose ports the file only counts (nmap before 7.92 wrote no lists). */
  counted: { state: string; reason?: Reason; listed: boolean }[];
}

/**
 * Reads nmap's XML in pieces. The parser knows no entity beyond XML's five and reads nothing from outside, so a
 * document can neither blow up nor fetch; memory grows with what is found only.
 * Usage: `write` each piece, then `close`.
 */
export class NmapXmlReader {
  private readonly parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  private readonly notes = new Set<string>();
  private readonly hosts: HostRecord[] = [];
  private readonly down = new Map<Reason, number>();
  private readonly parts: ScanPart[] = [];
  private run: Attributes | undefined;
  private finished: Attributes | undefined;
  private host: OpenHost | undefined;
  private port: { protocol: ScanProtocol; number: number } | undefined;
  private readonly path: string[] = [];

  constructor(private readonly id: string) {
    this.parser.on('opentag', ({ name, attributes }) => {
      this.open(name, attributes);
      this.path.push(name);
    });
    this.parser.on('closetag', ({ name }) => {
      this.path.pop();
      if (name === 'host') this.closeHost();
      if (name === 'port') this.port = undefined;
    });
  }

  /** @throws FormatError where the text is no XML, or not nmap's. */
  write(piece: string): void {
    this.guarded(() => this.parser.write(piece));
  }

  /** @throws FormatError where nothing of nmap's was in it. A file that breaks off gives what it has, with a note. */
  close(): Imported {
    if (this.path.length > 0) this.notes.add('The file breaks off; what it holds is shown.');
    else this.guarded(() => this.parser.close());
    const run = this.run;
    if (run === undefined) throw new FormatError('This is not a result of nmap: the file is empty', '');
    return { data: this.session(run), notes: [...this.notes] };
  }

  private guarded(action: () => unknown): void {
    try {
      action();
    } catch (error) {
      if (error instanceof FormatError) throw error;
      const text = error instanceof Error ? error.message.replace(/^\d+:\d+: /u, '') : String(error);
      throw new FormatError(`This is not well-formed XML: ${plainText(text, 200)}`, this.position(), {
        cause: error,
      });
    }
  }

  private position(): string {
    return `line ${this.parser.line}, column ${this.parser.column}`;
  }

  private open(name: string, attributes: Attributes): void {
    if (this.path.length === 0) {
      if (name !== 'nmaprun')
        throw new FormatError(
          `This is not a result of nmap: it begins with <${plainText(name, 40)}>`,
          this.position(),
        );
      this.run = attributes;
      return;
    }
    const parent = this.path.at(-1);
    if (parent === 'nmaprun') this.openTop(name, attributes);
    else if (name === 'finished') this.finished = attributes;
    else if (this.host !== undefined) this.openInHost(this.host, name, attributes, parent);
  }

  private openTop(name: string, attributes: Attributes): void {
    if (name === 'scaninfo') this.addPart(attributes);
    if (name === 'host')
      this.host = {
        status: 'up',
        reason: 'unknown-response',
        complete: attributes['timedout'] !== 'true' && attributes['comment'] !== 'incomplete',
        groups: new Map(),
        services: [],
        counted: [],
      };
  }

  private addPart({ type, services = '' }: Attributes): void {
    const technique = TECHNIQUE_IDS.find((id) => TECHNIQUES[id].nmapType === type);
    if (technique === undefined)
      this.notes.add(`Its technique “${plainText(type ?? '', 40)}” is not one of ours.`);
    else this.parts.push({ technique, ports: parseRanges(services) });
  }

  private openInHost(host: OpenHost, name: string, attributes: Attributes, parent: string | undefined): void {
    switch (name) {
      case 'status':
        host.status = attributes['state'] ?? 'unknown';
        host.reason = readReason(attributes['reason']);
        break;
      case 'address':
        this.readAddress(host, attributes);
        break;
      case 'hostname':
        // What the user asked for goes before what the address is called in reverse.
        if (host.name === undefined || attributes['type'] === 'user')
          host.name = plainText(attributes['name'] ?? '', 253);
        break;
      case 'extraports':
        host.counted.push({ state: attributes['state'] ?? '', listed: false });
        break;
      case 'extrareasons':
        this.readExtra(host, attributes);
        break;
      case 'port':
        if (parent === 'ports') this.openPort(attributes);
        break;
      case 'state':
        if (this.port !== undefined)
          this.addPorts(host, this.port.protocol, attributes, [[this.port.number, this.port.number]]);
        break;
      case 'service':
        if (this.port !== undefined) host.services.push(readService(this.port, attributes));
        break;
      case 'times': {
        const micros = Number(attributes['srtt']);
        if (Number.isFinite(micros) && micros > 0) host.latencyMs = micros / 1000;
        break;
      }
      default:
        break;
    }
  }

  private readAddress(host: OpenHost, { addr = '', addrtype = 'ipv4' }: Attributes): void {
    if (addrtype === 'mac') {
      if (/^(?:[\da-f]{2}:){5}[\da-f]{2}$/iu.test(addr)) host.mac = addr.toLowerCase();
      return;
    }
    const address = parseAddress(addr);
    if (address !== undefined) host.address ??= formatAddress(address);
  }

  private readExtra(host: OpenHost, { reason, proto, ports }: Attributes): void {
    const open = host.counted.at(-1);
    if (open === undefined) return;
    open.reason = readReason(reason);
    const protocol = readProtocol(proto);
    if (ports === undefined || protocol === undefined) return;
    open.listed = true;
    this.addPorts(host, protocol, { state: open.state, reason: open.reason }, parseRanges(ports));
  }

  private openPort({ protocol, portid }: Attributes): void {
    const known = readProtocol(protocol);
    const number = Number(portid);
    if (known === undefined)
      this.notes.add(`Ports of the protocol “${plainText(protocol ?? '', 20)}” are left out.`);
    else if (Number.isInteger(number) && number >= 0 && number <= MAX_PORT)
      this.port = { protocol: known, number };
  }

  private addPorts(host: OpenHost, protocol: ScanProtocol, told: Attributes, ports: PortRanges): void {
    const state = told['state'] ?? '';
    if (!isPortState(state)) {
      this.notes.add(`Ports in the unknown state “${plainText(state, 40)}” are left out.`);
      return;
    }
    const reason = readReason(told['reason']);
    const key = `${protocol} ${state} ${reason}`;
    const known = host.groups.get(key);
    const joined = known === undefined ? ports : [...known.ports, ...ports];
    host.groups.set(key, { protocol, state, reason, ports: joined });
  }

  private closeHost(): void {
    const host = this.host;
    this.host = undefined;
    if (host?.address === undefined) return;
    if (host.status !== 'up') {
      this.down.set(host.reason, (this.down.get(host.reason) ?? 0) + 1);
      return;
    }
    this.derivePorts(host);
    const { address, reason, mac, name, latencyMs, services, complete } = host;
    const groups = [...host.groups.values()].map((group) => ({
      ...group,
      ports: normalizeRanges(group.ports),
    }));
    this.hosts.push({
      address,
      status: 'up',
      reason,
      complete,
      groups: sortedGroups(groups),
      ...(mac === undefined ? {} : { mac }),
      ...(name === undefined || name === '' ? {} : { name }),
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(services.length === 0 ? {} : { services }),
    });
  }

  /** A state that is only counted has the ports that nothing else has, where that is unambiguous. */
  private derivePorts(host: OpenHost): void {
    const counted = host.counted.filter(({ listed }) => !listed);
    const [only] = counted;
    const [part] = this.parts;
    if (only === undefined) return;
    if (counted.length > 1 || this.parts.length !== 1 || part === undefined) {
      this.notes.add('Some states are only counted in the file, without their ports; those are left out.');
      return;
    }
    const named = normalizeRanges([...host.groups.values()].flatMap(({ ports }) => ports));
    const ports = subtractPorts(part.ports, named);
    const told = { state: only.state, reason: only.reason ?? 'unknown-response' };
    this.addPorts(host, TECHNIQUES[part.technique].protocol, told, ports);
  }

  private session(run: Attributes): SessionData {
    const startedAt = readSeconds(run['start']) ?? 0;
    const args = plainText(run['args'] ?? '', 4096);
    const endedAt = readSeconds(this.finished?.['time']);
    const down: DownCount[] = [...this.down].map(([reason, hosts]) => ({ reason, hosts }));
    const first: TechniqueId | undefined = this.parts[0]?.technique;
    const ports = Object.fromEntries(
      this.parts.map((part) => [TECHNIQUES[part.technique].protocol, part.ports]),
    );
    return {
      id: this.id,
      origin: 'import',
      scanner: {
        name: args.startsWith('portlight-probe ') ? 'Portlight' : 'Nmap',
        version: plainText(run['version'] ?? '', 40),
        ...(args === '' ? {} : { args }),
      },
      targets: this.hosts
        .map(({ name, address }) => name ?? address)
        .slice(0, 8)
        .join(' '),
      ports: first === undefined ? '' : formatPortList(ports, TECHNIQUES[first].protocol),
      parts: this.parts,
      discovery: 'skip',
      timing: 'normal',
      startedAt,
      ...(endedAt === undefined ? {} : { endedAt }),
      status: { kind: this.finished?.['exit'] === 'success' ? 'completed' : 'interrupted' },
      hosts: this.hosts,
      down,
      hostsTotal: this.hosts.length + down.reduce((sum, { hosts }) => sum + hosts, 0),
    };
  }
}

/** Reads a whole text at once. */
export function readNmapXml(text: string, id: string): Imported {
  const reader = new NmapXmlReader(id);
  reader.write(text);
  return reader.close();
}

function readSeconds(text: string | undefined): number | undefined {
  const seconds = Number(text);
  return text === undefined || !Number.isSafeInteger(seconds) || seconds < 0 ? undefined : seconds * 1000;
}

/** nmap writes some reasons in the plural (`conn-refused`, but `resets`, `syn-acks`, `no-responses`). */
function readReason(text = ''): Reason {
  if (isReason(text)) return text;
  const singular = text.replace(/(?:es|s)$/u, '');
  const [short, shorter] = [text.replace(/s$/u, ''), singular];
  return isReason(short) ? short : isReason(shorter) ? shorter : 'unknown-response';
}

function readProtocol(text: string | undefined): ScanProtocol | undefined {
  return text === 'tcp' || text === 'udp' || text === 'ip' ? text : undefined;
}

function readService(port: { protocol: ScanProtocol; number: number }, attributes: Attributes): ServiceFacts {
  const { name = '', method, product, version, extrainfo, tunnel } = attributes;
  const told = [product, version, extrainfo === undefined ? undefined : `(${extrainfo})`].filter(
    (part) => part !== undefined && part !== '',
  );
  return {
    protocol: port.protocol,
    port: port.number,
    name: plainText(tunnel === 'ssl' ? `ssl/${name}` : name, 80),
    method: method === 'probed' ? 'probed' : 'table',
    ...(told.length === 0 ? {} : { product: plainText(told.join(' '), 400) }),
  };
}
