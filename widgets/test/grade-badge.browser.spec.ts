import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from './browser.js';
import { summary, sureIndex, unratedIndex } from './sample-documents.js';
import { startSite, strictPolicy, type StaticSite } from './static-site.js';
import { openPortal } from './widget-page.js';

let browser: Browser;
let site: StaticSite;
let page: Page;

beforeAll(async () => {
  [browser, site] = await Promise.all([startBrowser(), startSite()]);
});
afterEach(() => page.close());
afterAll(async () => {
  await browser.close();
  await site.close();
});

const badge = (): ReturnType<Page['locator']> => page.locator('hotline-grade-badge [part=badge]');

async function open(markup: string, document: unknown = summary): Promise<void> {
  site.json('/embed/v1/pk_1/summary.json', document);
  ({ page } = await openPortal(browser, site, markup, { scripts: ['grade-badge'] }));
  await badge().locator('[part=meta]').first().waitFor();
}

describe('the grade badge', () => {
  it('carries grade, range, index, interval, period, method, coverage and kinds of data', async () => {
    await open('<hotline-grade-badge key="pk_1"></hotline-grade-badge>');
    const words = await badge().innerText();
    expect(words).toContain('合肥市12345热线');
    // P(B+ or better) = 0.71 < 0.8, and the middle 95 % runs from B (0.985) to A (0.08).
    expect(await badge().locator('[part=grade]').innerText()).toBe('B+');
    expect(await badge().locator('[part=range]').innerText()).toBe('（B–A）');
    for (const part of ['推定', '73.46', '70.81–75.90', '自评', '2023.1', '2025年', '96.2%', '自有数据，拨测，问卷'])
      expect(words).toContain(part);
    expect(words).toContain('演示数据');
  });

  it('shows the letter alone when it is sure, and no demo mark on real data', async () => {
    await open('<hotline-grade-badge key="pk_1"></hotline-grade-badge>', { ...summary, demo: false, index: sureIndex });
    expect(await badge().locator('[part=grade]').innerText()).toBe('A+');
    expect(await badge().locator('[part=range]').count()).toBe(0);
    expect(await badge().innerText()).not.toContain('演示数据');
  });

  it('says that the range is not known where nobody estimated it', async () => {
    await open('<hotline-grade-badge key="pk_1"></hotline-grade-badge>', {
      ...summary,
      index: { ...sureIndex, interval: null, grade_or_better: null },
    });
    expect(await badge().locator('[part=range]').innerText()).toBe('（未估算区间）');
    expect(await badge().locator('svg').count()).toBe(0);
  });

  it('shows what is not rated as such, never as zero', async () => {
    await open('<hotline-grade-badge key="pk_1"></hotline-grade-badge>', { ...summary, index: unratedIndex });
    const words = await badge().innerText();
    expect(words).toContain('不予评级');
    expect(words).toContain('52%');
    expect(words).not.toMatch(/\b0(\.00)?\b/);
    expect(words).not.toContain('推定');
  });

  it('has everything in its accessible name', async () => {
    await open('<hotline-grade-badge key="pk_1"></hotline-grade-badge>');
    const name = '合肥市12345热线：推定等级 B+（B–A），热线指数 73.46，2025年，自评，方法2023.1版，演示数据';
    await page.getByRole('group', { name, exact: true }).waitFor();
    const chances = page.getByRole('img', { name: /^各等级的可能性/ });
    // 0.08, 0.71 − 0.08, 0.985 − 0.71, 1 − 0.985
    expect(await chances.getAttribute('aria-label')).toBe('各等级的可能性：C+ 2%，B 28%，B+ 63%，A 8%');
  });

  it('explains by keyboard why the grade is presumed', async () => {
    await open('<hotline-grade-badge key="pk_1"></hotline-grade-badge>');
    const explanation = badge().getByText('不是官方评级');
    expect(await explanation.isVisible()).toBe(false);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await explanation.waitFor({ state: 'visible' });
  });

  it('speaks English and keeps its own language on a Chinese page', async () => {
    await open('<hotline-grade-badge key="pk_1" lang="en"></hotline-grade-badge>');
    const words = await badge().innerText();
    for (const part of [
      'Hefei 12345 hotline',
      'presumed',
      '(B–A)',
      '95% interval 70.81–75.90',
      'Self-assessed',
      'Demo data',
    ])
      expect(words).toContain(part);
    expect(words).not.toMatch(/[\u4e00-\u9fff]/);
    expect(await page.locator('hotline-grade-badge .root').getAttribute('lang')).toBe('en');
  });

  it('is one line when small', async () => {
    await open('<hotline-grade-badge key="pk_1" size="small"></hotline-grade-badge>');
    const words = await badge().innerText();
    for (const part of ['B+', '（B–A）', '推定', '73.46', '自评', '2023.1', '2025年', '演示数据'])
      expect(words).toContain(part);
    expect(await badge().locator('summary, a, button').count()).toBe(0);
  });

  it('draws a document given by property and asks the network for nothing', async () => {
    await open('<hotline-grade-badge key="pk_1"></hotline-grade-badge>');
    site.requests.length = 0;
    await page.evaluate((data) => {
      const given = Object.assign(document.createElement('hotline-grade-badge'), { data });
      given.id = 'given';
      document.body.append(given);
    }, summary);
    await page.locator('#given [part=grade]').waitFor();
    expect(await page.locator('#given [part=index]').innerText()).toBe('73.46');
    expect(site.requests).toEqual([]);
  });

  it('follows its attributes', async () => {
    site.json('/embed/v1/pk_2/summary.json', { ...summary, index: sureIndex });
    await open('<hotline-grade-badge key="pk_1"></hotline-grade-badge>');
    await page.evaluate(() => document.querySelector('hotline-grade-badge')?.setAttribute('key', 'pk_2'));
    await badge().locator('[part=grade]', { hasText: 'A+' }).waitFor();
    await page.evaluate(() => document.querySelector('hotline-grade-badge')?.setAttribute('theme', 'dark'));
    expect(await badge().evaluate((frame) => getComputedStyle(frame).backgroundColor)).toBe('rgb(22, 25, 29)');
  });

  it('tells the page of a document it has read', async () => {
    await open('<p></p><hotline-grade-badge key="pk_1"></hotline-grade-badge>');
    const grade = await page.evaluate(async () => {
      const element = document.createElement('hotline-grade-badge');
      element.setAttribute('key', 'pk_1');
      const heard = new Promise<Event>((resolve) => document.addEventListener('hotline-load', resolve, { once: true }));
      document.body.append(element);
      return ((await heard) as CustomEvent<{ document: { index: { grade: string } } }>).detail.document.index.grade;
    });
    expect(grade).toBe('B+');
  });

  it('links to the evidence only by https or on its own origin', async () => {
    await open('<hotline-grade-badge key="pk_1" href="/p/1"></hotline-grade-badge>');
    const link = badge().locator('a');
    expect(await link.getAttribute('href')).toBe(`${site.origin}/p/1`);
    for (const href of [
      'javascript:window.__x=1',
      'data:text/html,<script>window.__x=1</script>',
      'http://other.example/',
    ]) {
      await page.evaluate((value) => document.querySelector('hotline-grade-badge')?.setAttribute('href', value), href);
      await link.waitFor({ state: 'detached' });
    }
  });

  it('leaves the name to whoever registered it first', async () => {
    // Two bundles bring lit twice, and its policy with it: a page that wants that must allow duplicates.
    await site.close();
    site = await startSite(`${strictPolicy} 'allow-duplicates'`);
    site.json('/embed/v1/pk_1/summary.json', summary);
    const opened = await openPortal(browser, site, '<hotline-grade-badge key="pk_1"></hotline-grade-badge>', {
      scripts: ['hotline-widgets'],
    });
    ({ page } = opened);
    await badge().locator('[part=grade]').waitFor();
    await page.evaluate((path) => import(path), '/widgets/v1/hotline-widgets.js?again');
    expect(opened.faults.errors).toEqual([]);
    expect(await badge().locator('[part=grade]').innerText()).toBe('B+');
  });
});
