import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { packExtension, packForLinux } from '../../scripts/package';
import { launchBrowser, findChromium } from '../support/browser';
import { temporaryFolder, type TemporaryFolder } from '../support/cleanup';
import { hostsUnsupported, installHost, root, type HostName } from '../support/hosts';
import { createProfile, installExtension, startServer, type Profile, type Server } from '../support/server';
import { NOBODY, SECLUDED, seclusionUnsupported, spawnInside } from '../support/seclusion';
import { skip } from '../support/skip';
import { addLanguagePack } from './languagePack';
import { Workbench } from './workbench';

export interface SessionOptions {
  readonly host?: HostName;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The display language, such as zh-cn. */
  readonly language?: string;
  /** The package of Linux x64, with the helper as an executable; else the universal one. */
  readonly helper?: boolean;
  /** Root, but without any capability: what needs one is refused as to an ordinary user. */
  readonly powerless?: boolean;
  /** As nobody, where nothing else listens. */
  readonly secluded?: boolean;
}

/** With `noroot` (capabilities(7)) root gets no capability by being root; one that a file was granted it gets. */
const POWERLESS = ['setpriv', '--securebits', '+noroot', '--inh-caps', '-all'];

/** A VS Code with the packed extension installed, as a user has it, and browser windows in front of it. */
export class Session {
  private window: Workbench | undefined;

  private constructor(
    /** The folder that its windows open. */
    readonly folder: string,
    readonly profile: Profile,
    private readonly server: Server,
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    private readonly temporary: TemporaryFolder,
  ) {}

  static async start(options: SessionOptions = {}): Promise<Session> {
    const temporary = await temporaryFolder('e2e');
    const folder = path.join(temporary.folder, 'project');
    await mkdir(folder);
    const host = await installHost(options.host ?? 'newest', console.log);
    const profile = await createProfile(temporary.folder, options.settings);
    await installExtension(
      host,
      profile,
      await (options.helper === true ? packedForLinux() : packedExtension()),
    );
    if (options.language !== undefined) await addLanguagePack(profile, options.language);
    if (options.secluded === true)
      execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, temporary.folder]);
    const { language, secluded, powerless } = options;
    const through = secluded === true ? SECLUDED : powerless === true ? POWERLESS : undefined;
    const server = await startServer(host, profile, { language, through, bySocket: secluded });
    const browser = await launchBrowser();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: options.language ?? 'en',
    });
    return new Session(folder, profile, server, browser, context, temporary);
  }

  /** The window opened last. */
  get workbench(): Workbench {
    if (this.window === undefined) throw new Error('No window is open');
    return this.window;
  }

  /** Where its server listens. */
  get port(): number {
    return Number(this.server.url.port);
  }

  /** Starts a program as root, where its server is. */
  inside(command: string, ...args: readonly string[]): ChildProcess {
    return spawnInside(this.server.pid, command, ...args);
  }

  /** Each window has an extension host of its own. */
  async openWindow(): Promise<Workbench> {
    const page = await this.context.newPage();
    const address = new URL(this.server.url);
    address.searchParams.set('folder', this.folder);
    await page.goto(address.href);
    await page.locator('.monaco-workbench .part.statusbar').waitFor();
    this.window = new Workbench(page);
    await this.window.statusBarItem('portlight.portlight').waitFor();
    return this.window;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.temporary.remove();
  }
}

/** Declares a VS Code for the tests of a suite; a test that fails leaves a picture, and in the log the window's words. */
export function useSession(options: SessionOptions = {}): () => Session {
  let session: Session | undefined;
  before(async function () {
    const unsupported = hostsUnsupported();
    if (unsupported !== undefined) skip(this, unsupported);
    if (findChromium() === undefined) skip(this, 'there is no Chromium');
    const alone = options.secluded === true ? seclusionUnsupported() : undefined;
    if (alone !== undefined) skip(this, alone);
    this.timeout(10 * 60_000);
    session = await Session.start(options);
    await session.openWindow();
  });
  afterEach(async function () {
    const test = this.currentTest;
    // A test that is to be tried again is not `failed` yet.
    if (session === undefined || test === undefined || test.state === 'passed' || test.isPending()) return;
    await session.workbench.picture(`failed ${test.fullTitle()}`);
    console.log(`The window said:\n${await session.workbench.words()}`);
    // A question that was not answered would stand in the way of the next try.
    await session.workbench.page.keyboard.press('Escape');
  });
  after(async () => {
    await session?.stop();
  });
  return () => {
    if (session === undefined) throw new Error('VS Code has not been started');
    return session;
  };
}

let packed: Promise<string> | undefined;

/** The very file that `npm run package` makes, packed once a run. */
export async function packedExtension(): Promise<string> {
  packed ??= packExtension(path.join(root, 'out/portlight.vsix')).then(({ file }) => file);
  return await packed;
}

let packedHelper: Promise<string> | undefined;

/** The same of the package for Linux x64. */
export async function packedForLinux(): Promise<string> {
  packedHelper ??= packForLinux(path.join(root, 'out/portlight-linux-x64.vsix')).then(({ file }) => file);
  return await packedHelper;
}

/** Whether this machine refuses a connection to the port. */
export async function refused(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => {
      resolve(true);
    });
  });
}

/** A port that is free now: one that the system just gave and got back. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
