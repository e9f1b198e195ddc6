import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import manifest from '../../../package.json';
import english from '../../../package.nls.json';
import chinese from '../../../package.nls.zh-cn.json';

const root = path.join(__dirname, '../../..');
const text = readFileSync(path.join(root, 'package.json'), 'utf8');
const { contributes } = manifest;
const declared = new Set(contributes.commands.map(({ command }) => command));
const whens = Object.values(contributes.menus)
  .flat()
  .map((item) => ('when' in item ? item.when : ''));

describe('package.json', () => {
  it('has every text in both languages, and none that is not used', () => {
    const used = [...new Set([...text.matchAll(/"%([^%"]+)%"/gu)].map(([, key]) => key ?? ''))].sort();
    assert.deepEqual(Object.keys(english).sort(), used);
    assert.deepEqual(Object.keys(chinese).sort(), used);
  });

  it('keeps links and settings in translations', () => {
    const links = (words: string): string[] =>
      [...words.matchAll(/\(command:[^)]+\)|`#[^#]+#`/gu)].map(([link]) => link).sort();
    for (const [key, words] of Object.entries(english)) {
      assert.deepEqual(links(chinese[key as keyof typeof chinese]), links(words), key);
    }
  });

  it('names only commands that it declares', () => {
    const named = [
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
      ...contributes.keybindings.map(({ command }) => command),
      ...[...JSON.stringify(english).matchAll(/\(command:([^)]+)\)/gu)].map(([, id]) => id ?? ''),
    ];
    assert.deepEqual(
      named.filter((id) => !declared.has(id)),
      [],
    );
  });

  it('keeps the palette free of what needs a row', () => {
    const inRows = new Set(contributes.menus['view/item/context'].map(({ command }) => command));
    // These ask for a target, or for a scan, where they are given none.
    const asking = new Set(
      [
        'scanHost',
        'checkPort',
        'checkAuthentication',
        'tryAccount',
        'rescan',
        'rescanOpen',
        'compareScan',
        'exportScan',
      ].map((name) => `portlight.${name}`),
    );
    const kept = contributes.menus.commandPalette
      .filter(({ when }) => when === 'false')
      .map(({ command }) => command);
    assert.deepEqual(
      [...inRows].filter((id) => !kept.includes(id) && !asking.has(id)),
      [],
    );
  });

  it('asks only for context keys and traits that the code sets', () => {
    const files = [
      ...['look', 'rowLook', 'rowDetails', 'groupDrafts', 'listenersData', 'listenersView'].map(
        (name) => `views/${name}.ts`,
      ),
      'exposure/exposureLook.ts',
      'exposure/exposureDrafts.ts',
      ...['scanDrafts', 'portDrafts', 'scansPart'].map((name) => `scans/${name}.ts`),
    ];
    const code = files.map((name) => readFileSync(path.join(root, 'src/editor', name), 'utf8')).join('\n');
    const traits = whens.flatMap((when) => [...when.matchAll(/viewItem =~ \/\(\^\|;\)(\w+)\(;\|\$\)\//gu)]);
    assert.ok(traits.length > 10);
    for (const [, trait = ''] of traits) assert.match(code, new RegExp(`['\`;]${trait}['\`;]`, 'u'), trait);
    const keys = text.match(/portlight\.(?:state|filtered|hiding|noScans|severalRows)\b/gu) ?? [];
    for (const key of keys) assert.ok(code.includes(`'${key}'`), key);
  });

  it('has the pictures that it names', () => {
    for (const [file] of text.matchAll(/media\/[\w.-]+/gu))
      assert.ok(existsSync(path.join(root, file)), file);
  });

  it('runs where the listeners are, also without trust and without files', () => {
    assert.deepEqual(manifest.extensionKind, ['workspace']);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, true);
    assert.equal(manifest.capabilities.virtualWorkspaces, true);
  });
});
