import type { Translate } from '../base/text';

/** RFC 6335, section 6: system (0–1023), user (1024–49151) and dynamic (49152–65535) ports. */
export type PortClassName = 'well-known' | 'registered' | 'dynamic';

export interface PortClass {
  readonly name: PortClassName;
  /** The port is one that this machine hands out to clients by itself (ip_local_port_range of ip(7)). */
  readonly ephemeral: boolean;
}

/** @param ephemeralPorts first and last port of the machine's range, both included */
export function portClass(port: number, ephemeralPorts: readonly [number, number]): PortClass {
  const [first, last] = ephemeralPorts;
  return { name: portClassName(port), ephemeral: port >= first && port <= last };
}

export function portClassName(port: number): PortClassName {
  if (port < 1024) return 'well-known';
  return port < 49152 ? 'registered' : 'dynamic';
}

export function portClassLabel(name: PortClassName, t: Translate): string {
  switch (name) {
    case 'well-known':
      return t('Well-known port (0–1023)');
    case 'registered':
      return t('Registered port (1024–49151)');
    case 'dynamic':
      return t('Dynamic port (49152–65535)');
  }
}

/** For example “Registered port (1024–49151), inside this machine's ephemeral range (32768–60999)”. */
export function portClassWords(
  port: number,
  ephemeralPorts: readonly [number, number],
  t: Translate,
): string {
  const { name, ephemeral } = portClass(port, ephemeralPorts);
  const label = portClassLabel(name, t);
  const [first, last] = ephemeralPorts;
  return ephemeral
    ? t("{0}, inside this machine's ephemeral range ({1}–{2})", label, String(first), String(last))
    : t("{0}, outside this machine's ephemeral range ({1}–{2})", label, String(first), String(last));
}
