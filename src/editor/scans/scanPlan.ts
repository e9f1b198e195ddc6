import type { Translate } from '../../base/text';
import type { Capabilities, TechniqueAvailability } from '../../scan/client';
import type { GrammarError } from '../../scan/grammar';
import { parsePorts, type PortList } from '../../scan/ports';
import { portNames } from '../../scan/portSets';
import { TIMINGS, type DiscoveryMethod, type ScanPart, type Timing } from '../../scan/report';
import { TECHNIQUE_IDS, TECHNIQUES, type TechniqueId } from '../../scan/techniques';

/** One technique for the picker: its parts, or why it cannot be used. */
export type TechniqueOption =
  | { readonly id: TechniqueId; readonly parts: readonly ScanPart[] }
  | { readonly id: TechniqueId; readonly problem: string; readonly grantable: boolean };

/** Puts the wrong part between brackets, so that the error points at it: `1.2.3.⟦999⟧`. */
export function pointed(text: string, { offset, length }: GrammarError): string {
  return `${text.slice(0, offset)}⟦${text.slice(offset, offset + length)}⟧${text.slice(offset + length)}`;
}

/**
 * Which techniques the ports and the rights allow. Ports without a letter belong to the technique's own protocol;
 * `U:` beside a TCP technique adds a UDP scan.
 */
export function techniqueOptions(ports: string, capabilities: Capabilities, t: Translate): TechniqueOption[] {
  return TECHNIQUE_IDS.map((id) => {
    const missing = missingWords(id, capabilities, t);
    if (missing !== undefined) return { id, ...missing };
    const { protocol } = TECHNIQUES[id];
    const parsed = parsePorts(ports, protocol, portNames, t);
    if (!parsed.ok) return { id, problem: parsed.errors[0]?.message ?? '', grantable: false };
    if (parsed.value[protocol] === undefined)
      return { id, problem: t('The port list holds none for this technique.'), grantable: false };
    return partsFor(id, parsed.value, capabilities, t);
  });
}

function partsFor(
  id: TechniqueId,
  list: PortList,
  capabilities: Capabilities,
  t: Translate,
): TechniqueOption {
  const parts: ScanPart[] = [];
  const companions: readonly TechniqueId[] = ['connect', 'udp', 'ip-protocol'];
  for (const [protocol, ranges] of Object.entries(list)) {
    const technique =
      TECHNIQUES[id].protocol === protocol
        ? id
        : companions.find((each) => TECHNIQUES[each].protocol === protocol);
    if (technique === undefined) continue;
    const missing = missingWords(technique, capabilities, t);
    if (missing !== undefined) return { id, ...missing };
    parts.push({ technique, ports: ranges });
  }
  // The chosen technique comes first.
  parts.sort((a, b) => Number(b.technique === id) - Number(a.technique === id));
  return { id, parts };
}

function missingWords(
  id: TechniqueId,
  capabilities: Capabilities,
  t: Translate,
): { problem: string; grantable: boolean } | undefined {
  const known = capabilities.techniques.find((each) => each.id === id);
  if (known !== undefined && known.missing === undefined) return undefined;
  return {
    problem: missingReason(known, t),
    grantable: known?.missing === 'permission' && capabilities.executable !== undefined,
  };
}

function missingReason(known: TechniqueAvailability | undefined, t: Translate): string {
  switch (known?.missing) {
    case 'permission':
      return t('needs the right to open raw sockets (CAP_NET_RAW)');
    case 'platform':
      return t('needs the helper that comes in the package for Linux x64');
    case 'unavailable':
      return known.detail ?? t('the raw engine did not load');
    case undefined:
      return t('this helper does not have it');
  }
}

/** The methods to find hosts that the rights allow. */
export function discoveryMethods(capabilities: Capabilities): readonly DiscoveryMethod[] {
  const raw = capabilities.techniques.some((each) => each.id === 'syn' && each.missing === undefined);
  return raw ? ['icmp-echo', 'tcp-syn', 'tcp-ack', 'neighbour'] : ['tcp-connect', 'neighbour'];
}

/** The exact command that gives the helper the one right that raw techniques need. */
export function grantCommand(executable: string): string {
  return `sudo setcap cap_net_raw+ep '${executable.replaceAll("'", "'\\''")}'`;
}

/** Reads a kept choice; undefined where it is none. */
export function readTiming(value: unknown): Timing | undefined {
  return TIMINGS.find((timing) => timing === value);
}

export function readTechnique(value: unknown): TechniqueId | undefined {
  return TECHNIQUE_IDS.find((id) => id === value);
}
