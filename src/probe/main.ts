import { plainText } from '../base/text';
import { EXIT } from './cli/exit';
import { COMMANDS, HELP } from './cli/commands';
import { UsageError } from './cli/arguments';
import { ScanError } from '../scan/client';
import { VERSION } from './load';

async function main(argv: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = argv;
  if (name === '--version') {
    process.stdout.write(`portlight-probe ${VERSION}\n`);
    return EXIT.done;
  }
  if (name === '--help' || name === '-h') {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const named = COMMANDS.find((each) => each.name === name);
  if (named === undefined) throw new UsageError(`There is no command “${plainText(name, 40)}”.`);
  const command = await named.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.help);
    return EXIT.done;
  }
  return command.run(rest);
}

/** One line that says what is wrong, and where it helps what to do. */
function explain(error: unknown): { message: string; code: number } {
  if (error instanceof UsageError)
    return { message: `${error.message}\nSee portlight-probe --help.`, code: EXIT.usage };
  if (error instanceof ScanError && error.code === 'permission') {
    const grant = `Run it as root, or let the helper alone use raw sockets: sudo setcap cap_net_raw+ep ${process.execPath}`;
    return { message: `${error.message}\n${grant}`, code: EXIT.permission };
  }
  if (error instanceof ScanError && error.code === 'invalid')
    return { message: error.message, code: EXIT.usage };
  return { message: error instanceof Error ? error.message : String(error), code: EXIT.failed };
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { message, code } = explain(error);
    process.stderr.write(`portlight-probe: ${message}\n`);
    process.exitCode = code;
  },
);
