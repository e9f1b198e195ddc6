/**
 * Holds the messages in src/ and their translations together (npm run check:l10n): every message is a literal, has a
 * translation with the same places, and no translation is left over. The same for package.json and package.nls*.json.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

type Messages = Readonly<Record<string, string>>;

export interface Localized {
  /** Path to text of each TypeScript file of the product. */
  readonly sources: ReadonlyMap<string, string>;
  /** Translated messages by their English text. */
  readonly bundles: ReadonlyMap<string, Messages>;
  /** package.json as text, with its `%key%` places. */
  readonly manifest: string;
  /** English and translated values of these places, by file name. */
  readonly manifestTexts: ReadonlyMap<string, Messages>;
}

interface Call {
  readonly place: string;
  readonly message: string;
}

/** @returns one sentence for each thing that is wrong */
export function l10nProblems(localized: Localized): string[] {
  const problems: string[] = [];
  const calls = [...localized.sources].flatMap(([file, text]) => callsOf(file, text, problems));
  for (const [name, bundle] of localized.bundles) problems.push(...bundleProblems(name, bundle, calls));
  problems.push(...manifestProblems(localized));
  return problems;
}

function callsOf(file: string, text: string, problems: string[]): Call[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const calls: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslate(node.expression)) {
      const place = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      const [message] = node.arguments;
      if (message && ts.isStringLiteralLike(message)) {
        calls.push({ place, message: message.text });
        problems.push(...argumentProblems(place, message.text, node.arguments.slice(1)));
      } else if (!isForwarding(node)) {
        problems.push(`${place}: the message is not a literal, so no check can find its translation`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return calls;
}

/** `t(…)`, `this.t(…)`, `vscode.l10n.t(…)` and the like. */
function isTranslate(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 't';
  return ts.isPropertyAccessExpression(callee) && callee.name.text.replace('#', '') === 't';
}

/** `(message, ...args) => vscode.l10n.t(message, ...args)` translates nothing of its own. */
function isForwarding(call: ts.CallExpression): boolean {
  const [message] = call.arguments;
  const around = ts.findAncestor(call, ts.isFunctionLike);
  const parameter = around?.parameters[0]?.name;
  if (!message || !parameter || !ts.isIdentifier(message) || !ts.isIdentifier(parameter)) return false;
  return message.text === parameter.text && call.arguments.slice(1).every((rest) => ts.isSpreadElement(rest));
}

function argumentProblems(place: string, message: string, args: readonly ts.Expression[]): string[] {
  if (args.some((argument) => ts.isSpreadElement(argument))) return [];
  const wanted = placesOf(message);
  const given = args.map((_, index) => `{${index}}`);
  return sameSet(wanted, given)
    ? []
    : [`${place}: “${message}” has the places ${show(wanted)} and is given ${show(given)}`];
}

function bundleProblems(name: string, bundle: Messages, calls: readonly Call[]): string[] {
  const problems: string[] = [];
  const used = new Map(calls.map((call) => [call.message, call.place]));
  for (const [message, place] of used) {
    const translation = bundle[message];
    if (translation === undefined) problems.push(`${place}: ${name} has no “${message}”`);
    else if (translation.trim() === '') problems.push(`${name}: “${message}” is translated as nothing`);
    else if (!sameSet(placesOf(message), placesOf(translation))) {
      problems.push(
        `${name}: “${message}” has the places ${show(placesOf(message))}, its translation has others`,
      );
    }
  }
  for (const key of Object.keys(bundle))
    if (!used.has(key)) problems.push(`${name}: nothing says “${key}” any more`);
  return problems;
}

function manifestProblems({ manifest, manifestTexts }: Localized): string[] {
  const problems: string[] = [];
  const wanted = new Set([...manifest.matchAll(/"%([^%"\s]+)%"/gu)].map((match) => match[1] ?? ''));
  for (const [name, texts] of manifestTexts) {
    for (const key of wanted)
      if (!texts[key]?.trim()) problems.push(`${name} has no “${key}”, which package.json names`);
    for (const key of Object.keys(texts)) {
      if (!wanted.has(key)) problems.push(`${name}: package.json does not name “${key}” any more`);
    }
  }
  return problems;
}

function placesOf(message: string): string[] {
  return [...new Set(message.match(/\{\d+\}/gu) ?? [])].sort();
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

function show(places: readonly string[]): string {
  return places.length === 0 ? 'none' : places.join(' ');
}

function readMessages(root: string, file: string): Messages {
  const full = path.join(root, file);
  return existsSync(full) ? (JSON.parse(readFileSync(full, 'utf8')) as Messages) : {};
}

export function readLocalized(root: string): Localized {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join('src', file))
    .sort();
  const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
  const texts = (names: readonly string[]): Map<string, Messages> =>
    new Map(names.map((name) => [name, readMessages(root, name)]));
  return {
    sources: new Map(files.map((file) => [file, read(file)])),
    bundles: texts(['l10n/bundle.l10n.zh-cn.json']),
    manifest: read('package.json'),
    manifestTexts: texts(['package.nls.json', 'package.nls.zh-cn.json']),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = l10nProblems(readLocalized(path.join(import.meta.dirname, '..')));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
