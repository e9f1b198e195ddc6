import { CHECK_HELP, runCheckCommand } from './check';
import { SCAN_HELP } from './arguments';
import { serve, SERVE_HELP } from '../server/serve';
import { runScanCommand } from './scan';

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** @returns the exit code. */
  run(argv: readonly string[]): Promise<number>;
}

/** A new command is one line here. */
export const COMMANDS: readonly Command[] = [
  { name: 'scan', summary: 'scan hosts and print what is open', help: SCAN_HELP, run: runScanCommand },
  { name: 'serve', summary: 'speak JSON-RPC, for the editor', help: SERVE_HELP, run: serve },
  {
    name: 'check',
    summary: 'tell whether a service lets anybody in',
    help: CHECK_HELP,
    run: runCheckCommand,
  },
];

export const HELP = `portlight-probe: scans the hosts that you develop against.

${COMMANDS.map(({ name, summary }) => `  portlight-probe ${name.padEnd(8)} ${summary}`).join('\n')}
  portlight-probe COMMAND --help, portlight-probe --version

Exit codes: 0 done, 1 failed, 2 wrong command line or refused targets, 3 a right is missing, 130 interrupted.
Scan only hosts that are yours or whose owner allows it.
`;
