import type { Verdict } from './verdict';

/** Bytes of a check, in order. */
export interface Exchange {
  readonly direction: 'out' | 'in';
  readonly bytes: number;
  readonly base64: string;
}

/** What one check did and found; travels from the helper to the editor as JSON. */
export interface CheckResult {
  readonly service: string;
  readonly address: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  readonly verdict: Verdict;
  /** The evidence: what went out and what came in. */
  readonly transcript: readonly Exchange[];
  readonly tls: boolean;
  readonly connections: number;
  /** Packets sent on the connection that gave the verdict. */
  readonly packetsOut: number;
  readonly ms: number;
  readonly notTried: string;
  /** The well-known account that was tried, because the user asked for it. */
  readonly account?: string;
}
