import type { Protocol } from '../ports/endpoint';
import type { Listener } from '../ports/listener';
import { checks } from './checks/index';
import { chooseCheck, type Choice } from './choose';
import { assess, type Assessment, type JudgeOptions } from './judge';
import type { CheckResult } from './result';

/** An open port of another host, of which nothing but its address and number is known. */
export interface RemotePort {
  /** Canonical text. */
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** What could be asked there. Where only debuggers listen by default the answer is `never`, on the safe side. */
export function remoteChoice(remote: RemotePort): Choice {
  return chooseCheck(asListener(remote));
}

/** Numbers that a check knows, ascending: of a host with thousands of open ports, only these are asked. */
export function portsWithCheck(protocol: Protocol): readonly number[] {
  const known = checks.filter(({ transport }) => transport === protocol);
  const ports = new Set(known.flatMap(({ recognition }) => recognition.ports ?? []));
  return [...ports]
    .filter((port) => remoteChoice({ address: '', port, protocol }).kind === 'check')
    .sort((a, b) => a - b);
}

/** Judged by the rules for our own listeners: who runs it there, and what it is bound to, is unknown. */
export function assessRemote(result: CheckResult, options: Pick<JudgeOptions, 'now' | 't'>): Assessment {
  const { t } = options;
  const { address, port, transport: protocol } = result;
  const remote = asListener({ address, port, protocol });
  const judged = assess(remote, result, { ...options, machine: { addresses: [] } });
  return {
    ...judged,
    reach: [
      t('It was asked from this machine, through whatever stands between; others may see another face.'),
    ],
  };
}

/** On this machine a check would see what strangers do not: Redis in protected mode lets loopback in. */
export function isLoopback(address: string): boolean {
  return /^(?:127\.|::1$|::ffff:127\.)/u.test(address);
}

function asListener({ address, port, protocol }: RemotePort): Listener {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return {
    id: `${protocol}:${port}:${address}`,
    protocol,
    port,
    endpoints: [{ protocol, family, address, port, scope: 'address' }],
    scope: 'address',
    owner: { kind: 'hidden', uid: -1 },
    inodes: [],
  };
}
