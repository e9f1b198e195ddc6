import type { Endpoint, Protocol } from './endpoint';

/** Asks a listener of this machine whether it speaks HTTP, only when the user wants to open it. Implemented in machine/. */
export interface SchemeProbe {
  /** @returns undefined where it answers neither as HTTP nor as TLS within the deadline. Never rejects. */
  schemeOf(endpoint: Endpoint): Promise<'http' | 'https' | undefined>;
}

/** Tries whether a port can be had, by having it for a moment. Implemented in machine/. */
export interface PortBinder {
  /** Binds every address, IPv6 and IPv4, and lets go at once. */
  canBind(port: number, protocol: Protocol): Promise<boolean>;
}

/** Where to connect to on this machine to reach an endpoint: a wildcard is reached through the loopback address. */
export function connectAddress(endpoint: Endpoint): string {
  if (endpoint.scope !== 'wildcard') return endpoint.address;
  return endpoint.family === 'ipv4' ? '127.0.0.1' : '::1';
}
