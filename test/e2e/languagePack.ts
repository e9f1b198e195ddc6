import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Profile } from '../support/server';

/**
 * Gives VS Code a language pack, which is what makes it speak another language to its extensions. The real packs are
 * in the marketplace; this one has no words of VS Code's own, so that what is not English is ours. It is registered
 * where a running VS Code registers a pack that it installs.
 */
export async function addLanguagePack(profile: Profile, language: string): Promise<void> {
  const folder = path.join(profile.serverData, 'language-pack');
  const translations = path.join(folder, 'main.i18n.json');
  await mkdir(folder, { recursive: true });
  await writeFile(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: 'portlight-test',
    extensions: [
      { extensionIdentifier: { id: `portlight-test.language-pack-${language}` }, version: '1.0.0' },
    ],
    translations: { vscode: translations },
    label: language,
  };
  await writeFile(path.join(profile.userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}
