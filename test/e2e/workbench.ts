import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { root } from '../support/hosts';

/** Pictures of what a user sees, for the eye of whoever changes something. */
const PICTURES = path.join(root, 'test/e2e/.out');

/** VS Code's window as a user's hands see it. Selectors held on VS Code 1.100 to 1.139. */
export class Workbench {
  constructor(readonly page: Page) {}

  /** The palette: `title` is the command's whole title, with its category. */
  async runCommand(title: string): Promise<void> {
    await this.openPalette(`>${title}`);
    const command = this.option(title);
    await command.click();
    await command.waitFor({ state: 'hidden' });
  }

  /** What ran before may still take the focus from the palette, which closes it: then once more. */
  async openPalette(text: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press('F1');
      try {
        await this.input.fill(text, { timeout: 3000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** The box at the top, of the palette and of every question that an extension asks. */
  get input(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  /** Types an answer into the box at the top. */
  async answer(text: string): Promise<void> {
    await this.input.waitFor();
    await this.input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Types a path into the dialog of files, which is this same box. It reads the folder first and then writes that
   * folder's path over whatever is there, an answer of ours included; so it must have done so.
   */
  async answerPath(file: string): Promise<void> {
    await this.calm((shown) => shown.startsWith('/'));
    await this.calm(
      (shown) => shown === file,
      () => this.input.fill(file),
    );
    await this.page.keyboard.press('Enter');
    await this.input.waitFor({ state: 'hidden' });
  }

  /** Until the dialog of files has read the folder and shows such a path for a while; `mend` is called where not. */
  private async calm(
    matches: (shown: string) => boolean,
    mend: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const busy = this.page.locator('.quick-input-widget .monaco-progress-container.active');
    for (let calm = 0; calm < 3;) {
      await this.page.waitForTimeout(50);
      const still = (await busy.count()) === 0;
      const right = matches(await this.input.inputValue());
      if (still && !right) await mend();
      calm = still && right ? calm + 1 : 0;
    }
  }

  /** What the box at the top offers: by its whole label, or by what matches all that the line says. */
  option(label: string | RegExp): Locator {
    const box = this.page.locator('.quick-input-widget');
    if (typeof label !== 'string') return box.getByRole('option', { name: label }).first();
    const whole = new RegExp(`^\\s*${escape(label)}\\s*$`);
    return box
      .getByRole('option')
      .filter({ has: this.page.locator('.label-name', { hasText: whole }) })
      .first();
  }

  /** What the box at the top says of the answer typed so far. */
  get inputMessage(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-message');
  }

  tree(name: RegExp): Locator {
    return this.page.getByRole('tree', { name });
  }

  /** A row whose accessible name matches. */
  row(name: RegExp, tree = this.listeners): Locator {
    return tree.getByRole('treeitem', { name });
  }

  /** Portlight's tree, in whatever language. */
  get listeners(): Locator {
    return this.page.locator('.part.panel').getByRole('tree').first();
  }

  /** The row of a listener, in whatever language. */
  listener(port: number): Locator {
    return this.listeners.locator('[role=treeitem][aria-level="2"]', {
      hasText: new RegExp(`^\\s*${port}\\b`),
    });
  }

  /** Opens or closes a row by its twistie. */
  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await row.locator('.monaco-tl-twistie').click();
    await row.and(this.page.locator('[aria-expanded="true"]')).waitFor();
  }

  /**
   * Right click, then the item of the menu. VS Code forgets which row a menu was for where it draws the whole tree anew
   * in that moment, as for a new group, and calls the command without it: then once more, as a user would.
   */
  async contextMenu(row: Locator, item: string, outcome: Locator): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await row.click({ button: 'right' });
      // A menu takes no click in the tenth of a second after it opened: Enter it takes at once.
      await this.menuItem(item).hover();
      await this.page.keyboard.press('Enter');
      try {
        await outcome.first().waitFor({ timeout: 10_000 });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  menuItem(name: string | RegExp): Locator {
    return this.page.getByRole('menuitem', { name });
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async pressInDialog(button: string): Promise<void> {
    await this.dialog.getByRole('button', { name: button, exact: true }).click();
  }

  /** What a view shows instead of rows, with its buttons. */
  get welcome(): Locator {
    return this.page.locator('.welcome-view');
  }

  toast(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Waits for the badge of a listener's row: the editor gives its text to a style sheet, not to the page. */
  async badge(port: number, text: string): Promise<void> {
    const rows = `[...document.querySelectorAll('.part.panel [role=treeitem]')].filter((row) => row.ariaLabel.startsWith('TCP port ${port},'))`;
    const contents = `${rows}.flatMap((row) => [...row.querySelectorAll('*')].map((part) => getComputedStyle(part, '::after').content))`;
    const until = Date.now() + 30_000;
    while (!(await this.page.evaluate<string[]>(contents)).includes(`"${text}"`)) {
      if (Date.now() > until) throw new Error(`The row of port ${port} has no badge “${text}”`);
      await this.page.waitForTimeout(100);
    }
  }

  /** A line of "Developer: Show Running Extensions". */
  runningExtension(name: string): Locator {
    return this.page.locator('.runtime-extensions-editor .extension', { hasText: name });
  }

  /** The item of an extension in the status bar. */
  statusBarItem(extension: string): Locator {
    return this.page.locator(`.statusbar-item[id^="${extension}"]`);
  }

  /** The rows of the open terminal, where they hold the text: it may be broken over several. */
  terminalText(text: string): Locator {
    // The terminal draws blanks that do not break.
    const pattern = text.replaceAll(/./gu, (each) => `${each === ' ' ? '\\s' : escape(each)}\\s*`);
    return this.page.locator('.terminal-wrapper .xterm-rows', { hasText: new RegExp(pattern) });
  }

  /** An item of the status bar that says so. */
  statusBarText(text: RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** The lines of the open editor. */
  editorText(): Locator {
    return this.page.locator('.editor-instance .view-lines');
  }

  /** All that the window says, line by line. */
  async words(): Promise<string> {
    return await this.page.locator('body').innerText();
  }

  /** Shows the whole window in test/e2e/.out/NAME.png. */
  async picture(name: string): Promise<void> {
    await mkdir(PICTURES, { recursive: true });
    await this.page.screenshot({ path: path.join(PICTURES, `${name.replaceAll(/[^\w.-]+/g, '-')}.png`) });
  }
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
