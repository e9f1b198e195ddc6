import { visit } from 'jsonc-parser';
import type { LineFix } from './fix';

/** A bind to every interface as development tools write it. */
const binds: readonly (readonly [RegExp, string])[] = [
  [/(--inspect(?:-brk|-wait|-port)?=)(?:0\.0\.0\.0|\[::\])/u, '$1127.0.0.1'],
  [/(--(?:host|hostname|ip|bind|listen|address)[= ])(?:0\.0\.0\.0|::|\*)(?=[\s:'"]|$)/u, '$1127.0.0.1'],
  [/(\baddress=)(?:\*|0\.0\.0\.0):/u, '$1127.0.0.1:'],
  [/(\s)--host(?=\s|$)(?!\s+[\w.])/u, ''],
  [/^(?:0\.0\.0\.0|::)$/u, '127.0.0.1'],
];

/** The texts in question: an npm script's command, or arguments and addresses of a launch configuration. */
const places: Readonly<
  Record<'package.json' | 'launch.json', (path: readonly (string | number)[]) => boolean>
> = {
  'package.json': ([first]) => first === 'scripts',
  'launch.json': (path) =>
    path.some((key) => /^(?:args|runtimeArgs|vmArgs|host|address|command|env)$/u.test(String(key))),
};

/** @param name the script's name narrows a package.json to one line */
export function jsonFix(
  text: string,
  kind: 'package.json' | 'launch.json',
  name?: string,
): LineFix | undefined {
  let found: LineFix | undefined;
  visit(text, {
    onLiteralValue: (value: unknown, offset, length, line, column, pathSupplier) => {
      const path = pathSupplier();
      if (found || typeof value !== 'string' || !places[kind](path)) return;
      if (name !== undefined && path[path.length - 1] !== name) return;
      const bind = binds.find(([pattern]) => pattern.test(value));
      if (!bind) return;
      const before = text.slice(offset - column).split(/\r?\n/u, 1)[0] ?? '';
      const instead = JSON.stringify(value.replace(bind[0], bind[1]));
      found = {
        line: line + 1,
        before,
        after: before.slice(0, column) + instead + before.slice(column + length),
      };
    },
  });
  return found;
}
