import { baseName } from '../base/path';
import type { Process } from '../ports/owner';

/**
 * A debugger's listener, told from its program and arguments. `probe: 'never'`: connecting alone may resume a program
 * that waits, take the only place at the debugger, or end it, so that not one packet is sent.
 */
export interface DebuggerListener {
  readonly id:
    | 'jdwp'
    | 'debugpy'
    | 'delve'
    | 'gdbserver'
    | 'lldb-server'
    | 'rr'
    | 'dbgp'
    | 'rdbg'
    | 'php-fpm'
    | 'node-inspector'
    | 'chromium-devtools';
  readonly name: string;
  readonly probe: 'never' | 'allowed';
  /** How it is known. */
  readonly from: 'program' | 'arguments' | 'port';
  /** The argument that opens it, to be shown and to be changed. */
  readonly argument?: string;
}

type Finder = (process: Process, port: number) => DebuggerListener | undefined;

/** Programs that are nothing but a debugger's server: whatever they listen on is one. */
const programs: readonly (readonly [RegExp, DebuggerListener['id'], string])[] = [
  [/^(?:dlv|dlv-dap)$/u, 'delve', 'Delve'],
  [/^gdbserver(?:-\w+)?$/u, 'gdbserver', 'gdbserver'],
  [/^(?:lldb-server|debugserver)(?:-[\d.]+)?$/u, 'lldb-server', 'lldb-server'],
  [/^rr$/u, 'rr', 'rr'],
  [/^(?:dbgpProxy|dbgp-proxy|pydbgpproxy)$/u, 'dbgp', 'DBGp proxy'],
  [/^rdbg$/u, 'rdbg', 'Ruby debug'],
  [/^php-fpm/u, 'php-fpm', 'PHP-FPM'],
];

/** Ports that belong to such debuggers by default. Whoever holds one gets no packet, unless its program says better. */
const ports: Readonly<Record<number, readonly [DebuggerListener['id'], string]>> = {
  5005: ['jdwp', 'JDWP'],
  5006: ['jdwp', 'JDWP'],
  8000: ['jdwp', 'JDWP'],
  8787: ['jdwp', 'JDWP'],
  5678: ['debugpy', 'debugpy'],
  2345: ['delve', 'Delve'],
  38697: ['delve', 'Delve'],
  1234: ['gdbserver', 'gdbserver'],
  2159: ['gdbserver', 'gdbserver'],
  9003: ['dbgp', 'DBGp'],
  12345: ['rdbg', 'Ruby debug'],
};

/** 8000 and 1234 are also everybody's first choice for a web server: they count only for the runtime in question. */
const onlyFor: Readonly<Record<number, RegExp>> = { 8000: /^java$/u, 8787: /^java$/u, 1234: /^qemu-/u };

export function programOf(process: Process): string {
  return baseName(
    (process.executable ?? process.commandLine[0] ?? process.name).replace(/ \(deleted\)$/u, ''),
  );
}

const byProgram: Finder = (process) => {
  const names = [programOf(process), process.name, baseName(process.commandLine[0] ?? '')];
  const found = programs.find(([pattern]) => names.some((name) => pattern.test(name)));
  return found && { id: found[1], name: found[2], probe: 'never', from: 'program' };
};

/** `-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005`, and the forms before Java 9. */
const byJavaAgent: Finder = (process, port) => {
  const agent = process.commandLine.find((argument) => /^(?:-agentlib:jdwp|-Xrunjdwp)[=:]/u.test(argument));
  if (agent === undefined) return undefined;
  const listens = Number(/\baddress=(?:[^,]*:)?(\d+)/u.exec(agent)?.[1] ?? 0);
  // Without an address, or with 0, the system chose the port: any listener of this machine may be the debugger.
  if (listens !== port && listens !== 0) return undefined;
  return { id: 'jdwp', name: 'JDWP', probe: 'never', from: 'arguments', argument: agent };
};

const byPythonModule: Finder = (process, port) => {
  const args = process.commandLine;
  const at = args.findIndex((argument) => /(?:^|\/)(?:debugpy|ptvsd|pydevd)(?:$|\/|\.py$)/u.test(argument));
  if (at < 0) return undefined;
  const adapter = /\/adapter\/?$/u.test(args[at] ?? '');
  const flag = args.findIndex((argument) => argument === '--listen' || argument === '--port');
  const listens = Number(/(?:^|:)(\d+)$/u.exec(args[flag + 1] ?? '')?.[1] ?? 0);
  if (!adapter && listens !== port) return undefined;
  const argument = flag < 0 ? undefined : args.slice(flag, flag + 2).join(' ');
  return {
    id: 'debugpy',
    name: 'debugpy',
    probe: 'never',
    from: 'arguments',
    ...(argument !== undefined && { argument }),
  };
};

const byRubyOption: Finder = (process) => {
  const argument = process.commandLine.find((part) =>
    /(?:^|\/)rdbg$|^-rdebug\/open|^debug\/open/u.test(part),
  );
  return argument === undefined
    ? undefined
    : { id: 'rdbg', name: 'Ruby debug', probe: 'never', from: 'arguments', argument };
};

/** `qemu-system-x86_64 -gdb tcp::1234`, of which `-s` is short. */
const byEmulator: Finder = (process, port) => {
  if (!programOf(process).startsWith('qemu-')) return undefined;
  const args = process.commandLine;
  const stub = args.includes('-s') ? 'tcp::1234' : (args[args.indexOf('-gdb') + 1] ?? '');
  return (args.includes('-s') || args.includes('-gdb')) && stub.endsWith(`:${port}`)
    ? { id: 'gdbserver', name: 'gdbserver (QEMU)', probe: 'never', from: 'arguments', argument: stub }
    : undefined;
};

const NODE_INSPECTOR_PORT = 9229;

/** `--inspect`, `--inspect-brk=0.0.0.0:9230`, `--inspect-port=…`; its HTTP part may be asked without attaching. */
const byInspectFlag: Finder = (process, port) => {
  const args = process.commandLine;
  const argument = [...args].reverse().find((part) => /^--inspect(?:-brk|-wait|-port)?(?:=|$)/u.test(part));
  if (argument === undefined) return undefined;
  const value = argument.split('=')[1] ?? '';
  const listens = /(?:^|:)(\d+)$/u.exec(value)?.[1];
  return Number(listens ?? NODE_INSPECTOR_PORT) === port
    ? { id: 'node-inspector', name: 'Node.js inspector', probe: 'allowed', from: 'arguments', argument }
    : undefined;
};

const byRemoteDebuggingPort: Finder = (process, port) => {
  const argument = process.commandLine.find((part) => part === `--remote-debugging-port=${port}`);
  return argument === undefined
    ? undefined
    : { id: 'chromium-devtools', name: 'Chrome DevTools', probe: 'allowed', from: 'arguments', argument };
};

const finders: readonly Finder[] = [
  byProgram,
  byJavaAgent,
  byPythonModule,
  byRubyOption,
  byEmulator,
  byInspectFlag,
  byRemoteDebuggingPort,
];

/** @param process absent where the owner cannot be seen: then the number alone decides, on the safe side. */
export function debuggerListener(process: Process | undefined, port: number): DebuggerListener | undefined {
  for (const find of process ? finders : []) {
    const found = process && find(process, port);
    if (found) return found;
  }
  return debuggerPort(process, port);
}

function debuggerPort(process: Process | undefined, port: number): DebuggerListener | undefined {
  const known = ports[port];
  const only = onlyFor[port];
  if (!known || (only && process && !only.test(programOf(process)))) return undefined;
  return { id: known[0], name: known[1], probe: 'never', from: 'port' };
}
