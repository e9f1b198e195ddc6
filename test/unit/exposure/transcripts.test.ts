import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { latin1 } from '../../../src/exposure/bytes';
import { looksLikeTls, saysHttps, type Reply } from '../../../src/exposure/check';
import { checks, checkOf } from '../../../src/exposure/checks/index';
import { credentialCheckOf, credentialChecks } from '../../../src/exposure/credentials/index';
import type { Recording } from '../../services/recording';
import { context, converse } from './conversation';

const folder = path.join(__dirname, 'fixtures/transcripts');
const recordings = readdirSync(folder).flatMap(
  (file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Recording[],
);

/** A server repeats the made-up name that it was asked for. */
function ofThisRun(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replace(/portlight-[0-9a-f]{6}/gu, `portlight-${context.nonce}`);
  return Buffer.from(text, 'latin1');
}

/** What came in, question by question: two packets that came after one another are one reply already. */
function replies({ result }: Recording): Reply[] {
  return (
    result.transcript
      .filter(({ direction }) => direction === 'in')
      .map(({ base64 }) => ({ bytes: ofThisRun(Buffer.from(base64, 'base64')) }))
      // What a server that wants TLS says to a plain request is the runner's affair.
      .filter(({ bytes }) => !looksLikeTls(bytes) && !saysHttps(bytes))
  );
}

describe('transcripts of servers', () => {
  it('there is one of every check', () => {
    const missing = [...checks, ...credentialChecks].filter((check) => {
      return !recordings.some(
        ({ result }) => result.service === check.service && result.account === check.account,
      );
    });
    assert.deepEqual(
      missing.map(({ service }) => service),
      [],
    );
  });

  for (const recording of recordings) {
    const { result } = recording;
    if (replies(recording).length === 0) continue;
    it(`${recording.configuration}: the same replies give the same verdict, whole or byte by byte`, () => {
      const check =
        result.account === undefined ? checkOf(result.service) : credentialCheckOf(result.service);
      assert.ok(check);
      // A datagram comes whole.
      for (const dribble of check.transport === 'udp' ? [false] : [false, true]) {
        const { verdict, sent } = converse(check, replies(recording), dribble);
        assert.deepEqual({ ...verdict, proof: undefined }, { ...result.verdict, proof: undefined });
        for (const bytes of result.account === undefined ? sent : [])
          assert.doesNotMatch(latin1(bytes), /^(?:AUTH|PASS|LOGIN|CONFIG|FLUSHALL|SUBSCRIBE|MONITOR)\b/mu);
      }
    });
  }
});
