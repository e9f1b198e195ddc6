import { availableParallelism } from 'node:os';
import { ScanError } from '../../scan/client';
import type { ScanProtocol, Technique } from '../../scan/techniques';
import { ConnectProber } from '../techniques/connect';
import { NetConnectProber } from '../techniques/netConnect';
import { Cookies } from '../packets/cookie';
import { protocolShape } from '../techniques/protocolShape';
import { RawProber, type ProbeShape } from '../techniques/raw';
import { tcpShape } from '../techniques/tcpShape';
import { udpShape } from '../techniques/udpShape';
import type { Cells } from './cells';
import type { Environment } from './environment';
import type { Prober } from './prober';
import type { VerdictTable } from './verdicts';

/** What is sent for each protocol; TCP techniques differ in their flags alone. */
const SHAPES: Readonly<
  Record<ScanProtocol, (technique: Technique, cells: Cells, cookies: Cookies) => ProbeShape>
> = {
  tcp: tcpShape,
  udp: (_technique, cells, cookies) => udpShape(cells, cookies),
  ip: (_technique, cells, cookies) => protocolShape(cells, cookies),
};

/** The prober of a technique. @throws ScanError where its rights or its sockets are missing. */
export function openProber(
  environment: Environment,
  technique: Technique,
  cells: Cells,
  verdicts: VerdictTable,
  families: ReadonlySet<4 | 6>,
): Prober {
  const { addon, packets, files } = environment;
  if (technique.needsRaw) {
    if ('missing' in packets) throw new ScanError('permission', packets.detail);
    const cookies = new Cookies(packets.randomKey());
    return new RawProber(
      packets,
      SHAPES[technique.protocol](technique, cells, cookies),
      cookies,
      verdicts,
      families,
    );
  }
  if (addon === undefined) return new NetConnectProber(cells, verdicts);
  return new ConnectProber(addon, cells, verdicts, { files, threads: Math.min(2, availableParallelism()) });
}
