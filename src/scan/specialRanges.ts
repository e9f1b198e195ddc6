import { parseAddress } from './address';
import { prefixOf, type AddressRange } from './addressRanges';

/** What an address is, as far as a scan cares. */
export type Scope =
  | 'loopback'
  | 'own'
  | 'private'
  | 'link-local'
  | 'shared'
  | 'public'
  | 'multicast'
  | 'broadcast'
  | 'reserved';

/**
 * The special-purpose addresses of the IANA registries (RFC 6890 and what followed), most specific first; the first
 * match counts. Special ranges that are routed like any other (AS112, AMT, 6to4, NAT64) are public.
 */
const TABLE: readonly (readonly [scope: Scope, prefix: string, source: string])[] = [
  ['loopback', '127.0.0.0/8', 'RFC 1122'],
  ['loopback', '::1/128', 'RFC 4291'],
  ['private', '10.0.0.0/8', 'RFC 1918'],
  ['private', '172.16.0.0/12', 'RFC 1918'],
  ['private', '192.168.0.0/16', 'RFC 1918'],
  ['private', 'fc00::/7', 'RFC 4193'],
  ['link-local', '169.254.0.0/16', 'RFC 3927'],
  ['link-local', 'fe80::/10', 'RFC 4291'],
  ['shared', '100.64.0.0/10', 'RFC 6598'],
  ['broadcast', '255.255.255.255/32', 'RFC 919'],
  ['multicast', '224.0.0.0/4', 'RFC 5771'],
  ['multicast', 'ff00::/8', 'RFC 4291'],
  ['reserved', '0.0.0.0/8', 'RFC 791'],
  ['reserved', '192.0.0.0/24', 'RFC 6890'],
  ['reserved', '192.0.2.0/24', 'RFC 5737'],
  ['reserved', '198.51.100.0/24', 'RFC 5737'],
  ['reserved', '203.0.113.0/24', 'RFC 5737'],
  ['reserved', '192.88.99.0/24', 'RFC 7526'],
  ['reserved', '198.18.0.0/15', 'RFC 2544'],
  ['reserved', '240.0.0.0/4', 'RFC 1112'],
  ['reserved', '::/128', 'RFC 4291'],
  ['public', '64:ff9b::/96', 'RFC 6052'],
  ['public', '64:ff9b:1::/48', 'RFC 8215'],
  ['reserved', '100::/64', 'RFC 6666'],
  ['reserved', '2001::/23', 'RFC 2928'],
  ['reserved', '2001:db8::/32', 'RFC 3849'],
  ['reserved', '3fff::/20', 'RFC 9637'],
  ['reserved', 'fec0::/10', 'RFC 3879'],
  ['public', '2000::/3', 'RFC 4291'],
  // Outside of global unicast nothing else is assigned.
  ['reserved', '::/0', 'RFC 4291'],
];

interface SpecialRange {
  readonly scope: Scope;
  readonly source: string;
  readonly range: AddressRange;
}

const read: SpecialRange[] = [];

/** The table, read as far as somebody asks: most addresses are found among its first lines. */
export function* specialRanges(): Generator<SpecialRange> {
  for (const [index, [scope, prefix, source]] of TABLE.entries())
    yield (read[index] ??= { scope, source, range: prefixRange(prefix) });
}

function prefixRange(text: string): AddressRange {
  const [body = '', bits = ''] = text.split('/');
  const address = parseAddress(body);
  if (address === undefined) throw new RangeError(`No prefix: ${text}`);
  return prefixOf(address.family, address.value, Number(bits));
}
