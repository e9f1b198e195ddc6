// Prints this machine's listeners: the reader that feeds the tree, without an editor.
import { english } from '../src/base/text';
import { takeSnapshot } from '../src/machine/linux/snapshot';
import { jsonText, listenersJson, listenersTable } from '../src/ports/document';

const USAGE = `Usage: npm run --silent listeners [-- --json]

Prints every listening TCP and UDP socket of this machine with its owner.

  --json   one JSON object instead of a table (docs/listeners-json.md)
  --help   this text

Exit status: 0 done, 1 this machine cannot be read, 2 wrong arguments.
`;

function main(args: readonly string[]): number {
  const unknown = args.filter((arg) => arg !== '--json' && arg !== '--help' && arg !== '-h');
  if (unknown.length > 0) {
    process.stderr.write(`Unknown argument: ${JSON.stringify(unknown[0])}\n\n${USAGE}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const snapshot = takeSnapshot();
    const text = args.includes('--json')
      ? `${jsonText(listenersJson(snapshot))}\n`
      : listenersTable(snapshot, english);
    process.stdout.write(text);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));
