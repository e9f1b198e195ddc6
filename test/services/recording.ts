import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { english } from '../../src/base/text';
import { checks } from '../../src/exposure/checks/index';
import { credentialChecks } from '../../src/exposure/credentials/index';
import { verdictSentence } from '../../src/exposure/words';
import type { CheckResult } from '../../src/exposure/result';
import type { Configuration } from './configuration';

/** One run of a check against a server: replayed by the unit tests, told in docs/checks.md. */
export interface Recording {
  readonly configuration: string;
  readonly kind: 'real' | 'fake';
  readonly result: CheckResult;
  /** Lines that the server wrote because of the check. */
  readonly logged: readonly string[];
}

const recordings: Recording[] = [];

export function record(configuration: Configuration, result: CheckResult, logged: string): void {
  const { name, kind } = configuration;
  recordings.push({
    configuration: name,
    kind,
    result,
    logged: logged.split('\n').filter((line) => line !== ''),
  });
}

/** With PORTLIGHT_RECORD=1 the transcripts of this run become the fixtures of the unit tests. */
export function writeRecordings(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const services = new Set(recordings.map(({ result }) => result.service));
  for (const service of services) {
    const own = recordings.filter(({ result }) => result.service === service);
    writeFileSync(path.join(folder, `${service}.json`), `${JSON.stringify(own, null, 2)}\n`);
  }
}

/** docs/checks.md: what this run tried and what came out, service by service. */
export function writeTable(file: string): void {
  const rows = recordings.map(({ configuration, kind, result, logged }) => {
    const [, ...name] = configuration.split(': ');
    const server = kind === 'real' ? 'real' : 'after the specification';
    return [
      result.account === undefined ? result.service : `${result.service}, well-known account`,
      name.join(': '),
      server,
      verdictSentence(result.verdict, undefined, english),
      `${logged.length}`,
    ];
  });
  const left = [...checks, ...credentialChecks].map(
    ({ name, service, notTried }) => `| ${cell(name)} (${service}) | ${cell(notTried)} |`,
  );
  const text = [
    '# What the checks find out',
    '',
    'Written by `PORTLIGHT_RECORD=1 npm run test:services` from what came out; do not edit.',
    '',
    'Each row is a server in one configuration, checked on an address of its machine that is not loopback. “real” is the',
    'server itself, from Debian or npm; “after the specification” is a stand-in for a server that cannot be installed',
    'there. “Lines” is how many lines the server added to its log because of the check.',
    '',
    '| Service | Configuration | Server | Verdict | Lines |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
    '',
    '## What is not tried',
    '',
    '| Service | Left out |',
    '| --- | --- |',
    ...left,
    '',
  ];
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text.join('\n'));
}

/** Random names and ports would change the file with every run. */
function cell(text: string): string {
  return text
    .replace(/portlight[_-][0-9a-f]{6}/gu, 'portlight-…')
    .replace(/[\\|*_<>`[\]]/gu, (character) => `\\${character}`);
}
