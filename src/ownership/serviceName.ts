import { knownPort } from '../ports/knownPorts';
import type { Listener } from '../ports/listener';
import type { Process } from '../ports/owner';
import { programName, readCommand } from './shortCommand';
import { knownProgram, type KnownProgram } from './tables/services';

export interface ServiceName {
  readonly name: string;
  /**
   * - `program`: a server that is known by its executable;
   * - `process`: the tool or process itself;
   * - `port`: nothing but the number tells, since the owner cannot be seen: show it as a guess.
   */
  readonly from: 'program' | 'process' | 'port';
}

/** The name on a listener's row; undefined where there is no owner to be seen and the number says nothing. */
export function serviceName(
  listener: Pick<Listener, 'owner' | 'port' | 'protocol'>,
): ServiceName | undefined {
  const { owner } = listener;
  if ('process' in owner) return processServiceName(owner.process);
  const { ianaName } = knownPort(listener.port, listener.protocol);
  return ianaName === undefined ? undefined : { name: ianaName, from: 'port' };
}

export function processServiceName(process: Process): ServiceName {
  const known = knownServer(process);
  if (known) return { name: known.name, from: 'program' };
  const { name } = readCommand(process);
  // A process writes its own title; that it is a server which its executable is not, nobody need believe.
  const { executable } = process;
  const pretends = executable !== undefined && knownProgram(name) !== undefined;
  return { name: pretends ? programName(executable) : name, from: 'process' };
}

/** Main classes and archives of servers that run on a Java or Erlang machine. */
const VIRTUAL_MACHINE_SERVERS: readonly (readonly [RegExp, string])[] = [
  [/^org\.elasticsearch\.(?:bootstrap|server)\./u, 'elasticsearch'],
  [/^org\.opensearch\.bootstrap\./u, 'opensearch'],
  [/^kafka\.Kafka$/u, 'kafka'],
  [/^org\.apache\.zookeeper\.server\./u, 'zookeeper'],
  [/^org\.apache\.cassandra\.service\.CassandraDaemon$/u, 'cassandra'],
  [/^org\.apache\.catalina\.startup\.Bootstrap$/u, 'tomcat'],
  [/^(?:com\.neo4j|org\.neo4j)\.server\./u, 'neo4j'],
  [/^org\.apache\.activemq\./u, 'activemq'],
  [/(?:^|\/)jenkins\.war$/u, 'jenkins'],
  [/(?:^|\/)rabbitmq(?:_server)?-[\d.]+\//u, 'rabbitmq'],
  [/(?:^|\/)couchdb(?:\/|$)/u, 'couchdb'],
];
const VIRTUAL_MACHINES = new Set(['java', 'beam.smp', 'beam']);
const MANY_NAMES = new Set(['busybox', 'toybox']);

/** The server that a process is, where its executable, its name or its main class says so. Never from a port. */
export function knownServer(process: Process): KnownProgram | undefined {
  const { commandLine, executable, name } = process;
  const program = programName(executable ?? commandLine[0] ?? name);
  if (VIRTUAL_MACHINES.has(program)) {
    const found = VIRTUAL_MACHINE_SERVERS.find(([pattern]) =>
      commandLine.some((argument) => pattern.test(argument)),
    );
    return found && { name: found[1], kind: 'service' };
  }
  const known = knownProgram(program);
  if (known || (executable !== undefined && !MANY_NAMES.has(program))) return known;
  // What cannot be read, and a program of many names, is told by argv[0]; without one by comm alone.
  const called = programName(/^[^:\s]+/u.exec(commandLine[0] ?? '')?.[0] ?? '');
  return knownProgram(called) ?? knownProgram(name);
}
