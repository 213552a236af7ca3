import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startBrowser } from './browser.js';
import { tree } from './sample-documents.js';
import { startSite, type StaticSite } from './static-site.js';
import { openPortal } from './widget-page.js';

let browser: Browser;
let site: StaticSite;
let page: Page;

beforeAll(async () => {
  [browser, site] = await Promise.all([startBrowser(), startSite()]);
  site.json('/embed/v1/pk_1/tree.json', tree);
});
beforeEach(async () => {
  ({ page } = await openPortal(browser, site, '<hotline-indicator-tree key="pk_1"></hotline-indicator-tree>', {
    scripts: ['indicator-tree'],
  }));
  await row('服务渠道').waitFor();
});
afterEach(() => page.close());
afterAll(async () => {
  await browser.close();
  await site.close();
});

const row = (name: string): Locator =>
  page.locator('hotline-indicator-tree button[data-path]', { hasText: name }).first();
const detailOf = (name: string): Locator =>
  page
    .locator('hotline-indicator-tree li', { has: page.locator('> button', { hasText: name }) })
    .last()
    .locator('> .below');
const focused = (): Promise<string> =>
  page.evaluate(() => {
    const inner = document.activeElement?.shadowRoot?.activeElement;
    return inner?.querySelector('.name')?.textContent ?? '';
  });

describe('the indicator tree', () => {
  it('opens downwards, from dimension to days and files', async () => {
    expect(await row('畅通性').getAttribute('aria-expanded')).toBe('false');
    await row('畅通性').click();
    await row('热线接通率').click();
    const words = await detailOf('热线接通率').innerText();
    for (const part of [
      '92.31%',
      '81.94',
      '933,254 ÷ 1,010,947',
      '1,010,947',
      '91.02–93.55%',
      '得分78.06–85.65',
      '35%',
      // 0.3 × 0.4 × 0.35
      '4.2%',
      '越高越好',
      '逐条通话记录',
      'connect_rate.calls',
      '时段内至少有一天没有可用的数据',
      '365天有数据，2025年1月1日至2025年12月31日',
      '通话记录_2025上半年.csv',
      '512,830行',
      '2025年7月3日由数据专员 王上传',
      '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    ])
      expect(words).toContain(part);
  });

  it('shows the periods of the day, with the one that was left out', async () => {
    await row('畅通性').click();
    await row('热线时段接通率').click();
    const rows = detailOf('热线时段接通率').locator('tbody tr');
    expect(await rows.count()).toBe(6);
    expect(await rows.nth(0).innerText()).toMatch(/上午 9–11时\s+210,441\s+88\.20/);
    expect(await rows.nth(5).innerText()).toMatch(/夜间 21–24时\s+20\s+样本不足，未计入/);
  });

  it('tells zero, too few and not observed apart', async () => {
    await row('畅通性').click();
    await row('专业性').click();
    expect(await row('在线时段接通率').locator('.score').innerText()).toContain('0.00');
    expect(await row('在线时段响应率').locator('.score').innerText()).toBe('未观测');
    expect(await row('社保公积金解答').locator('.score').innerText()).toBe('样本不足 n=3');
    expect(await row('在线时段接通率').locator('.missing').count()).toBe(0);
    expect(await row('在线时段响应率').locator('.missing').count()).toBe(1);
    await row('在线时段接通率').click();
    expect(await detailOf('在线时段接通率').innerText()).toContain('没有该渠道，计零分');
    await row('在线时段响应率').click();
    expect(await detailOf('在线时段响应率').innerText()).toContain('未观测不等于零分');
    await row('社保公积金解答').click();
    expect(await detailOf('社保公积金解答').innerText()).toContain('少于评估方法要求的最低数量');
  });

  it('says why an element is not rated', async () => {
    const words = await row('融合一致性').innerText();
    expect(words).toContain('不予评分');
    expect(words).toContain('数据覆盖率34%，已评分的权重不足三分之二');
  });

  it('opens the components of a combined indicator', async () => {
    await row('服务承诺').click();
    await row('办理结果承诺').click();
    await row('告知办理时限').click();
    const words = await detailOf('告知办理时限').innerText();
    for (const part of ['83.33%', '15 ÷ 18', '60.78–94.16%', '热线拨测', '30%']) expect(words).toContain(part);
  });

  it('shows the grade on the scale of the cut-offs, and why it is presumed', async () => {
    await page.getByRole('img', { name: '等级标尺：热线指数73.46，推定等级B+（B–A）' }).waitFor();
    const explanation = page.locator('hotline-indicator-tree').getByText('不是官方评级');
    expect(await explanation.isVisible()).toBe(false);
    await page.locator('hotline-indicator-tree summary').click();
    await explanation.waitFor({ state: 'visible' });
  });

  it('tells the page which indicator a reader opened', async () => {
    await page.evaluate(() => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      document.addEventListener('hotline-indicator-open', (event) => heard.push((event as CustomEvent).detail));
    });
    await row('畅通性').click();
    await row('热线接通率').click();
    await row('热线接通率').click();
    expect(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([
      { dimension: 'channel', element: 'accessibility', indicator: 'hotline_connect_rate' },
    ]);
  });

  it('is walked by keyboard alone', async () => {
    await row('服务渠道').focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('亲和性');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await row('畅通性').getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('热线接通率');
    await page.keyboard.press('Enter');
    await detailOf('热线接通率').getByText('933,254').waitFor();
    await page.keyboard.press('ArrowLeft');
    expect(await row('热线接通率').getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('畅通性');
    await page.keyboard.press('End');
    expect(await focused()).toBe('品牌宣传');
    await page.keyboard.press('Home');
    expect(await focused()).toBe('服务渠道');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('服务渠道');
    // The rows are buttons, so Tab goes through them too.
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('亲和性');
  });

  it('opens and closes all indicators at once', async () => {
    const indicators = (tree.dimensions ?? []).flatMap(({ elements }) => elements).flatMap((each) => each.indicators);
    await page.locator('hotline-indicator-tree').getByRole('button', { name: '展开全部指标' }).click();
    // 3 dimensions and 9 elements stand above them.
    expect(await page.locator('hotline-indicator-tree button[data-path]').count()).toBe(12 + indicators.length);
    await page.locator('hotline-indicator-tree').getByRole('button', { name: '全部收起' }).click();
    expect(await page.locator('hotline-indicator-tree button[data-path]').count()).toBe(12);
  });

  it('has no Chinese left over in English but names of files and people', async () => {
    await page.evaluate(() => document.querySelector('hotline-indicator-tree')?.setAttribute('lang', 'en'));
    await page.locator('hotline-indicator-tree').getByRole('button', { name: 'Open all indicators' }).click();
    await row('Result promise').click();
    await row('Hotline connect by period').click();
    const words = await page.locator('hotline-indicator-tree .tree').innerText();
    expect(words).toContain('at least one day period left out');
    expect(words.replaceAll(/通话记录_2025[上下]半年|数据专员 王/g, '')).not.toMatch(/[\u4e00-\u9fff]/);
  });
});
