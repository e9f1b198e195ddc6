// Judges every listener of this machine, with the code of the view: rules, policy and checks.
import { systemClock } from '../src/base/clock';
import { english } from '../src/base/text';
import { ACCEPT_FILE } from '../src/exposure/accept';
import { parseAcceptFile } from '../src/exposure/acceptFile';
import { ExposureModel } from '../src/exposure/model';
import { auditHtml, auditJson, auditMarkdown, auditSarif, type Audit } from '../src/exposure/report';
import { readFirewall } from '../src/machine/firewall';
import { takeSnapshot } from '../src/machine/linux/snapshot';
import { localChecker } from '../src/probe/checks/checker';
import { readFileSync } from 'node:fs';

const USAGE = `Usage: npm run --silent audit [-- --json | --sarif | --html | --markdown]

Tells for every listener of this machine who can get in. Recognised services beyond loopback are checked, on the
machine's own address, with at most two harmless packets each; debuggers get none.

Exit status: 0 nothing needs attention, 10 something does, 1 this machine cannot be read, 2 wrong arguments.
`;

const formats: Readonly<Record<string, (audit: Audit) => string>> = {
  '--markdown': (audit) => auditMarkdown(audit, english),
  '--html': (audit) => auditHtml(audit, english),
  '--json': (audit) => `${JSON.stringify(auditJson(audit), null, 2)}\n`,
  '--sarif': (audit) => `${JSON.stringify(auditSarif(audit, version()), null, 2)}\n`,
};

function version(): string {
  return (JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }).version;
}

function acceptances(): ReturnType<typeof parseAcceptFile> {
  try {
    return parseAcceptFile(readFileSync(ACCEPT_FILE, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { acceptances: [], problems: [] };
    throw error;
  }
}

async function audit(): Promise<Audit> {
  const snapshot = takeSnapshot();
  const accepted = acceptances();
  for (const problem of accepted.problems) process.stderr.write(`${ACCEPT_FILE}: ${problem}\n`);
  const report = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  };
  const model = new ExposureModel({
    checker: localChecker(report),
    clock: systemClock,
    t: english,
    policy: () => ({ mode: 'automatic', exceptPorts: [], exceptExecutables: [], workspaceTrusted: true }),
    acceptances: () => accepted.acceptances,
    onError: report,
  });
  try {
    model.update(snapshot);
    await model.settled();
    const { machine, takenAt } = snapshot;
    const assessments = model.assessments();
    return { hostname: machine.hostname, takenAt, assessments, firewall: await readFirewall() };
  } finally {
    model.dispose();
  }
}

async function main(args: readonly string[]): Promise<number> {
  const [format = '--markdown', ...rest] = args;
  if (format === '--help' || format === '-h') {
    process.stdout.write(USAGE);
    return 0;
  }
  const write = formats[format];
  if (write === undefined || rest.length > 0) {
    process.stderr.write(`Wrong arguments: ${args.join(' ')}\n\n${USAGE}`);
    return 2;
  }
  const result = await audit();
  process.stdout.write(write(result));
  return result.assessments.some(
    ({ severity }) => severity === 'critical' || severity === 'high' || severity === 'medium',
  )
    ? 10
    : 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
