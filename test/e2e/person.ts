import { expect } from '@jest/globals';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { watchFaults, type Faults } from '../../widgets/test/browser.js';

/** Of everybody, until they change it. */
export const password = 'Gorges-and-locks-3';

/** Somebody at a browser of their own. */
export class Person {
  private constructor(
    readonly page: Page,
    readonly faults: Faults,
    private readonly context: BrowserContext,
  ) {}

  static async at(
    browser: Browser,
    address: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
    const page = await context.newPage();
    const faults = await watchFaults(page);
    await page.goto(address);
    return new Person(page, faults, context);
  }

  get main(): Locator {
    return this.page.locator('hotline-account-pages main');
  }

  async sees(words: string | RegExp): Promise<void> {
    await this.main.getByText(words).first().waitFor();
  }

  async fills(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) await this.main.getByLabel(label, { exact: true }).fill(value);
  }

  async presses(name: string | RegExp): Promise<void> {
    await this.main.getByRole('button', { name, exact: true }).first().click();
  }

  async signsIn(email: string, with_ = password): Promise<void> {
    await this.fills({ 邮箱: email, 密码: with_ });
    await this.presses('登录');
  }

  /** Where they are now; the whole history of the window holds no token. */
  async hash(): Promise<string> {
    expect(this.page.url()).not.toMatch(/=[\w-]{20,}/);
    return new URL(this.page.url()).hash;
  }

  /** Nothing is kept but the session, which no script can read. */
  async keepsNothing(): Promise<void> {
    const kept = await this.page.evaluate(() => document.cookie + localStorage.length + sessionStorage.length);
    expect(kept).toBe('00');
    expect(await this.faults.violations()).toEqual([]);
    expect(this.faults.errors).toEqual([]);
  }

  /** The named field has the focus, is marked as wrong, and says why to who cannot see it. */
  async isToldAt(label: string, why: string | RegExp): Promise<void> {
    // Its hint may hold the same words before: what is waited for is that the field itself is told of.
    const field = this.main.getByLabel(label, { exact: true }).and(this.page.locator('[aria-invalid=true]:focus'));
    await field.waitFor();
    expect(
      await field.evaluate((input) => {
        const root = input.getRootNode() as ShadowRoot;
        const ids = (input.getAttribute('aria-describedby') ?? '').split(' ');
        return ids.map((id) => root.getElementById(id)?.textContent ?? '').join(' ');
      }),
    ).toMatch(why);
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
