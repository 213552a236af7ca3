import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import {
  accessibilityFaults,
  sidewaysScroll,
  startBrowser,
  watchFaults,
  type Faults,
} from '../../../../widgets/test/browser.js';
import { demoCities, summary, tree } from '../../../../widgets/test/sample-documents.js';
import { startSite, type StaticSite } from '../../../../widgets/test/static-site.js';

let browser: Browser;
let site: StaticSite;
let page: Page;
let faults: Faults;

beforeAll(async () => {
  browser = await startBrowser();
});
beforeEach(async () => {
  site = await startSite();
  serveDemo(site);
});
afterEach(async () => {
  await page.close();
  await site.close();
});
afterAll(() => browser.close());

function serveDemo(to: StaticSite): void {
  to.json('/demo/cities.json', demoCities);
  for (const { key, code, zh, en, index } of demoCities.cities) {
    const city = { ...summary.city, code, zh, en };
    to.json(`/embed/v1/${key}/summary.json`, { ...summary, city, index });
    to.json(`/embed/v1/${key}/tree.json`, { ...tree, city, index });
  }
}

async function open(address = '/', options: { width?: number; colorScheme?: 'light' | 'dark' } = {}): Promise<void> {
  page = await browser.newPage({
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
  });
  faults = await watchFaults(page);
  await page.goto(site.origin + address);
}

const main = (): Locator => page.locator('hotline-first-page main');
const cityNames = (): Promise<string[]> => page.locator('hotline-first-page .city-name').allInnerTexts();
const heading = (): Locator => page.locator('hotline-first-page #detail h2');

async function openDemo(address = '/', options: Parameters<typeof open>[1] = {}): Promise<void> {
  await open(address, options);
  await page.locator('hotline-first-page #detail hotline-indicator-tree button[data-path]').first().waitFor();
  await page.locator('hotline-first-page .cities hotline-grade-badge [part=grade]').last().waitFor();
}

describe('the first page of a demo', () => {
  it('lists the cities by index with their badges, and shows the first in full', async () => {
    await openDemo();
    expect(await cityNames()).toEqual(['上海市', '海口市', '合肥市', '徐州市', '宜春市']);
    const grades = page.locator('hotline-first-page .cities [part=grade]');
    expect(await grades.allInnerTexts()).toEqual(['A+', 'A', 'B+', 'C', '不予评级']);
    expect(await page.locator('hotline-first-page .cities li').nth(2).locator('.mark').innerText()).toMatch(
      /（B–A）\s*推定/,
    );
    expect(await heading().innerText()).toBe('上海市');
    expect(await main().innerText()).toContain('本页的数据为虚构');
    expect(await page.locator('hotline-first-page footer').innerText()).toContain('自评');
  });

  it('works under a strict policy, and keeps nothing in the browser', async () => {
    await openDemo();
    expect(await faults.violations()).toEqual([]);
    expect(faults.errors).toEqual([]);
    expect(await page.evaluate(() => document.cookie + localStorage.length + sessionStorage.length)).toBe('00');
  });

  it('keeps the chosen city in the address, and goes on at its heading', async () => {
    await openDemo();
    await page.getByRole('link', { name: /徐州市/ }).click();
    await heading().getByText('徐州市').waitFor();
    expect(new URL(page.url()).hash).toBe('#city=320300');
    expect(await heading().evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node)).toBe(true);
    await page.goBack();
    await heading().getByText('上海市').waitFor();
    await page.goForward();
    await heading().getByText('徐州市').waitFor();
  });

  it('opens at the city of the address, and says when there is none', async () => {
    await openDemo('/#city=340100');
    expect(await heading().innerText()).toBe('合肥市');
    await page.evaluate(() => (location.hash = 'city=999999'));
    await main().getByText('没有代码为999999的城市').waitFor();
    expect(await heading().innerText()).toBe('上海市');
  });

  it('narrows the list by tier and region, and offers a way back', async () => {
    await openDemo();
    await page.getByLabel('城市线级').selectOption({ label: '三线' });
    expect(await cityNames()).toEqual(['海口市', '宜春市']);
    await main().getByText('5个城市中的2个').waitFor();
    await page.getByLabel('大区').selectOption({ label: '华南' });
    expect(await cityNames()).toEqual(['海口市']);
    await page.getByLabel('城市线级').selectOption({ label: '一线' });
    await main().getByText('没有同时符合').waitFor();
    await page.getByRole('button', { name: '显示全部城市' }).click();
    expect((await cityNames()).length).toBe(5);
  });

  it('changes the language in place, keeps the city, and leaves no Chinese behind', async () => {
    await openDemo('/#city=340100');
    await page.getByRole('link', { name: 'English' }).click();
    await heading().getByText('Hefei').waitFor();
    expect(page.url()).toBe(`${site.origin}/?lang=en#city=340100`);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.locator('hotline-first-page .cities').getByText('presumed').first().waitFor();
    expect(await main().innerText()).not.toMatch(/[\u4e00-\u9fff]/);
    await page.goBack();
    await heading().getByText('合肥市').waitFor();
  });

  it.each(['light', 'dark'] as const)('has no accessibility fault axe can find, %s', async (colorScheme) => {
    await site.close();
    // axe is put on the page by the test, which Trusted Types would forbid: nothing else differs.
    site = await startSite("default-src 'self'; script-src 'self' 'unsafe-eval'");
    serveDemo(site);
    await openDemo('/#city=340100', { colorScheme });
    await page.locator('hotline-first-page hotline-indicator-tree button[data-path="0.1"]').click();
    await page.locator('hotline-first-page hotline-indicator-tree button[data-path="0.1.1"]').click();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('needs no sideways scroll at 320 pixels', async () => {
    await openDemo('/?lang=en#city=340100', { width: 320 });
    await page.locator('hotline-first-page hotline-indicator-tree button[data-path="0.1"]').click();
    await page.locator('hotline-first-page hotline-indicator-tree button[data-path="0.1.1"]').click();
    expect(await sidewaysScroll(page)).toBe(0);
  });
});

describe('the first page before there is everything to show', () => {
  it('shows how far the demo is, with the cities that are ready, until all are', async () => {
    site.json('/demo/cities.json', { demo: true, seeding: { done: 0, total: 5 }, cities: [] });
    await open();
    await main().getByText('已完成0个城市，共5个').waitFor();
    await main().getByText('第一个城市就绪后').waitFor();
    site.json('/demo/cities.json', {
      demo: true,
      seeding: { done: 2, total: 5 },
      cities: demoCities.cities.slice(0, 2),
    });
    await main().getByText('已完成2个城市，共5个').waitFor();
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('2');
    expect(await cityNames()).toEqual(['上海市', '合肥市']);
    site.json('/demo/cities.json', demoCities);
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    expect((await cityNames()).length).toBe(5);
  });

  it('keeps the list when the service goes away meanwhile, and says so', async () => {
    site.json('/demo/cities.json', { ...demoCities, seeding: { done: 5, total: 13 } });
    await open();
    await heading().waitFor();
    site.answer('/demo/cities.json', (request) => request.socket.destroy());
    await main().getByText('暂时无法更新列表').waitFor();
    expect((await cityNames()).length).toBe(5);
    site.json('/demo/cities.json', demoCities);
    await page.getByRole('button', { name: '重新读取' }).click();
    await main().getByText('暂时无法更新列表').waitFor({ state: 'detached' });
  });

  it('tells what to do where there is no demo', async () => {
    site.answer('/demo/cities.json', (_, response) => response.writeHead(404).end('{}'));
    await open();
    await main().getByText('这里没有公开的数据').waitFor();
    const words = await main().innerText();
    for (const part of ['signIn', 'POST /imports?dataset=calls', 'approvePublication']) expect(words).toContain(part);
    expect(await page.locator('hotline-grade-badge').count()).toBe(0);
  });

  it('tells an empty demo from one that is under way', async () => {
    site.json('/demo/cities.json', { demo: true, seeding: null, cities: [] });
    await open();
    await main().getByText('还没有城市').waitFor();
  });

  it('says that it is reading, and what went wrong, with a way to try again', async () => {
    site.answer('/demo/cities.json', (_, response) => response.writeHead(500).end('{}'));
    await open();
    await main().getByText('服务暂时出错').waitFor();
    site.answer('/demo/cities.json', (_, response) => response.writeHead(200).end('<html>'));
    await page.getByRole('button', { name: '重新读取' }).click();
    await main().getByText('不是城市列表').waitFor();
    site.answer('/demo/cities.json', () => undefined);
    await page.getByRole('button', { name: '重新读取' }).click();
    await main().getByText('正在读取城市列表').waitFor();
  });
});
