import { stat } from 'node:fs/promises';
import { packedExtension, Session } from '../e2e/session';
import { findChromium } from '../support/browser';
import { hostsUnsupported } from '../support/hosts';
import { median, type BenchOptions } from './measure';

const WINDOWS = 5;

/**
 * Activation in the extension host, as VS Code itself measured it ("Show Running Extensions": loading the code and
 * calling activate), of the packed and installed extension; the median of several windows, each with a new host.
 */
export async function measureActivation({ say }: Pick<BenchOptions, 'say'>): Promise<Record<string, number>> {
  const missing = hostsUnsupported() ?? (findChromium() === undefined ? 'there is no Chromium' : undefined);
  if (missing !== undefined) {
    say(`activation: not measured, ${missing}`);
    return {};
  }
  const times: number[] = [];
  const session = await Session.start();
  try {
    for (let window = 0; window < WINDOWS; window++) {
      const workbench = await session.openWindow();
      const item = workbench.runningExtension('Portlight');
      await workbench.runCommand('Developer: Show Running Extensions');
      const text = await item.locator('.activation-time').innerText();
      const time = /(\d+)ms/.exec(text)?.[1];
      if (time === undefined) throw new Error(`VS Code says no activation time: ${text}`);
      times.push(Number(time));
      // The next one is measured alone.
      await workbench.page.close();
    }
  } finally {
    await session.stop();
  }
  say(`activation in ${WINDOWS} windows: ${times.join(', ')} ms`);
  return { activationMs: median(times) };
}

/** The packed extension, without the probe's executable. */
export async function measureVsix(): Promise<Record<string, number>> {
  const { size } = await stat(await packedExtension());
  return { vsixKiB: size / 1024 };
}
