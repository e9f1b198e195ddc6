import assert from 'node:assert/strict';
import { systemClock } from '../../src/base/clock';
import { english } from '../../src/base/text';
import { ExposureModel } from '../../src/exposure/model';
import { localChecker } from '../../src/probe/checks/checker';
import { noteFigures } from './figures';
import { Server, sleep } from './host';
import { takeSnapshot } from '../../src/machine/linux/snapshot';

const open = ['--bind', '0.0.0.0', '--protected-mode', 'no', '--save', ''];
const start = (server: Server, port: number): Promise<Server> =>
  server.start('redis-server', { args: ['--port', String(port), ...open], port });

function createModel(faults: unknown[]): ExposureModel {
  return new ExposureModel({
    checker: localChecker((error) => faults.push(error)),
    clock: systemClock,
    t: english,
    policy: () => ({ mode: 'automatic', exceptPorts: [], exceptExecutables: [], workspaceTrusted: true }),
    acceptances: () => [],
    onError: (error) => faults.push(error),
  });
}

describe('how soon a verdict is there', () => {
  it('a new open Redis, with the list refreshed every 2 s', async () => {
    const faults: unknown[] = [];
    const model = createModel(faults);
    const server = await Server.inNewFolder();
    try {
      await start(server, 6390);
      const began = performance.now();
      // The worst moment: it came just after a refresh.
      await sleep(2000);
      model.update(takeSnapshot());
      await model.settled();
      const [assessment] = model.assessments().filter(({ subject }) => subject.listener.port === 6390);
      assert.equal(assessment?.verdict.kind, 'open-proved');
      assert.equal(assessment.severity, 'critical');
      assert.match(assessment.sentence, /PING answered \+PONG on 192\.0\.2\.2/u);
      noteFigures({ verdictMs: Math.round(performance.now() - began) });
      assert.deepEqual(faults, []);
    } finally {
      model.dispose();
      await server.stop();
    }
  });

  it('thirty listeners', async () => {
    const faults: unknown[] = [];
    const model = createModel(faults);
    const servers: Server[] = [];
    try {
      for (let index = 0; index < 30; index += 1) {
        const server = await Server.inNewFolder();
        servers.push(server);
        await start(server, 6400 + index);
      }
      const snapshot = takeSnapshot();
      const began = performance.now();
      model.update(snapshot);
      await model.settled();
      noteFigures({ check30Ms: Math.round(performance.now() - began) });
      const proved = model.assessments().filter(({ verdict }) => verdict.kind === 'open-proved');
      assert.equal(proved.length, 30);
      assert.deepEqual(faults, []);
    } finally {
      model.dispose();
      for (const server of servers) await server.stop();
    }
  });
});
