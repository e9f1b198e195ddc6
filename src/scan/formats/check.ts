import { english, plainText } from '../../base/text';
import type { CheckResult, Exchange } from '../../exposure/result';
import {
  NOT_CHECKED_REASONS,
  PROVED_KINDS,
  UNKNOWN_REASONS,
  type Facts,
  type Proof,
  type Verdict,
} from '../../exposure/verdict';
import { verdictSentence } from '../../exposure/words';
import { formatAddress, parseAddress } from '../address';
import { MAX_PORT } from '../ports';
import type { HostCheck } from '../sessionData';
import type { JsonNode } from './jsonNode';

/** More than a check reads in all its packets. */
const MOST_BASE64 = 64 * 1024;

/** Reads one check as `toJson` writes it. @throws FormatError */
export function readCheck(node: JsonNode): CheckResult {
  const address = parseAddress(node.get('address').string());
  return {
    service: text(node.get('service'), 80),
    address: address === undefined ? node.get('address').fail('an address') : formatAddress(address),
    port: node.get('port').integer(1, MAX_PORT),
    transport: node.get('transport').oneOf(['tcp', 'udp']),
    verdict: readVerdict(node.get('verdict')),
    transcript: node.get('transcript').array(readExchange),
    tls: node.get('tls').boolean(),
    connections: node.get('connections').integer(0, 100),
    packetsOut: node.get('packetsOut').integer(0, 100),
    ms: node.get('ms').number(0),
    notTried: text(node.get('notTried'), 400),
    ...node.map('account', (each) => ({ account: text(each, 80) })),
  };
}

function text(node: JsonNode, limit: number): string {
  return plainText(node.string(), limit);
}

function readVerdict(node: JsonNode): Verdict {
  const kind = node.get('kind').oneOf([...PROVED_KINDS, 'unknown', 'not-checked']);
  const told = {
    ...node.map('proof', (each) => ({ proof: readProof(each) })),
    ...node.map('facts', (each) => ({ facts: readFacts(each) })),
  };
  switch (kind) {
    case 'unknown':
      return { kind, reason: node.get('reason').oneOf(UNKNOWN_REASONS), ...told };
    case 'not-checked':
      return { kind, reason: node.get('reason').oneOf(NOT_CHECKED_REASONS), ...told };
    case 'open-proved':
    case 'auth-required':
    case 'refused-by-policy':
    case 'no-auth-by-design':
      return { kind, ...told, proof: readProof(node.get('proof')) };
  }
}

function readProof(node: JsonNode): Proof {
  return {
    ...node.map('asked', (each) => ({ asked: text(each, 200) })),
    answered: text(node.get('answered'), 200),
  };
}

function readFacts(node: JsonNode): Facts {
  return Object.fromEntries(node.entries().map(([key, value]) => [plainText(key, 80), text(value, 200)]));
}

function readExchange(node: JsonNode): Exchange {
  const base64 = node.get('base64').string();
  if (base64.length > MOST_BASE64 || !/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/u.test(base64))
    return node.get('base64').fail('bytes in Base64');
  return {
    direction: node.get('direction').oneOf(['out', 'in']),
    bytes: node.get('bytes').integer(0, MOST_BASE64),
    base64,
  };
}

/** A check on one line of an export, which is English like the rest of it. */
export function checkLine({ result }: HostCheck): string {
  return plainText(verdictSentence(result.verdict, undefined, english));
}
