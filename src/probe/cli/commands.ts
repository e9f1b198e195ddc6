import type { Command } from './command';

interface NamedCommand {
  readonly name: string;
  readonly summary: string;
  /** A scan does not wait until what only the editor needs is compiled. */
  readonly load: () => Promise<Command>;
}

/** A new command is one entry here. */
export const COMMANDS: readonly NamedCommand[] = [
  {
    name: 'scan',
    summary: 'scan hosts and print what is open',
    load: async () => (await import('./scan')).scanCommand,
  },
  {
    name: 'serve',
    summary: 'speak JSON-RPC, for the editor',
    load: async () => (await import('../server/serve')).serveCommand,
  },
  {
    name: 'check',
    summary: 'tell whether a service lets anybody in',
    load: async () => (await import('./check')).checkCommand,
  },
];

export const HELP = `portlight-probe: scans the hosts that you develop against.

${COMMANDS.map(({ name, summary }) => `  portlight-probe ${name.padEnd(8)} ${summary}`).join('\n')}
  portlight-probe COMMAND --help, portlight-probe --version

Exit codes: 0 done, 1 failed, 2 wrong command line or refused targets, 3 a right is missing, 130 interrupted.
Scan only hosts that are yours or whose owner allows it.
`;
