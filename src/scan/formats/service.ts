import type { HostRecord } from '../sessionData';
import type { ScanProtocol } from '../techniques';
import type { ServiceGuess } from './format';

export interface NamedService {
  readonly name: string;
  readonly product?: string;
  readonly method: 'probed' | 'table';
}

/** What a file said of a service, else the guess by number. */
export function serviceOf(
  host: HostRecord,
  protocol: ScanProtocol,
  port: number,
  guess: ServiceGuess,
): NamedService | undefined {
  const told = host.services?.find((each) => each.protocol === protocol && each.port === port);
  if (told !== undefined) return told;
  const name = guess(protocol, port);
  return name === undefined ? undefined : { name, method: 'table' };
}
