/** A reading in parts. `words` begins with what was run. */
export interface Words {
  readonly name: string;
  readonly words: readonly string[];
}

/** What the readers of interpreters need to go on with. */
export interface Reader {
  /** A path as a developer would type it: relative to the working directory, else the file's name. */
  path(path: string): string;
  /** The words of another whole command line. */
  command(argv: readonly string[]): Words;
  /** The words of a tool with its arguments. */
  tool(name: string, args: readonly string[]): Words;
}

/** How a program's arguments are read. Without a style, nothing after its first flag is understood. */
export interface ArgumentStyle {
  /** Flags whose value is the next argument. */
  readonly valueFlags?: readonly string[];
  /** Flags worth showing, with their value. */
  readonly keepFlags?: readonly string[];
  /** How many words to show at most; 2 unless told. */
  readonly words?: number;
  /** The one argument that matters, wherever it stands; the others are not shown. */
  readonly only?: RegExp;
}

/** Arguments worth showing, in their order. `--` ends them: what follows is for somebody else. */
export function readArguments(args: readonly string[], style: ArgumentStyle | undefined): string[] {
  if (style?.only) {
    const only = style.only;
    return args.filter((argument) => only.test(argument)).slice(0, 1);
  }
  const most = style?.words ?? 2;
  const out: string[] = [];
  let words = 0;
  for (let index = 0; index < args.length && words < most; index++) {
    const argument = args[index] ?? '';
    if (argument === '--' || argument === '') break;
    if (!argument.startsWith('-') || argument === '-') {
      out.push(argument);
      words++;
      continue;
    }
    if (!style) break;
    const takesNext = style.valueFlags?.includes(argument) === true;
    const [flag = argument] = argument.split('=', 1);
    if (style.keepFlags?.includes(flag) === true) {
      const value = takesNext ? args[index + 1] : undefined;
      out.push(...(value === undefined ? [argument] : [argument, value]));
    }
    if (takesNext) index++;
  }
  return out;
}

/** The index of the first argument that is neither a flag nor a flag's value; -1 where there is none. */
export function firstOperand(args: readonly string[], valueFlags: readonly string[]): number {
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument === '--') return index + 1 < args.length ? index + 1 : -1;
    if (!argument.startsWith('-') || argument === '-') return index;
    if (valueFlags.includes(argument)) index++;
  }
  return -1;
}
