import type { Endpoint } from '../ports/endpoint';
import type { Listener } from '../ports/listener';

const isLinkLocal = (address: string): boolean => /^fe[89ab][0-9a-f]:/u.test(address);
const isIpv6 = (address: string): boolean => address.includes(':');

/** The machine's addresses that an endpoint answers on, loopback left out. */
export function reachableAddresses(endpoint: Endpoint, addresses: readonly string[]): string[] {
  switch (endpoint.scope) {
    case 'loopback':
      return [];
    case 'address':
      return [endpoint.address];
    case 'wildcard': {
      const both = endpoint.dualStack === 'yes' || endpoint.dualStack === 'probable';
      return addresses.filter((address) =>
        isIpv6(address) ? endpoint.family === 'ipv6' : endpoint.family === 'ipv4' || both,
      );
    }
  }
}

/** Every address of this machine that a listener answers on beyond loopback; IPv4 first. */
export function exposedAddresses(
  listener: Pick<Listener, 'endpoints'>,
  addresses: readonly string[],
): string[] {
  const all = listener.endpoints.flatMap((endpoint) => reachableAddresses(endpoint, addresses));
  return [...new Set(all)].sort((a, b) => Number(isIpv6(a)) - Number(isIpv6(b)));
}

/**
 * Where a check connects: the machine's own address that the bind answers on, never loopback, so that the server sees
 * the peer that others would be. A link-local address needs a zone, which the tables do not tell.
 */
export function checkTarget(
  listener: Pick<Listener, 'endpoints' | 'port'>,
  addresses: readonly string[],
): { readonly address: string; readonly port: number } | undefined {
  const address = exposedAddresses(listener, addresses).find((candidate) => !isLinkLocal(candidate));
  return address === undefined ? undefined : { address, port: listener.port };
}
