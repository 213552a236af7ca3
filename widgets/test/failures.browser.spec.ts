import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startBrowser } from './browser.js';
import { summary, sureIndex } from './sample-documents.js';
import { startSite, type Answer, type StaticSite } from './static-site.js';
import { openPortal } from './widget-page.js';

let browser: Browser;
let site: StaticSite;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterEach(async () => {
  await page.close();
  await site.close();
});
afterAll(() => browser.close());

const path = '/embed/v1/pk_1/summary.json';
const markup = '<hotline-grade-badge key="pk_1"></hotline-grade-badge>';
const badge = (): Locator => page.locator('hotline-grade-badge [part=badge]');
const asked = (): number => site.requests.filter((request) => request === path).length;

async function open(answer: Answer, attributes = markup): Promise<void> {
  site = await startSite();
  site.answer(path, answer);
  ({ page } = await openPortal(browser, site, attributes, { scripts: ['grade-badge'] }));
}

const status =
  (code: number): Answer =>
  (_, response) => {
    response.writeHead(code, { 'cache-control': 'no-store' }).end('{}');
  };
const good: Answer = (_, response) => {
  response
    .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=0, must-revalidate' })
    .end(JSON.stringify(summary));
};

/** Has the element read again, and waits for the end of it. */
const readAgain = (): Promise<unknown> =>
  page.evaluate(async () => {
    const element = document.querySelector('hotline-grade-badge') as unknown as EventTarget & { refresh(): void };
    const ended = new Promise((resolve) => {
      element.addEventListener('hotline-load', () => resolve('load'), { once: true });
      element.addEventListener(
        'hotline-error',
        (event) => resolve((event as CustomEvent<{ failure: string; stale: boolean }>).detail),
        { once: true },
      );
    });
    element.refresh();
    return ended;
  });

describe('when there is no result to show', () => {
  it.each([
    [404, '未公开'],
    [403, '不适用于本网站'],
    [500, '稍后会自动重试'],
  ])('an answer with status %d is told in words, without a figure', async (code, words) => {
    await open(status(code));
    await badge().getByText(words).waitFor();
    expect(await badge().innerText()).not.toMatch(/\d/);
    expect(await badge().getAttribute('class')).toContain('failed');
  });

  it('an answer that is something else is not taken for a result', async () => {
    await open((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>请登录 99.99 A+</html>');
    });
    await badge().getByText('暂时无法显示').waitFor();
    expect(await badge().innerText()).not.toContain('99.99');
  });

  it('says that it is still reading', async () => {
    await open(() => undefined);
    await badge().getByText('正在读取').waitFor();
    expect(await badge().getAttribute('class')).toContain('loading');
  });

  it('gives up waiting after ten seconds', async () => {
    site = await startSite();
    site.answer(path, () => undefined);
    ({ page } = await openPortal(browser, site, '<p></p>', { scripts: ['grade-badge'] }));
    await page.clock.install();
    const failure = page.evaluate(
      (html) =>
        new Promise((resolve) => {
          document.addEventListener('hotline-error', (event) => resolve((event as CustomEvent).detail));
          const element = document.createElement('hotline-grade-badge');
          element.setAttribute('key', html);
          document.body.append(element);
        }),
      'pk_1',
    );
    await badge().getByText('正在读取').waitFor();
    await page.clock.fastForward(10_000);
    await page.clock.fastForward(2_000);
    expect(await failure).toEqual({ failure: 'timeout', stale: false });
    await badge().getByText('暂时无法显示').waitFor();
  });

  it('names a fault of the set-up and asks nobody', async () => {
    await open(good, '<hotline-grade-badge key="../admin"></hotline-grade-badge>');
    await badge().getByText('请核对 key 和 api').waitFor();
    await page.evaluate(() => {
      const element = document.querySelector('hotline-grade-badge');
      element?.setAttribute('key', 'pk_1');
      element?.setAttribute('api', 'http://other.example');
    });
    await badge().getByText('请核对 key 和 api').waitFor();
    expect(site.requests.filter((request) => request.startsWith('/embed'))).toEqual([]);
  });
});

describe('when a newer result cannot be had', () => {
  it('keeps the last good one, marked and dated', async () => {
    await open(good);
    await badge().locator('[part=grade]').waitFor();
    site.answer(path, status(503));
    expect(await readAgain()).toEqual({ failure: 'server', stale: true });
    await badge().getByText('暂时无法更新，显示截至2026年1月6日的结果').waitFor();
    expect(await badge().locator('[part=grade]').innerText()).toBe('B+');
    expect(await badge().getAttribute('class')).toContain('stale');
    expect(await badge().getAttribute('aria-label')).toContain('暂时无法更新');
    site.json(path, { ...summary, index: sureIndex });
    expect(await readAgain()).toBe('load');
    await badge().locator('[part=grade]', { hasText: 'A+' }).waitFor();
    expect(await badge().innerText()).not.toContain('暂时无法更新');
  });

  it('finds the last good one again after the page was reloaded', async () => {
    await open(good);
    await badge().locator('[part=grade]').waitFor();
    site.answer(path, (request) => request.socket.destroy());
    await page.reload();
    await badge().getByText('暂时无法更新').waitFor();
    expect(await badge().locator('[part=grade]').innerText()).toBe('B+');
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  });

  it.each([404, 403])('drops what was withdrawn or refused, status %d', async (code) => {
    await open(good);
    await badge().locator('[part=grade]').waitFor();
    site.answer(path, status(code));
    await readAgain();
    await badge().getByText('暂时无法显示').waitFor();
    expect(await badge().locator('[part=grade]').count()).toBe(0);
  });

  it('tries three more times, further and further apart, and then no more', async () => {
    site = await startSite();
    site.answer(path, status(500));
    ({ page } = await openPortal(browser, site, '<p></p>', { scripts: ['grade-badge'] }));
    await page.clock.install();
    const failures = (): Promise<number> => page.evaluate(() => (window as unknown as { failures: number }).failures);
    await page.evaluate(() => {
      const counted = Object.assign(window, { failures: 0 });
      document.addEventListener('hotline-error', () => (counted.failures += 1));
      const element = document.createElement('hotline-grade-badge');
      element.setAttribute('key', 'pk_1');
      document.body.append(element);
    });
    const settle = (count: number): Promise<unknown> =>
      page.waitForFunction((wanted) => (window as unknown as { failures: number }).failures === wanted, count);
    await settle(1);
    await page.clock.fastForward('04:59');
    expect(await failures()).toBe(1);
    // Five minutes, fifteen, forty-five; each up to a fifth longer.
    for (const [tries, minutes] of [
      [2, 2],
      [3, 18],
      [4, 54],
    ] as const) {
      await page.clock.fastForward(minutes * 60_000);
      await settle(tries);
    }
    const before = asked();
    await page.clock.fastForward('24:00:00');
    expect(await failures()).toBe(4);
    expect(asked()).toBe(before);
  });
});
