import { checkForOrder } from '../../exposure/choose';
import type { CheckResult } from '../../exposure/result';
import type { JsonNode } from '../../scan/formats/jsonNode';
import { runCheck } from '../checks/run';
import { readAddress } from './requests';

/** Finds out whether one service lets anybody in. @throws FormatError where the order is none. */
export function check(params: JsonNode, signal: AbortSignal): Promise<CheckResult> {
  const service = params.get('service');
  const order = {
    service: service.string(),
    transport: params.get('transport').oneOf(['tcp', 'udp'] as const),
    listenFirst: params.get('listenFirst').boolean(),
    ...(params.optional('credential')?.boolean() === true && { credential: true as const }),
  };
  const address = readAddress(params.get('address'));
  const port = params.get('port').integer(1, 65_535);
  const found = checkForOrder(order) ?? service.fail('a service that there is a check of');
  const onFault = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  };
  return runCheck(found, { address, port }, { signal, onFault });
}
