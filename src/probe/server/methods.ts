import { ScanError, type Capabilities } from '../../scan/client';
import type { JsonNode } from '../../scan/formats/jsonNode';
import { MAX_PORT } from '../../scan/ports';
import type { ScanEvent } from '../../scan/report';
import { ownAddresses, techniqueAvailability, type Environment } from '../engine/environment';
import { runScan } from '../engine/scan';
import { resolveNames } from '../resolve';
import {
  CHECK_DEADLINE_MS,
  NOTIFICATION,
  PROTOCOL_VERSION,
  REQUEST,
  type InitializeResult,
  type ScanEventsParams,
} from '../wire';
import { check } from './check';
import type { Conversations } from './conversations';
import { readAddress, readScanRequest } from './requests';

/** What a request may use. */
export interface Call {
  readonly environment: Environment;
  readonly conversations: Conversations;
  /** Aborted when the other side cancels, or is gone. */
  readonly signal: AbortSignal;
  readonly notify: (method: string, params: unknown) => void;
}

export interface Method {
  readonly name: string;
  /** How long it may take; the caller's own deadline is a little longer. None: it tells of itself while it runs. */
  readonly deadlineMs?: number;
  /** `params` come from the wire: what is wrong with them is thrown as FormatError. */
  run(params: JsonNode, call: Call): Promise<unknown>;
}

/** A new request is one line here (and its name in wire.ts). */
export const METHODS: readonly Method[] = [
  { name: REQUEST.initialize, deadlineMs: 5_000, run: initialize },
  {
    name: REQUEST.resolve,
    deadlineMs: 30_000,
    run: (params) => resolveNames(params.get('names').array((each) => each.string())),
  },
  { name: REQUEST.scan, run: scan },
  { name: REQUEST.connect, deadlineMs: 60_000, run: connect },
  { name: REQUEST.send, deadlineMs: 10_000, run: send },
  { name: REQUEST.close, deadlineMs: 1_000, run: close },
  {
    name: REQUEST.check,
    deadlineMs: CHECK_DEADLINE_MS,
    run: (params, { signal }) => check(params, signal),
  },
];

function initialize(_params: JsonNode, { environment }: Call): Promise<InitializeResult> {
  const { version, engine, executable } = environment;
  const capabilities: Capabilities = {
    version,
    engine,
    techniques: techniqueAvailability(environment),
    ownAddresses: ownAddresses(),
    ...(executable === undefined ? {} : { executable }),
  };
  return Promise.resolve({ protocolVersion: PROTOCOL_VERSION, ...capabilities });
}

/** How long events are gathered: a fast scan finds more in a millisecond than a message is worth. */
const GATHER_MS = 20;
const GATHER_MAX = 200;

async function scan(params: JsonNode, { environment, signal, notify }: Call): Promise<unknown> {
  const id = params.get('scan').integer(1, Number.MAX_SAFE_INTEGER);
  const request = readScanRequest(params.get('request'));
  let events: ScanEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (events.length === 0) return;
    const message: ScanEventsParams = { scan: id, events };
    events = [];
    notify(NOTIFICATION.scanEvents, message);
  };
  const onEvent = (event: ScanEvent): void => {
    events.push(event);
    // What the user waits for goes out at once.
    if (event.kind === 'found' || event.kind === 'started' || events.length >= GATHER_MAX) tell();
    else timer ??= setTimeout(tell, GATHER_MS);
  };
  try {
    return await runScan(request, environment, onEvent, signal);
  } finally {
    tell();
  }
}

function connect(params: JsonNode, { conversations, signal }: Call): Promise<unknown> {
  const target = {
    address: readAddress(params.get('address')),
    port: params.get('port').integer(0, MAX_PORT),
    timeoutMs: params.get('timeoutMs').integer(1, 60_000),
  };
  return conversations.open(target, signal);
}

async function send(params: JsonNode, { conversations }: Call): Promise<unknown> {
  const bytes = Buffer.from(params.get('base64').string(), 'base64');
  const sent = await conversations.send(connectionOf(params), bytes);
  if (!sent) throw new ScanError('invalid', 'The connection is closed.');
  return null;
}

function close(params: JsonNode, { conversations }: Call): Promise<unknown> {
  conversations.close(connectionOf(params));
  return Promise.resolve(null);
}

function connectionOf(params: JsonNode): number {
  return params.get('connection').integer(1, Number.MAX_SAFE_INTEGER);
}
