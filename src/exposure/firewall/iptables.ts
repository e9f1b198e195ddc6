import { listHolds, portRule, type PortFilter } from './rule';

/**
 * `table filter, chain INPUT: tcp dport 6379 drop`.
 * @param text the output of `iptables-save` or `ip6tables-save` (iptables-save(8))
 */
export function iptablesRules(text: string, wanted: PortFilter): string[] {
  let table = '';
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, policed] = /^:(\S+) DROP\b/u.exec(line) ?? [];
    if (policed === 'INPUT') return [`table ${table}, chain INPUT: policy drop`];
    const [, chain = '', rest = ''] = /^-A (\S+) (.*)$/u.exec(line) ?? [];
    const words = chain === '' ? undefined : ruleWords(chain, rest, wanted);
    return words === undefined ? [] : [`table ${table}, chain ${chain}: ${words}`];
  });
}

/** The tables that it tells of, as `filter`. */
export function iptablesTables(text: string): string[] {
  return [...text.matchAll(/^\*(\S+)/gmu)].map(([, table = '']) => table);
}

interface Rule {
  readonly protocol?: string;
  readonly ports?: { readonly list: string; readonly excluded: boolean };
  readonly verdict?: string;
  /** Something else is asked for too: an address, an interface, a state. */
  readonly conditions: boolean;
}

function ruleWords(chain: string, options: string, { protocol, port }: PortFilter): string | undefined {
  const rule = parseRule(options);
  const verdicts = rule.verdict === undefined ? [] : [rule.verdict];
  if (!rule.ports) {
    const every = !rule.conditions && (rule.protocol === undefined || rule.protocol === protocol);
    const shut = rule.verdict === 'drop' || rule.verdict === 'reject';
    return chain === 'INPUT' && every && shut ? `everything else ${rule.verdict}` : undefined;
  }
  const { list, excluded } = rule.ports;
  if (rule.protocol !== protocol || listHolds(list, port) === excluded) return undefined;
  return portRule(protocol, port, verdicts, { excluded, conditions: rule.conditions });
}

/** iptables-save writes each option once, in its long or its short form, and `!` before what it negates. */
function parseRule(options: string): Rule {
  let rule: Rule = { conditions: false };
  let negated = false;
  const words = options.match(/"(?:[^"\\]|\\.)*"|\S+/gu) ?? [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const value = words[at + 1] ?? '';
    if (word === '!') {
      negated = true;
      continue;
    }
    if (word === '-p' && !negated) rule = { ...rule, protocol: value };
    else if (/^--(?:dport|dports|destination-ports?)$/u.test(word))
      rule = { ...rule, ports: { list: value, excluded: negated } };
    else if (word === '-j' || word === '-g') {
      // What follows are options of the target.
      return { ...rule, verdict: TARGETS.has(value) ? value.toLowerCase() : `jump ${value}` };
    } else if (!/^(?:-m|--comment)$/u.test(word)) {
      rule = { ...rule, conditions: true };
      if (value === '' || value.startsWith('-') || value === '!') {
        negated = false;
        continue;
      }
    }
    at += 1;
    negated = false;
  }
  return rule;
}

const TARGETS: ReadonlySet<string> = new Set(
  'ACCEPT DROP REJECT RETURN LOG DNAT REDIRECT TPROXY NFQUEUE'.split(' '),
);
