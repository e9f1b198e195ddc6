import type { Translate } from '../base/text';
import type { Protocol } from './endpoint';
import { BACKDOORS } from './tables/backdoors';
import { IANA_SERVICES } from './tables/ianaServices';
import { KNOWN_USES } from './tables/knownUses';

/** What kind of thing a number is known for. Its words are in `KIND_WORDS`. */
type UseKind =
  | 'database'
  | 'search'
  | 'vector'
  | 'debugger'
  | 'devserver'
  | 'web'
  | 'proxy'
  | 'broker'
  | 'coordination'
  | 'container'
  | 'ai'
  | 'monitoring'
  | 'storage'
  | 'cloud'
  | 'mail'
  | 'remote'
  | 'editor'
  | 'ci'
  | 'naming'
  | 'game';

export interface KnownUse {
  /** A product's name: the same in every language. */
  readonly name: string;
  readonly kind: UseKind;
}

interface KnownBackdoor {
  readonly name: string;
  /** Who says so, to be shown beside the claim. */
  readonly source: string;
}

export interface KnownPort {
  /** The registered service name (RFC 6335). What really listens may be another. */
  readonly ianaName?: string;
  readonly knownFor: readonly KnownUse[];
  /** A backdoor has this default port. No proof: a reason to look at the owner. */
  readonly backdoor?: KnownBackdoor;
}

/** What a number is known for. Never a statement about the process that listens there. */
export function knownPort(port: number, protocol: Protocol): KnownPort {
  const key = `${port}/${protocol}`;
  const { names, uses, backdoors } = (tables ??= readTables());
  const ianaName = names.get(key);
  const backdoor = backdoors.get(key);
  return {
    ...(ianaName !== undefined && { ianaName }),
    knownFor: uses.get(key) ?? [],
    ...(backdoor && { backdoor }),
  };
}

/** The kind with the product, for a tooltip: “PostgreSQL (database)”. */
export function knownUseWords(use: KnownUse, t: Translate): string {
  return t('{0} ({1})', use.name, KIND_WORDS[use.kind](t));
}

const KIND_WORDS: Readonly<Record<UseKind, (t: Translate) => string>> = {
  database: (t) => t('database'),
  search: (t) => t('search engine'),
  vector: (t) => t('vector database'),
  debugger: (t) => t('debugger'),
  devserver: (t) => t('development server'),
  web: (t) => t('web'),
  proxy: (t) => t('proxy'),
  broker: (t) => t('message broker'),
  coordination: (t) => t('coordination'),
  container: (t) => t('containers'),
  ai: (t) => t('AI tool'),
  monitoring: (t) => t('monitoring'),
  storage: (t) => t('storage'),
  cloud: (t) => t('cloud emulator'),
  mail: (t) => t('mail'),
  remote: (t) => t('remote access'),
  editor: (t) => t('editor'),
  ci: (t) => t('build server'),
  naming: (t) => t('network service'),
  game: (t) => t('games and media'),
};

interface Tables {
  readonly names: ReadonlyMap<string, string>;
  readonly uses: ReadonlyMap<string, readonly KnownUse[]>;
  readonly backdoors: ReadonlyMap<string, KnownBackdoor>;
}

/** Read on first use, so that activation does not pay for them. */
let tables: Tables | undefined;

function readTables(): Tables {
  const names = new Map<string, string>();
  for (const entry of IANA_SERVICES.trim().split(/[;\n]/u)) {
    const [, port = '', suffix = '', name = ''] = /^(\d+)([tu]?) (.+)$/u.exec(entry) ?? [];
    if (suffix !== 'u') names.set(`${port}/tcp`, name);
    if (suffix !== 't') names.set(`${port}/udp`, name);
  }
  const uses = new Map<string, KnownUse[]>();
  for (const { heading, port, name } of readLines(KNOWN_USES)) {
    uses.set(port, [...(uses.get(port) ?? []), { name, kind: heading as UseKind }]);
  }
  const backdoors = new Map<string, KnownBackdoor>();
  for (const { heading, port, name } of readLines(BACKDOORS)) {
    // The first source of a port is the one that documents it best.
    if (!backdoors.has(port)) backdoors.set(port, { name, source: heading });
  }
  return { names, uses, backdoors };
}

/** Lines `heading: port name; port name; …`. */
function* readLines(table: string): Generator<{ heading: string; port: string; name: string }> {
  for (const line of table.trim().split('\n')) {
    const [heading = '', ...rest] = line.split(': ');
    for (const entry of rest.join(': ').split('; ')) {
      const [, port = '', udp = '', name = ''] = /^(\d+)(u?) (.+)$/u.exec(entry) ?? [];
      yield { heading, port: `${port}/${udp === '' ? 'tcp' : 'udp'}`, name };
    }
  }
}
