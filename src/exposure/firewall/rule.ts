import type { Protocol } from '../../ports/endpoint';

/** Which rules are asked for. */
export interface PortFilter {
  readonly protocol: Protocol;
  readonly port: number;
}

/** `tcp dport 6379 drop (under further conditions)`: the same words for every firewall. */
export function portRule(
  protocol: Protocol,
  port: number,
  verdicts: readonly string[],
  how: { readonly excluded: boolean; readonly conditions: boolean },
): string {
  const words = [`${protocol} dport ${how.excluded ? 'not excluded: ' : ''}${port}`, ...verdicts].join(' ');
  return how.conditions ? `${words} (under further conditions)` : words;
}

/** Whether a list as `80,443` or `8000:8010`, which iptables and ufw write, holds the port. */
export function listHolds(list: string, port: number): boolean {
  return list.split(',').some((each) => {
    const [first = '', last = first] = each.split(':');
    return Number(first) <= port && port <= Number(last);
  });
}
