import type { Family } from '../ports/endpoint';
import type { Translate } from '../base/text';
import { icmpReason } from './icmp';
import type { Reason, Verdict } from './states';

export const TECHNIQUE_IDS = [
  'connect',
  'syn',
  'udp',
  'ack',
  'window',
  'fin',
  'null',
  'xmas',
  'maimon',
  'ip-protocol',
] as const;
export type TechniqueId = (typeof TECHNIQUE_IDS)[number];

/** What a scan counts: TCP ports, UDP ports, or IP protocol numbers. */
export type ScanProtocol = 'tcp' | 'udp' | 'ip';

/** TCP header flags, RFC 9293 section 3.1. */
export const TCP = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

/**
 * What came back for one probe. The engine has already made sure that it answers that very probe
 * (addresses, ports, sequence); here it only gets a meaning.
 */
export type Reply =
  | { readonly kind: 'connected' }
  /** connect(2) failed with this errno name, for example `ECONNREFUSED`. */
  | { readonly kind: 'connect-error'; readonly code: string }
  | { readonly kind: 'tcp'; readonly flags: number; readonly window: number }
  | { readonly kind: 'udp' }
  /** IP protocol scan: a packet of the probed protocol from the target. */
  | { readonly kind: 'protocol' }
  | {
      readonly kind: 'icmp';
      readonly family: Family;
      readonly type: number;
      readonly code: number;
      /** Sent by the target itself, not by a router on the way. */
      readonly fromTarget: boolean;
    };

export interface Technique {
  readonly id: TechniqueId;
  /** nmap's option and the name in its XML (`scaninfo type`). */
  readonly nmapOption: string;
  readonly nmapType: string;
  readonly protocol: ScanProtocol;
  readonly families: readonly Family[];
  /** Needs raw sockets (CAP_NET_RAW, Linux). */
  readonly needsRaw: boolean;
  /** Flags of the probe, for the techniques that send one TCP segment. */
  readonly probeFlags?: number;
  /** @returns undefined where the reply says nothing about the port: go on waiting. */
  classify(reply: Reply): Verdict | undefined;
  /** The verdict when every try stayed without an answer. */
  readonly silence: Verdict;
}

const BOTH: readonly Family[] = ['ipv4', 'ipv6'];
const FILTERED: Verdict = { state: 'filtered', reason: 'no-response' };
const SILENT_OR_FILTERED: Verdict = { state: 'open|filtered', reason: 'no-response' };

/** What `connect(2)` and its SO_ERROR say, as nmap reads them. */
const CONNECT_ERRORS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['ECONNREFUSED', { state: 'closed', reason: 'conn-refused' }],
  ['EHOSTUNREACH', { state: 'filtered', reason: 'host-unreach' }],
  ['EHOSTDOWN', { state: 'filtered', reason: 'host-unreach' }],
  ['ENETUNREACH', { state: 'filtered', reason: 'net-unreach' }],
  ['ENOPROTOOPT', { state: 'filtered', reason: 'proto-unreach' }],
  // The kernel's word for the ICMPv6 prohibitions.
  ['EACCES', { state: 'filtered', reason: 'admin-prohibited' }],
  ['EPERM', { state: 'filtered', reason: 'perm-denied' }],
  ['ETIMEDOUT', { state: 'filtered', reason: 'no-response' }],
  // A server that resets at once (seen between the handshake and our look at the socket) did accept.
  ['ECONNRESET', { state: 'open', reason: 'conn-accepted' }],
]);

function classifyConnect(reply: Reply): Verdict | undefined {
  if (reply.kind === 'connected') return { state: 'open', reason: 'syn-ack' };
  return reply.kind === 'connect-error' ? CONNECT_ERRORS.get(reply.code) : undefined;
}

/** Any ICMP error in answer to a TCP probe means a filter: TCP itself refuses with a reset. */
function icmpFiltered(reply: Reply): Verdict | undefined {
  const reason = reply.kind === 'icmp' ? icmpReason(reply) : undefined;
  return reason === undefined ? undefined : { state: 'filtered', reason };
}

function classifySyn(reply: Reply): Verdict | undefined {
  if (reply.kind !== 'tcp') return icmpFiltered(reply);
  if ((reply.flags & TCP.rst) !== 0) return { state: 'closed', reason: 'reset' };
  if ((reply.flags & TCP.syn) === 0) return undefined;
  // A bare SYN is the simultaneous open of RFC 9293 section 3.5: somebody listens.
  return { state: 'open', reason: (reply.flags & TCP.ack) !== 0 ? 'syn-ack' : 'split-handshake-syn' };
}

/** The techniques that are only ever answered by a reset: what the reset means is theirs. */
function onReset(meaning: (window: number) => Verdict['state']): (reply: Reply) => Verdict | undefined {
  return (reply) => {
    if (reply.kind !== 'tcp') return icmpFiltered(reply);
    return (reply.flags & TCP.rst) !== 0 ? { state: meaning(reply.window), reason: 'reset' } : undefined;
  };
}

function classifyUdp(reply: Reply): Verdict | undefined {
  if (reply.kind === 'udp') return { state: 'open', reason: 'udp-response' };
  // Connected UDP sockets report the port-unreachable as ECONNREFUSED.
  if (reply.kind === 'connect-error' && reply.code === 'ECONNREFUSED')
    return { state: 'closed', reason: 'port-unreach' };
  const verdict = icmpFiltered(reply);
  if (verdict?.reason === 'port-unreach' && reply.kind === 'icmp' && reply.fromTarget)
    return { state: 'closed', reason: 'port-unreach' };
  return verdict;
}

function classifyProtocol(reply: Reply): Verdict | undefined {
  if (reply.kind === 'protocol' || reply.kind === 'tcp' || reply.kind === 'udp')
    return { state: 'open', reason: 'proto-response' };
  const verdict = icmpFiltered(reply);
  if (verdict === undefined || reply.kind !== 'icmp' || !reply.fromTarget) return verdict;
  if (verdict.reason === 'proto-unreach') return { state: 'closed', reason: 'proto-unreach' };
  // The protocol is there, only its port is not.
  if (verdict.reason === 'port-unreach') return { state: 'open', reason: 'port-unreach' };
  // RFC 4443 section 3.4, code 1: the IPv6 way to say that a protocol (next header) is unknown.
  if (verdict.reason === 'param-problem') return { state: 'closed', reason: 'param-problem' };
  return verdict;
}

/**
 * IP protocol scans: any ICMP message from the target proves that it speaks ICMP itself (1; ICMPv6 is 58).
 * @returns the protocol number and its verdict, beside what the reply says of the probed one.
 */
export function impliedProtocol(reply: Reply): { protocol: number; verdict: Verdict } | undefined {
  if (reply.kind !== 'icmp' || !reply.fromTarget) return undefined;
  const reason: Reason = icmpReason(reply) ?? 'proto-response';
  return { protocol: reply.family === 'ipv4' ? 1 : 58, verdict: { state: 'open', reason } };
}

const resetCloses = onReset(() => 'closed');

/**
 * The table of techniques. An idle scan is not in it: it forges a third party's address.
 * A new technique is one entry here (with what its engine sends in probe/techniques).
 */
export const TECHNIQUES: Readonly<Record<TechniqueId, Technique>> = {
  connect: {
    id: 'connect',
    nmapOption: '-sT',
    nmapType: 'connect',
    protocol: 'tcp',
    families: BOTH,
    needsRaw: false,
    classify: classifyConnect,
    silence: FILTERED,
  },
  syn: {
    id: 'syn',
    nmapOption: '-sS',
    nmapType: 'syn',
    protocol: 'tcp',
    families: BOTH,
    needsRaw: true,
    probeFlags: TCP.syn,
    classify: classifySyn,
    silence: FILTERED,
  },
  udp: {
    id: 'udp',
    nmapOption: '-sU',
    nmapType: 'udp',
    protocol: 'udp',
    families: BOTH,
    needsRaw: true,
    classify: classifyUdp,
    silence: SILENT_OR_FILTERED,
  },
  ack: tcpProbe(
    'ack',
    '-sA',
    TCP.ack,
    FILTERED,
    onReset(() => 'unfiltered'),
  ),
  // Some systems leave a window in the reset of an open port. Linux does not: there every port looks closed.
  window: tcpProbe(
    'window',
    '-sW',
    TCP.ack,
    FILTERED,
    onReset((window) => (window > 0 ? 'open' : 'closed')),
  ),
  fin: tcpProbe('fin', '-sF', TCP.fin, SILENT_OR_FILTERED, resetCloses),
  null: tcpProbe('null', '-sN', 0, SILENT_OR_FILTERED, resetCloses),
  xmas: tcpProbe('xmas', '-sX', TCP.fin | TCP.psh | TCP.urg, SILENT_OR_FILTERED, resetCloses),
  maimon: tcpProbe('maimon', '-sM', TCP.fin | TCP.ack, SILENT_OR_FILTERED, resetCloses),
  'ip-protocol': {
    id: 'ip-protocol',
    nmapOption: '-sO',
    nmapType: 'ipproto',
    protocol: 'ip',
    families: ['ipv4'],
    needsRaw: true,
    classify: classifyProtocol,
    silence: SILENT_OR_FILTERED,
  },
};

function tcpProbe(
  id: TechniqueId,
  nmapOption: string,
  probeFlags: number,
  silence: Verdict,
  classify: Technique['classify'],
): Technique {
  return {
    id,
    nmapOption,
    nmapType: id,
    protocol: 'tcp',
    families: ['ipv4'],
    needsRaw: true,
    probeFlags,
    classify,
    silence,
  };
}

export function techniqueName(id: TechniqueId, t: Translate): string {
  switch (id) {
    case 'connect':
      return t('TCP connect');
    case 'syn':
      return t('TCP SYN');
    case 'udp':
      return t('UDP');
    case 'ack':
      return t('TCP ACK');
    case 'window':
      return t('TCP window');
    case 'fin':
      return t('TCP FIN');
    case 'null':
      return t('TCP NULL');
    case 'xmas':
      return t('TCP Xmas');
    case 'maimon':
      return t('TCP Maimon');
    case 'ip-protocol':
      return t('IP protocols');
  }
}

/** One line on what a technique finds out, for the picker. */
export function techniqueDetail(id: TechniqueId, t: Translate): string {
  switch (id) {
    case 'connect':
      return t('Full connections. Needs no rights; the server sees each one.');
    case 'syn':
      return t('Half-open: tells open, closed and filtered apart without completing a connection.');
    case 'udp':
      return t('Datagrams. Slow where the target limits its ICMP errors; silence means open|filtered.');
    case 'ack':
      return t('Maps filters: tells filtered from unfiltered, never open from closed.');
    case 'window':
      return t('Like ACK, and reads the window of the reset. Says nothing about Linux targets.');
    case 'fin':
      return t('FIN alone: closed ports answer with a reset.');
    case 'null':
      return t('No flag at all: closed ports answer with a reset.');
    case 'xmas':
      return t('FIN, PSH and URG: closed ports answer with a reset.');
    case 'maimon':
      return t('FIN and ACK: some BSD systems drop it on open ports. Linux answers closed for all.');
    case 'ip-protocol':
      return t('Which IP protocols (TCP, UDP, ICMP, GRE, …) the host speaks; no ports.');
  }
}
