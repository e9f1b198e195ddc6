import assert from 'node:assert/strict';
import path from 'node:path';
import type { CheckResult } from '../../src/exposure/result';
import { run } from '../support/run';
import { vsftpd } from './configurations/accounts';
import { ADDRESS, Server } from './host';

const root = path.resolve(__dirname, '../..');

const probe = (...args: readonly string[]) =>
  run(process.execPath, ['--import', 'tsx', path.join(root, 'src/probe/main.ts'), 'check', ...args], {
    cwd: root,
    timeoutMs: 60_000,
  });

describe('portlight-probe check', () => {
  const servers: Server[] = [];

  before(async () => {
    const redis = await Server.inNewFolder();
    servers.push(redis);
    const args = ['--port', '6395', '--bind', '0.0.0.0', '--protected-mode', 'no', '--save', ''];
    await redis.start('redis-server', { args, port: 6395 });
    const ftp = await Server.inNewFolder();
    servers.push(ftp);
    await vsftpd(2125, 'YES')(ftp);
  });

  after(async () => {
    for (const server of servers) await server.stop();
  });

  it('tells service, verdict, bytes and what was not tried; its exit code is the verdict', async () => {
    const { code, output } = await probe(`${ADDRESS}:6395`, '--service', 'redis');
    assert.equal(code, 10, output);
    assert.match(output, /^redis on 192\.0\.2\.2:6395: open, proved: PING answered \+PONG$/mu);
    assert.match(output, /→ 6 bytes "PING\\r\\n"/u);
    assert.match(output, /← 7 bytes "\+PONG\\r\\n"/u);
    assert.match(output, /^Not tried: passwords/mu);
  });

  it('gives the same as JSON', async () => {
    const { code, output } = await probe(`${ADDRESS}:6395`, '--service', 'redis', '--format', 'json');
    const result = JSON.parse(output) as CheckResult;
    assert.deepEqual([code, result.verdict.kind, result.account], [10, 'open-proved', undefined], output);
  });

  it('sends nothing to the usual port of a debugger, and says why', async () => {
    const { code, output } = await probe(`${ADDRESS}:5005`);
    assert.equal(code, 2, output);
    assert.match(output, /5005 is where JDWP listens by default: .*nothing was sent/u);
  });

  it('hears from the greeting what an unknown port is', async () => {
    const { code, output } = await probe(`${ADDRESS}:2125`);
    assert.equal(code, 13, output);
    assert.match(output, /^ftp on 192\.0\.2\.2:2125: authentication exists, not tested/mu);
  });

  it('tries a well-known account only with the option for it, and says what that does', async () => {
    const { code, output } = await probe(`${ADDRESS}:2125`, '--service', 'ftp', '--well-known-credential');
    assert.equal(code, 10, output);
    assert.match(output, /This logs in as “anonymous”/u);
    assert.match(output, /open, proved: USER anonymous, PASS answered 230/u);
  });

  it('refuses the option where no account is well known', async () => {
    const { code, output } = await probe(`${ADDRESS}:6395`, '--service', 'redis', '--well-known-credential');
    assert.equal(code, 2, output);
    assert.match(output, /There is no well-known account of “redis”; --service is one of ftp, mysql, snmp/u);
  });
});
