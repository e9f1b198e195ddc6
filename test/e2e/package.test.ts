import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { packedExtension } from './session';

describe('the packed extension', () => {
  it('holds the product and nothing else', async () => {
    const names = namesInZip(await readFile(await packedExtension()));
    const allowed = [
      /^extension\.vsixmanifest$/,
      /^\[Content_Types\]\.xml$/,
      /^extension\/package(\.nls(\.[\w-]+)?)?\.json$/,
      /^extension\/(readme\.md|changelog\.md|LICENSE\.txt)$/i,
      /^extension\/dist\/[\w-]+\.js$/,
      /^extension\/media\/[\w./-]+\.(svg|png)$/,
      /^extension\/l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
    ];
    const strangers = names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
    assert.deepEqual(strangers, []);
    for (const needed of ['extension/package.json', 'extension/dist/extension.js', 'extension/LICENSE.txt']) {
      assert.ok(names.includes(needed), `${needed} is missing`);
    }
  });

  it('is small', async () => {
    const { size } = await stat(await packedExtension());
    assert.ok(size <= 600 * 1024, `${(size / 1024).toFixed(1)} KiB`);
  });
});

/** The names in a zip file's central directory (APPNOTE.TXT 4.3.12; a VSIX has no comment and is no zip64). */
function namesInZip(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  assert.notEqual(end, -1, 'not a zip file');
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const lengths = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    names.push(zip.toString('utf8', at + 46, at + 46 + (lengths[0] ?? 0)));
    at += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return names;
}
