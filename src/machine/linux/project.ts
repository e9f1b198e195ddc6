import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readBytes } from './files';

type Project = { readonly folder: string; readonly name: string } | undefined;

/** What marks a project's folder, and how its name is found there; one line a kind, the first with a name wins. */
const MARKERS: readonly (readonly [file: string, nameOf: (text: string) => string | undefined])[] = [
  ['package.json', jsonName],
  ['go.mod', goName],
  ['pyproject.toml', (text) => tomlName(text, ['project', 'tool.poetry'])],
  ['Cargo.toml', (text) => tomlName(text, ['package'])],
  ['composer.json', jsonName],
  ['pom.xml', noName],
  ['build.gradle', noName],
  ['build.gradle.kts', noName],
  ['Gemfile', noName],
  ['mix.exs', noName],
  ['deno.json', jsonName],
  ['.git', noName],
  ['.hg', noName],
];

/** A manifest longer than this is not one. */
const MANIFEST_LIMIT = 1024 * 1024;

/** Finds the nearest folder, at or above a given one, that is a project. Answers are kept until `forget`. */
export class Projects {
  private readonly known = new Map<string, Project>();

  find(folder: string): Project {
    if (!folder.startsWith('/')) return undefined;
    if (this.known.has(folder)) return this.known.get(folder);
    const parent = dirname(folder);
    const found = projectIn(folder) ?? (parent === folder ? undefined : this.find(parent));
    this.known.set(folder, found);
    return found;
  }

  forget(): void {
    this.known.clear();
  }
}

function projectIn(folder: string): Project {
  let isProject = false;
  for (const [file, nameOf] of MARKERS) {
    const path = join(folder, file);
    if (!fs.existsSync(path)) continue;
    isProject = true;
    const name = nameOf === noName ? undefined : nameOf(manifest(path));
    if (name) return { folder, name };
  }
  return isProject ? { folder, name: basename(folder) || folder } : undefined;
}

/** Empty where it cannot be read: the folder is a project all the same. */
function manifest(path: string): string {
  try {
    if (!fs.statSync(path).isFile()) return '';
    return readBytes(path, MANIFEST_LIMIT).toString('utf8');
  } catch {
    return '';
  }
}

function noName(): undefined {
  return undefined;
}

function jsonName(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** The last part of the module's path that is not a major version. */
function goName(text: string): string | undefined {
  const path = /^module\s+"?([^\s"]+)/m.exec(text)?.[1];
  return path
    ?.split('/')
    .filter((part) => !/^v\d+$/.test(part))
    .at(-1);
}

/** `name = "…"` of the first of the tables that has it: all of TOML that a name needs. */
function tomlName(text: string, tables: readonly string[]): string | undefined {
  let table = '';
  for (const line of text.split('\n')) {
    table = /^\s*\[([^[\]]+)\]\s*(?:#.*)?$/.exec(line)?.[1]?.trim() ?? table;
    const name = /^\s*name\s*=\s*(["'])(.+?)\1/.exec(line)?.[2];
    if (name !== undefined && tables.includes(table)) return name;
  }
  return undefined;
}
