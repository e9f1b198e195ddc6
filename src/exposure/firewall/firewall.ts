import { plainText, type Translate } from '../../base/text';
import type { Listener } from '../../ports/listener';
import { iptablesRules, iptablesTables } from './iptables';
import { nftRules } from './nftables';
import type { PortFilter } from './rule';
import { ufwIsOn, ufwRules, type UfwFiles } from './ufw';

/** What one program told of its rules: its text, or that there is no such program, or that it would not tell. */
export type Told =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  /** Only an administrator may, or it failed. */
  | { readonly kind: 'unreadable' };

/** What could be read of this machine's packet filters. firewalld's rules are nftables', in a table of its name. */
export interface FirewallReading {
  /** `nft -j list ruleset`. */
  readonly nftables: Told;
  /** `iptables-save` and its kin; `legacy` are those of the kernel's older filter, which nft does not show. */
  readonly iptables: readonly {
    readonly family: 'ip' | 'ip6';
    readonly legacy: boolean;
    readonly told: Told;
  }[];
  /** undefined where it is not installed. */
  readonly ufw: UfwFiles | undefined;
}

/** Reads, and never elevates itself. Implemented in machine/. */
export type FirewallReader = () => Promise<FirewallReading>;

/** The firewalls' own words about one listener's port: facts beside a verdict, which they never change. */
export function firewallWords(
  reading: FirewallReading,
  { protocol, port }: Pick<Listener, 'protocol' | 'port'>,
  t: Translate,
): string[] {
  const { nftables, iptables, ufw } = reading;
  const told = [nftables, ...iptables.map((each) => each.told)];
  const rules = allRules(reading, { protocol, port });
  const words = rules?.map(({ of, rule }) => `${of}, ${plainText(rule, 300)}`) ?? [];
  if (told.every(({ kind }) => kind === 'absent') && !ufw)
    return [t('None of nftables, iptables and ufw is installed; other firewalls were not read.')];
  const hidden = told.some(({ kind }) => kind === 'unreadable') || ufwHides(ufw);
  if (!rules || hidden) return [...words, t('Not all rules could be read as this user: there may be more.')];
  return words.length > 0 ? words : [t('No rule names this port, and none drops what is left.')];
}

/** It is on, and its rules are for root alone. */
function ufwHides(ufw: UfwFiles | undefined): boolean {
  return ufw !== undefined && ufwIsOn(ufw) && ufw.rules.includes(undefined);
}

interface NamedRule {
  /** As its program is called. */
  readonly of: string;
  readonly rule: string;
}

/** @returns undefined where nft wrote what cannot be read */
function allRules({ nftables, iptables, ufw }: FirewallReading, wanted: PortFilter): NamedRule[] | undefined {
  const texts = iptables.flatMap(({ told, ...rest }) =>
    told.kind === 'text' ? [{ ...rest, text: told.text }] : [],
  );
  // Tables that iptables made are told by it, with conditions that nft does not know.
  const told = texts.filter(({ legacy }) => !legacy);
  const tables = told.flatMap(({ family, text }) => iptablesTables(text).map((name) => `${family} ${name}`));
  const native = nftables.kind === 'text' ? nftRules(nftables.text, wanted, new Set(tables)) : [];
  if (!native) return undefined;
  return [
    ...native.map((rule) => ({ of: 'nftables', rule })),
    ...texts.flatMap(({ family, text }) =>
      iptablesRules(text, wanted).map((rule) => ({ of: family === 'ip' ? 'iptables' : 'ip6tables', rule })),
    ),
    ...(ufw ? ufwRules(ufw, wanted).map((rule) => ({ of: 'ufw', rule })) : []),
  ];
}
