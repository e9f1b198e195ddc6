import type { Protocol } from '../ports/endpoint';
import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import { baseName } from '../base/path';
import { latin1 } from './bytes';
import { identified, listen, undecided, type Check, type Reply, type Step } from './check';
import { checks } from './checks/index';
import { credentialCheckOf } from './credentials/index';
import type { CredentialCheck } from './credentials/credential';
import { debuggerListener, programOf, type DebuggerListener } from './debuggers';

/**
 * What is to be done with a listener.
 * - `check`: this one. `sure`: its program or arguments name it, or nothing but the port can be known (a hidden owner,
 *   a forwarder); else a program that is something else holds the port, and only a user's wish starts the check;
 * - `greeting`: nothing names it; what it says by itself may. Only on a user's wish;
 * - `never`: no packet.
 */
export type Choice =
  | {
      readonly kind: 'check';
      readonly check: Check;
      readonly by: 'program' | 'arguments' | 'port';
      readonly sure: boolean;
    }
  | { readonly kind: 'greeting'; readonly check: Check }
  | { readonly kind: 'never'; readonly debugger: DebuggerListener };

/** Programs that pass connections on: the port says more than they do. */
const forwarders =
  /^(?:docker-proxy|rootlessport|rootlesskit|conmon|slirp4netns|pasta|passt|gvproxy|vpnkit-bridge|com\.docker\.backend|socat|haproxy|nginx|envoy|traefik|caddy|wslrelay|systemd|systemd-socket-proxyd|inetd|xinetd|ssh|kubectl)$/u;

/** Chosen by program, then arguments, then port; what else it is will be told by its greeting. Never all in turn. */
export function chooseCheck(listener: Pick<Listener, 'protocol' | 'port' | 'owner'>): Choice {
  const process = 'process' in listener.owner ? listener.owner.process : undefined;
  const { protocol } = listener;
  const port = forwardedPort(process) ?? listener.port;
  const found = debuggerListener(process, listener.port);
  if (found?.probe === 'allowed') return named(found);
  const candidates = checks.filter((check) => check.transport === protocol);
  const named_ = process && (byProgram(process, port, candidates) ?? byArguments(process, port, candidates));
  // What a program's name or arguments say goes before the number of a port, but not before a debugger's own flags.
  if (found && (found.from !== 'port' || !named_)) return { kind: 'never', debugger: found };
  if (named_) return named_;
  const check = candidates.find(({ recognition }) => recognition.ports?.includes(port) === true);
  if (!check) return { kind: 'greeting', check: byGreeting(protocol) };
  const sure = !process || forwarders.test(programOf(process));
  return { kind: 'check', check: greetingFirst(check), by: 'port', sure };
}

/** A check as it travels to the helper. `service` is `unknown` where only the greeting shall tell. */
export interface CheckOrder {
  readonly service: string;
  readonly transport: Protocol;
  /** Hear whether it greets as something else before anything is sent. */
  readonly listenFirst: boolean;
  /** Try the service's well-known account. Never by itself: the user has read the warning and wants it. */
  readonly credential?: true;
}

export function orderOf(choice: Exclude<Choice, { kind: 'never' }>): CheckOrder {
  const { service, transport } = choice.check;
  return { service, transport, listenFirst: choice.kind === 'check' && choice.by === 'port' };
}

/** The account that could be tried there, which is never tried by itself; undefined where none is well known. */
export function credentialCheckFor(choice: Choice, service?: string): CredentialCheck | undefined {
  if (choice.kind === 'never') return undefined;
  const found = credentialCheckOf(service ?? choice.check.service);
  return found?.transport === choice.check.transport ? found : undefined;
}

/** @returns undefined for a service that there is no check of, or no well-known account. */
export function checkForOrder(order: CheckOrder): Check | undefined {
  const { service, transport, listenFirst } = order;
  if (order.credential === true) {
    const found = credentialCheckOf(service);
    return found?.transport === transport ? found : undefined;
  }
  if (service === 'unknown') return byGreeting(transport);
  const check = checks.find(
    (candidate) => candidate.service === service && candidate.transport === transport,
  );
  return check && listenFirst ? greetingFirst(check) : check;
}

function named(found: DebuggerListener): Choice {
  const check = checks.find(({ service }) => service === found.id);
  return check
    ? { kind: 'check', check, by: 'arguments', sure: true }
    : { kind: 'never', debugger: { ...found, probe: 'never' } };
}

/** docker-proxy listens for a container's port, which says more than the one on this machine. */
function forwardedPort(process: Process | undefined): number | undefined {
  if (!process || programOf(process) !== 'docker-proxy') return undefined;
  const at = process.commandLine.indexOf('-container-port');
  const port = Number(process.commandLine[at + 1]);
  return at >= 0 && Number.isInteger(port) ? port : undefined;
}

function byProgram(process: Process, port: number, candidates: readonly Check[]): Choice | undefined {
  const names = [programOf(process), process.name, baseName(process.commandLine[0] ?? '')];
  const found = candidates.filter(({ recognition }) =>
    names.some((name) => recognition.processes?.test(name) === true),
  );
  return prefer(found, port, 'program');
}

function byArguments(process: Process, port: number, candidates: readonly Check[]): Choice | undefined {
  const line = process.commandLine.join(' ');
  return prefer(
    candidates.filter(({ recognition }) => recognition.commandLine?.test(line) === true),
    port,
    'arguments',
  );
}

/** A program may speak several protocols (TigerVNC also X11, RabbitMQ also HTTP): the port decides between them. */
function prefer(found: readonly Check[], port: number, by: 'program' | 'arguments'): Choice | undefined {
  const check = found.find(({ recognition }) => recognition.ports?.includes(port) === true) ?? found[0];
  return check && { kind: 'check', check, by, sure: true };
}

const greeters = checks.filter(({ recognition }) => recognition.greeting !== undefined);

/** The check whose greeting this is, given what was heard already. */
function onGreeting(reply: Reply): ((context: Parameters<Check['start']>[0]) => Step | 'more') | undefined {
  const text = latin1(reply.bytes);
  const check = greeters.find(({ recognition }) => recognition.greeting?.test(text) === true);
  if (!check) return undefined;
  return (context) => {
    const step = check.start(context);
    if (step.kind !== 'listen') return 'more';
    const next = step.then(reply);
    return next === 'more' ? 'more' : identified(next, check.service);
  };
}

/** Only listens; what greets as something known is then checked as that. */
function byGreeting(transport: Protocol): Check {
  return {
    service: 'unknown',
    name: 'unknown',
    transport,
    tls: 'never',
    recognition: {},
    notTried: 'everything: nothing says what this is, so that nothing was sent',
    start: (context) =>
      transport === 'udp'
        ? undecided('silent')
        : listen(
            (reply) =>
              onGreeting(reply)?.(context) ?? (reply.ended ? undecided('silent', undefined, reply) : 'more'),
          ),
  };
}

/** Where only the port speaks for a service: first hear whether it greets as something else. */
function greetingFirst(check: Check): Check {
  if (check.transport === 'udp') return check;
  return {
    ...check,
    start: (context) => {
      const first = check.start(context);
      if (first.kind === 'listen')
        return listen((reply) => onGreeting(reply)?.(context) ?? first.then(reply));
      return listen((reply) => {
        if (reply.bytes.length === 0 && reply.ended === 'quiet') return check.start(context);
        const other = onGreeting(reply)?.(context);
        if (other !== undefined) return other;
        return reply.ended ? undecided('unexpected-reply', undefined, reply) : 'more';
      });
    },
  };
}
