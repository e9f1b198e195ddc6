import { parseAddress } from '../../scan/address';
import type { JsonNode } from '../../scan/formats/jsonNode';
import { MAX_PORT } from '../../scan/ports';
import {
  DISCOVERY_METHODS,
  TIMINGS,
  type ScanPart,
  type ScanRequest,
  type ScanTarget,
} from '../../scan/report';
import { TECHNIQUE_IDS } from '../../scan/techniques';

/** Reads a scan request from the wire. @throws FormatError that says where it is wrong. */
export function readScanRequest(node: JsonNode): ScanRequest {
  const discovery = node.get('discovery');
  return {
    targets: node.get('targets').array(readTarget),
    parts: node.get('parts').array(readPart),
    discovery: discovery.is('skip') ? 'skip' : discovery.array((each) => each.oneOf(DISCOVERY_METHODS)),
    timing: node.get('timing').oneOf(TIMINGS),
    ...node.map('seed', (each) => ({ seed: each.integer(0, 0xffffffff) })),
  };
}

function readTarget(node: JsonNode): ScanTarget {
  return {
    first: readAddress(node.get('first')),
    last: readAddress(node.get('last')),
    ...node.map('zone', (each) => ({ zone: each.string() })),
    ...node.map('name', (each) => ({ name: each.string() })),
  };
}

export function readAddress(node: JsonNode): string {
  const text = node.string();
  return parseAddress(text) === undefined ? node.fail('an address') : text;
}

function readPart(node: JsonNode): ScanPart {
  const ranges = node.get('ports').array((range) => {
    const [first, last] = range.array((end) => end.integer(0, MAX_PORT));
    return first === undefined || last === undefined || last < first
      ? range.fail('[first, last]')
      : ([first, last] as const);
  });
  return { technique: node.get('technique').oneOf(TECHNIQUE_IDS), ports: ranges };
}
