import type { Translate } from '../base/text';

/** The six states of a port, by the names that nmap gave them (nmap(1), "Port scanning basics"). */
export const PORT_STATES = [
  'open',
  'open|filtered',
  'unfiltered',
  'closed|filtered',
  'filtered',
  'closed',
] as const;
export type PortState = (typeof PORT_STATES)[number];

/**
 * What a state rests on, by nmap's names, so that exports read alike. The ones that no technique of ours gives
 * (`no-ipid-change`, `script-set`, …) come in with imported results.
 */
export const REASONS = [
  'syn-ack',
  'conn-refused',
  'reset',
  'no-response',
  'udp-response',
  'proto-response',
  'tcp-response',
  'port-unreach',
  'proto-unreach',
  'host-unreach',
  'net-unreach',
  'dest-unreach',
  'admin-prohibited',
  'host-prohibited',
  'net-prohibited',
  'perm-denied',
  'no-route',
  'beyond-scope',
  'reject-route',
  'param-problem',
  'time-exceeded',
  'source-quench',
  'split-handshake-syn',
  'conn-accepted',
  'init-ack',
  'abort',
  'echo-reply',
  'timestamp-reply',
  'addressmask-reply',
  'arp-response',
  'nd-response',
  'localhost-response',
  'user-set',
  'script-set',
  'ipid-change',
  'no-ipid-change',
  'unknown-response',
] as const;
export type Reason = (typeof REASONS)[number];

/** What a scan says of one port, and why. */
export interface Verdict {
  readonly state: PortState;
  readonly reason: Reason;
}

const STATES: ReadonlySet<string> = new Set(PORT_STATES);
const KNOWN_REASONS: ReadonlySet<string> = new Set(REASONS);

export function isPortState(text: string): text is PortState {
  return STATES.has(text);
}

export function isReason(text: string): text is Reason {
  return KNOWN_REASONS.has(text);
}

/** A state in the user's words. */
export function stateName(state: PortState, t: Translate): string {
  switch (state) {
    case 'open':
      return t('open');
    case 'closed':
      return t('closed');
    case 'filtered':
      return t('filtered');
    case 'unfiltered':
      return t('unfiltered');
    case 'open|filtered':
      return t('open|filtered');
    case 'closed|filtered':
      return t('closed|filtered');
  }
}

/** One sentence on what a state means for the reader. */
export function stateMeaning(state: PortState, t: Translate): string {
  switch (state) {
    case 'open':
      return t('Something accepts connections or datagrams here.');
    case 'closed':
      return t('The host answers, and nothing listens here.');
    case 'filtered':
      return t('A filter on the way keeps the probe or its answer; whether something listens is not known.');
    case 'unfiltered':
      return t('The port can be reached; this technique does not tell open from closed.');
    case 'open|filtered':
      return t('No answer: either something listens and keeps silent, or a filter drops the probe.');
    case 'closed|filtered':
      return t('Closed or filtered; the technique (an idle scan) does not tell which.');
  }
}
