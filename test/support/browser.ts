import { existsSync } from 'node:fs';
import { onSignal } from './cleanup';
import { chromium, type Browser } from 'playwright-core';

/** Debian's and other distributions' names; PORTLIGHT_CHROMIUM names another. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];

/** The Chromium of this machine, or undefined where there is none. */
export function findChromium(): string | undefined {
  const wanted = process.env['PORTLIGHT_CHROMIUM'];
  return wanted ?? PLACES.find((place) => existsSync(place));
}

/** A headless Chromium that asks nothing of the network on its own. It ends with this process, or when told. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium found (on Debian: apt-get install chromium)');
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      // Chromium refuses its sandbox to root; the pages are our own.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  browser.once(
    'disconnected',
    onSignal(() => browser.close()),
  );
  return browser;
}
