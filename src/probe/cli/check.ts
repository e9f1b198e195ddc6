import { parseArgs } from 'node:util';
import ipaddr from 'ipaddr.js';
import { english, plainText } from '../../base/text';
import { checkOf, checks } from '../../exposure/checks/index';
import { credentialCheckOf, credentialChecks } from '../../exposure/credentials/index';
import { checkForOrder, orderOf, type CheckOrder } from '../../exposure/choose';
import { remoteChoice } from '../../exposure/remote';
import type { CheckResult, Exchange } from '../../exposure/result';
import type { VerdictKind } from '../../exposure/verdict';
import { verdictSentence } from '../../exposure/words';
import { admit } from '../../scan/guard';
import { parseTargets } from '../../scan/targets';
import { runCheck } from '../checks/run';
import { ownAddresses } from '../engine/environment';
import { UsageError } from './arguments';
import type { Command } from './command';

/** Exit codes of `check`, by verdict. 1 and 2 are a failure and a wrong command line, as everywhere. */
const EXIT_BY_VERDICT: Readonly<Record<VerdictKind, number>> = {
  'open-proved': 10,
  'no-auth-by-design': 11,
  unknown: 12,
  'not-checked': 13,
  'refused-by-policy': 14,
  'auth-required': 0,
};

const CHECK_HELP = `portlight-probe check ADDRESS:PORT [options]

  Finds out whether the service there lets anybody in: one check, at most two packets, no credentials.

  ADDRESS:PORT         a literal address, such as 192.0.2.2:6379 or [fd00::2]:6379
  --service NAME       ${wrapped(checks.map(({ service }) => service))};
                       default: by the port, once the service has not greeted as another
  --udp                the port is a UDP port
  --format NAME        text or json; default text
  --well-known-credential
                       try the account that everybody knows: ${credentialChecks
                         .map(({ service, account }) => `${service} (${account})`)
                         .join(', ')};
                       the server may log it, count it or block this address; never done without this option
  --i-have-permission  check a public address: only with the permission of who owns it

Exit codes: 0 authentication required, 10 open (proved), 11 no authentication by design, 12 unknown, 13 not checked,
14 refused by policy; 1 failed, 2 wrong command line or a refused target.
`;

function wrapped(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    const last = lines[lines.length - 1] ?? '';
    const next = last === '' ? name : `${last}, ${name}`;
    if (next.length <= 90) lines[lines.length - 1] = next;
    else lines.push(name);
  }
  return lines.join(`,\n${' '.repeat(23)}`);
}

const OPTIONS = {
  service: { type: 'string' },
  udp: { type: 'boolean', default: false },
  format: { type: 'string', default: 'text' },
  'well-known-credential': { type: 'boolean', default: false },
  'i-have-permission': { type: 'boolean', default: false },
} as const;

interface CheckArguments {
  readonly address: string;
  readonly port: number;
  readonly order: CheckOrder;
  readonly format: 'text' | 'json';
}

export const checkCommand: Command = { help: CHECK_HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const given = parse(argv);
  const check = checkForOrder(given.order);
  if (!check) throw new UsageError(noCheck(given.order));
  if (given.order.credential === true)
    process.stderr.write(`${credentialCheckOf(given.order.service)?.warning(english) ?? ''}\n`);
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    interrupt.abort();
  };
  process.once('SIGINT', onInterrupt);
  try {
    const result = await runCheck(check, given, {
      signal: interrupt.signal,
      onFault: (error) => process.stderr.write(`${String(error)}\n`),
    });
    process.stdout.write(
      given.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : checkText(result),
    );
    return EXIT_BY_VERDICT[result.verdict.kind];
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

function parse(argv: readonly string[]): CheckArguments {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const { values, positionals } = parsed;
  const [target] = positionals;
  if (target === undefined || positionals.length > 1) throw new UsageError('One ADDRESS:PORT is needed.');
  const { address, port } = readTarget(target);
  permit(address, values['i-have-permission']);
  const { format } = values;
  if (format !== 'text' && format !== 'json') throw new UsageError(`--format ${format}: it is text or json.`);
  const order = orderFor(values.service, address, port, values.udp ? 'udp' : 'tcp');
  const credential = values['well-known-credential'] && ({ credential: true } as const);
  return { address, port, format, order: { ...order, ...credential } };
}

function noCheck({ service, credential }: CheckOrder): string {
  const name = plainText(service, 40);
  if (credential !== true) return `There is no check of “${name}”.`;
  const known = credentialChecks.map((check) => check.service).join(', ');
  return `There is no well-known account of “${name}”; --service is one of ${known}.`;
}

function readTarget(text: string): { address: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/u.exec(text);
  const address = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (!ipaddr.isValid(address) || port < 1 || port > 65_535 || !Number.isInteger(port))
    throw new UsageError(
      `“${plainText(text, 60)}” is not ADDRESS:PORT, such as 192.0.2.2:6379 or [fd00::2]:6379.`,
    );
  return { address: ipaddr.parse(address).toString(), port };
}

/** The same scope guard as before a scan. */
function permit(address: string, permitted: boolean): void {
  const list = parseTargets(address, english);
  if (!list.ok) throw new UsageError(list.errors.map(({ message }) => message).join('\n'));
  const admitted = admit(list.value, [], { ownAddresses: ownAddresses(), limit: 'ask' }, english);
  if (!admitted.ok) throw new UsageError(admitted.errors.map(({ message }) => message).join('\n'));
  if (admitted.value.permission.kind === 'ask' && !permitted)
    throw new UsageError(
      'This is a public address. Check it only if its owner allows it, and say so with --i-have-permission.',
    );
}

function orderFor(
  service: string | undefined,
  address: string,
  port: number,
  protocol: 'tcp' | 'udp',
): CheckOrder {
  if (service === undefined) {
    const choice = remoteChoice({ address, port, protocol });
    if (choice.kind !== 'never') return orderOf(choice);
    throw new UsageError(
      `Port ${port} is where ${choice.debugger.name} listens by default: connecting could resume or stop the program, so that nothing was sent. If something else is there, name it with --service.`,
    );
  }
  const check = checkOf(service);
  if (!check) throw new UsageError(`--service ${plainText(service, 40)}: see portlight-probe check --help.`);
  return { service, transport: check.transport, listenFirst: false };
}

function checkText(result: CheckResult): string {
  const { service, verdict, transcript, tls, ms, notTried, address, port } = result;
  const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const facts = Object.entries(verdict.facts ?? {}).map(([name, value]) => `  ${name}: ${value}`);
  return [
    `${verdict.facts?.['service'] ?? service} on ${where}${tls ? ' (TLS)' : ''}: ${verdictSentence(verdict, undefined, english)}`,
    ...facts,
    ...transcript.map(exchangeText),
    `Not tried: ${notTried}.`,
    `${ms} ms`,
    '',
  ].join('\n');
}

function exchangeText({ direction, bytes, base64 }: Exchange): string {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  const shown = JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
  return `  ${direction === 'out' ? '→' : '←'} ${bytes} bytes ${plainText(shown, 1000)}`;
}
