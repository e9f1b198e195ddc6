import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { chooseCheck } from '../../src/exposure/choose';
import { checkOf } from '../../src/exposure/checks/index';
import { credentialCheckOf } from '../../src/exposure/credentials/index';
import { budget } from '../../src/exposure/check';
import type { CheckResult } from '../../src/exposure/result';
import { takeSnapshot } from '../../src/machine/linux/snapshot';
import { runCheck } from '../../src/probe/checks/run';
import { configurations } from './configurations/index';
import type { Configuration } from './configuration';
import { noteFigures } from './figures';
import { footprint } from './footprint';
import { ADDRESS, Server, sleep } from './host';
import { record, writeRecordings, writeTable } from './recording';

/** Real configurations whose verdict, facts, state and log are right; checks tried; verdicts that are right. */
let right = 0;
let tried = 0;
let verdictsRight = 0;

/** The server of the configuration before, where the next one shares it. */
let running: { readonly key: string; readonly server: Server } | undefined;

describe('checks against servers', () => {
  for (const [index, configuration] of configurations.entries()) {
    it(`${configuration.name} → ${expectation(configuration)}`, async () => {
      const { shared } = configuration;
      const started = running !== undefined && running.key === shared ? running.server : undefined;
      const server = started ?? (await Server.inNewFolder());
      running = undefined;
      let keep = false;
      try {
        if (started === undefined) await configuration.start(server);
        await server.settle();
        await tryCheck(configuration, server);
        if (configuration.kind === 'real') right += 1;
        keep = shared !== undefined && configurations[index + 1]?.shared === shared;
      } finally {
        if (keep) running = { key: shared ?? '', server };
        else await server.stop();
      }
    });
  }

  after(async () => {
    await running?.server.stop();
    noteFigures({ realServerConfigs: right, wrongVerdicts: tried - verdictsRight });
    if (process.env['PORTLIGHT_RECORD'] !== '1') return;
    writeRecordings('test/unit/exposure/fixtures/transcripts');
    writeTable('docs/checks.md');
  });
});

async function tryCheck(configuration: Configuration, server: Server): Promise<void> {
  assertChosen(configuration);
  const before = await calmState(configuration, server);
  await sleep(100);
  const logged = server.log.length;
  const result = await check(configuration);
  tried += 1;
  assertExpected(configuration, result);
  verdictsRight += 1;
  assertWithinBudget(result);
  assert.deepEqual(await stateAfter(configuration, server, before), before, 'the server is as it was before');
  await sleep(100);
  assertLog(configuration, server.log.slice(logged));
  record(configuration, result, server.log.slice(logged));
}

/** What is tried is what would be chosen for such a process on such a port. A stand-in's process is the test's. */
function assertChosen({ kind, service, port, credential }: Configuration): void {
  if (kind === 'fake' || credential === true) return;
  const transport = checkOf(service)?.transport;
  const own = [...takeSnapshot().listeners.values()].filter(
    (listener) => listener.port === port && listener.protocol === transport,
  );
  const chosen = own
    .map(chooseCheck)
    .map((choice) => (choice.kind === 'never' ? 'never' : choice.check.service));
  assert.deepEqual(chosen, [service], 'the check that is chosen');
}

/** What must be the same after a check as before it. */
async function stateOf(configuration: Configuration, server: Server) {
  const { port, mayWrite } = configuration;
  // Asked first: that may itself write.
  const said = await configuration.state?.(server);
  return { ...(await footprint(port, server.folder, mayWrite)), said };
}

/** A server that has just started may still put its own house in order: its state, once it stays the same. */
async function calmState(configuration: Configuration, server: Server): Promise<State> {
  let state = await stateOf(configuration, server);
  for (let tries = 0; tries < 20; tries += 1) {
    await sleep(300);
    const next = await stateOf(configuration, server);
    if (isDeepStrictEqual(next, state)) break;
    state = next;
  }
  return state;
}

type State = Awaited<ReturnType<typeof stateOf>>;

/** A server may need a moment to see that the check's connection is gone. */
async function stateAfter(configuration: Configuration, server: Server, before: State): Promise<State> {
  for (let tries = 0; tries < 20; tries += 1) {
    const now = await stateOf(configuration, server);
    if (isDeepStrictEqual(now, before)) return now;
    await sleep(100);
  }
  return await stateOf(configuration, server);
}

function expectation({ expected }: Configuration): string {
  return typeof expected === 'string' ? expected : `${expected.kind} (${expected.reason})`;
}

async function check(configuration: Configuration): Promise<CheckResult> {
  const { credential } = configuration;
  const service = (credential === true ? credentialCheckOf : checkOf)(configuration.service);
  assert.ok(service, configuration.service);
  const { address = ADDRESS } = configuration;
  const faults: unknown[] = [];
  const result = await runCheck(
    service,
    { address, port: configuration.port },
    { onFault: (error) => faults.push(error) },
  );
  assert.deepEqual(faults, []);
  return result;
}

function assertExpected(configuration: Configuration, result: CheckResult): void {
  const { expected, facts = {} } = configuration;
  const text = JSON.stringify(result.verdict);
  const kind = typeof expected === 'string' ? expected : expected.kind;
  assert.equal(result.verdict.kind, kind, text);
  if (typeof expected !== 'string')
    assert.equal('reason' in result.verdict ? result.verdict.reason : undefined, expected.reason, text);
  for (const [name, value] of Object.entries(facts)) {
    const found = result.verdict.facts?.[name] ?? '';
    if (typeof value === 'string') assert.equal(found, value, text);
    else assert.match(found, value, text);
  }
}

function assertWithinBudget(result: CheckResult): void {
  assert.ok(result.packetsOut <= budget.packetsOut && result.connections <= (result.tls ? 3 : 2));
  const read = result.transcript.filter(({ direction }) => direction === 'in');
  assert.ok(read.reduce((total, { bytes }) => total + bytes, 0) <= 2 * budget.bytesIn);
  assert.ok(
    result.ms <= (result.account === undefined ? budget.totalMs : budget.accountMs) + 500,
    `${result.ms} ms`,
  );
}

function assertLog(configuration: Configuration, added: string): void {
  const lines = added.split('\n').filter((line) => line.trim() !== '');
  const others = lines.filter((line) => configuration.mayLog?.test(line) !== true);
  assert.deepEqual(others, [], 'the server logs nothing that is not foreseen');
}
