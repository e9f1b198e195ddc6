import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { withTemporaryFolder } from './cleanup';
import { installHost, root, type HostName } from './hosts';
import { fillProfile, installExtension, startServer, type Profile } from './server';

/**
 * Takes the command line that @vscode/test-electron gives to the desktop's `code`, and runs the same tests in
 * code-server with a headless Chromium. Environment: PORTLIGHT_CODE_HOST, the host's name (newest);
 * PORTLIGHT_CODE_TIMEOUT_S, after which a run is taken for hung (300).
 *
 * Exits with the tests' code; 124 where they hang, with a screenshot in out/editor/.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const name = (process.env['PORTLIGHT_CODE_HOST'] ?? 'newest') as HostName;
  const host = await installHost(name, console.error);
  const options = parseCommandLine(argv);
  if (options.version) {
    console.log(host.vscode);
    return;
  }
  process.exitCode = await withTemporaryFolder('code', async (temporary) => {
    const profile: Profile = {
      userData: path.resolve(options.userData ?? path.join(temporary, 'user-data')),
      extensions: path.resolve(options.extensions ?? path.join(temporary, 'extensions')),
      serverData: path.join(temporary, 'server-data'),
    };
    await fillProfile(profile);
    for (const vsix of options.install) await installExtension(host, profile, vsix);
    if (options.tests === undefined) return 0;
    const server = await startServer(host, profile, { testDriver: true });
    try {
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        return await runInPage(page, testAddress(server.url, options), name);
      } finally {
        await browser.close();
      }
    } finally {
      await server.stop();
    }
  });
}

interface CommandLine {
  readonly version: boolean;
  readonly userData?: string | undefined;
  readonly extensions?: string | undefined;
  readonly install: readonly string[];
  readonly development: readonly string[];
  readonly tests?: string | undefined;
  readonly disableExtensions: boolean;
  readonly folder?: string | undefined;
}

/** The desktop's own flags (--no-sandbox, --disable-updates, …) mean nothing here and are ignored. */
function parseCommandLine(argv: readonly string[]): CommandLine {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      'user-data-dir': text,
      'extensions-dir': text,
      'install-extension': { type: 'string', multiple: true },
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: text,
    },
  });
  const one = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const many = (value: unknown) =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  return {
    version: values['version'] === true,
    userData: one(values['user-data-dir']),
    extensions: one(values['extensions-dir']),
    install: many(values['install-extension']),
    development: many(values.extensionDevelopmentPath),
    tests: one(values.extensionTestsPath),
    disableExtensions: values['disable-extensions'] === true,
    folder: positionals[0],
  };
}

function testAddress(base: URL, options: CommandLine): URL {
  const remote = (file: string) => `vscode-remote://${base.host}${encodeURI(path.resolve(file))}`;
  const payload = [
    ...options.development.map((folder) => ['extensionDevelopmentPath', remote(folder)]),
    ['extensionTestsPath', remote(options.tests ?? '')],
    ['enableProposedApi', ''],
    ['skipWelcome', 'true'],
    ...(options.disableExtensions ? [['disableExtensions', 'true']] : []),
  ];
  const address = new URL(base);
  if (options.folder === undefined) address.searchParams.set('ew', 'true');
  else {
    const kind = options.folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
    address.searchParams.set(kind, path.resolve(options.folder));
  }
  address.searchParams.set('payload', JSON.stringify(payload));
  return address;
}

/** The workbench's own chatter (spdlog: its log files need a compiled module); what the tests print is kept. */
const CHATTER =
  /spdlog|\/(_)?static\/out\/|^(Resolv(ing|ed) connection token|Creating a socket|\[reconnection-grace-time\]|Updating additional builtin|Ignoring fetching additional|\[AgentHost|\[AccountPolicyGate\]|\[Service Worker\]|ChatSessionStore)/;

/** Opens the page, shows what the extension host prints, and answers with the exit code of its tests. */
async function runInPage(page: Page, address: URL, host: HostName): Promise<number> {
  const seconds = Number(process.env['PORTLIGHT_CODE_TIMEOUT_S'] ?? 300);
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<number>((resolve, reject) => {
    page.on('crash', () => {
      reject(new Error('The workbench page crashed'));
    });
    timer = setTimeout(() => {
      void screenshot(page, host)
        .catch((error: unknown) => String(error))
        .then((picture) => {
          console.error(`The tests did not end in ${seconds} s. The workbench then: ${picture}`);
          resolve(124);
        });
    }, seconds * 1000);
    void page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  try {
    await page.exposeFunction('codeAutomationLog', print);
    await page.goto(address.href);
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

function print(kind: string, args: unknown[]): void {
  const text = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
  if (CHATTER.test(text)) return;
  if (kind === 'error' || kind === 'warn') console.error(...args);
  else console.log(...args);
}

async function screenshot(page: Page, host: HostName): Promise<string> {
  const file = path.join(root, 'out/editor', `hung-${host}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  return file;
}
