import { networkInterfaces } from 'node:os';
import type { Missing, TechniqueAvailability } from '../../scan/client';
import type { EngineKind } from '../../scan/report';
import { TECHNIQUE_IDS, TECHNIQUES, type TechniqueId } from '../../scan/techniques';
import type { NativeAddon } from '../native';
import type { PacketIoFactory } from '../packets/io';

/** What this helper can do here. */
export interface Environment {
  readonly version: string;
  readonly engine: EngineKind;
  readonly addon?: NativeAddon;
  /** Descriptors that may be open. */
  readonly files: number;
  /** Raw packets; or why there are none. */
  readonly packets: PacketIoFactory | { readonly missing: Missing; readonly detail: string };
  /** The helper's own file, where a capability can be granted to it. */
  readonly executable?: string;
}

export function techniqueAvailability(environment: Environment): TechniqueAvailability[] {
  return TECHNIQUE_IDS.map((id) => ({ id, ...missingOf(environment, id) }));
}

function missingOf(environment: Environment, id: TechniqueId): { missing?: Missing; detail?: string } {
  if (!TECHNIQUES[id].needsRaw || !('missing' in environment.packets)) return {};
  const { missing, detail } = environment.packets;
  return { missing, detail };
}

export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}

/** The number of a link (`eth0`, or a number already) as scope of an address; 0 where there is none. */
export function scopeOf(zone: string | undefined): number {
  if (zone === undefined) return 0;
  if (/^\d+$/u.test(zone)) return Number(zone);
  // Only the link-local address of a link tells its number; the others say 0.
  const scopes = networkInterfaces()[zone]?.map((each) => (each.family === 'IPv6' ? each.scopeid : 0));
  return scopes?.find((scope) => scope !== 0) ?? 0;
}
