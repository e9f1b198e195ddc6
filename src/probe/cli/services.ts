import { knownPort } from '../../ports/knownPorts';
import type { ServiceGuess } from '../../scan/formats/format';

/** The registered name of a number. */
export const serviceGuess: ServiceGuess = (protocol, port) =>
  protocol === 'ip' ? undefined : knownPort(port, protocol).ianaName;
