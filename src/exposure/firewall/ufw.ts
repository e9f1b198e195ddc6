import { listHolds, portRule, type PortFilter } from './rule';

/** The files of ufw; undefined where this user may not read one. */
export interface UfwFiles {
  /** /etc/ufw/ufw.conf, which anybody may read. */
  readonly config: string | undefined;
  /** /etc/default/ufw, which anybody may read. */
  readonly defaults: string | undefined;
  /** /etc/ufw/user.rules and user6.rules, for root alone. */
  readonly rules: readonly (string | undefined)[];
}

export function ufwIsOn({ config }: UfwFiles): boolean {
  return setting(config, 'ENABLED')?.toLowerCase() === 'yes';
}

/** Its default and its own rules for a port, as `deny tcp 6379 from 192.0.2.0/24`; none while it is off. */
export function ufwRules(files: UfwFiles, wanted: PortFilter): string[] {
  if (!ufwIsOn(files)) return [];
  const policy = setting(files.defaults, 'DEFAULT_INPUT_POLICY');
  return [
    ...(policy === undefined ? [] : [`incoming by default: ${policy.toLowerCase()}`]),
    ...files.rules.flatMap((text) => (text === undefined ? [] : tuples(text, wanted))),
  ];
}

function setting(text: string | undefined, name: string): string | undefined {
  return new RegExp(`^${name}=["']?([\\w-]+)`, 'mu').exec(text ?? '')?.[1];
}

/**
 * Above each rule ufw writes `### tuple ### ACTION PROTOCOL DPORT DST SPORT SRC [DAPP SAPP] DIRECTION[_INTERFACE]`, and
 * a comment at its end.
 */
function tuples(text: string, { protocol, port }: PortFilter): string[] {
  return [...text.matchAll(/^### tuple ### (.+)$/gmu)].flatMap(([, line = '']) => {
    const fields = line
      .replace(/ comment=.*$/u, '')
      .trim()
      .split(/\s+/u);
    const [action = '', kind, ports = '', target = '', sourcePort, source = ''] = fields;
    const direction = fields.at(-1) ?? '';
    if ((kind !== 'any' && kind !== protocol) || action.startsWith('route:') || direction.startsWith('out'))
      return [];
    if (ports !== 'any' && !listHolds(ports, port)) return [];
    const conditions =
      !ANYWHERE.has(target) || !ANYWHERE.has(source) || sourcePort !== 'any' || direction.startsWith('in_');
    // Its rest says whether it logs.
    const verdict = action.replace(/_.*$/u, '');
    return [portRule(protocol, port, [verdict], { excluded: false, conditions })];
  });
}

const ANYWHERE: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0']);
