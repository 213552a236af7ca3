import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, sidewaysScroll, startBrowser } from './browser.js';
import { summary, tree, unratedIndex } from './sample-documents.js';
import { startSite, type StaticSite } from './static-site.js';
import { openPortal, type PageOptions } from './widget-page.js';

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

const everything = `
  <hotline-grade-badge key="pk_1" href="/p/1"></hotline-grade-badge>
  <hotline-grade-badge key="pk_1" size="small"></hotline-grade-badge>
  <hotline-grade-badge key="pk_unrated"></hotline-grade-badge>
  <hotline-grade-badge key="pk_missing"></hotline-grade-badge>
  <hotline-indicator-tree key="pk_1"></hotline-indicator-tree>`;

async function open(options: PageOptions = {}, documents: { summary: unknown; tree: unknown } = { summary, tree }) {
  site.json('/embed/v1/pk_1/summary.json', documents.summary);
  site.json('/embed/v1/pk_unrated/summary.json', { ...summary, index: unratedIndex });
  site.json('/embed/v1/pk_1/tree.json', documents.tree);
  site.requests.length = 0;
  const opened = await openPortal(browser, site, everything, options);
  ({ page } = opened);
  await page.locator('hotline-grade-badge .failed').waitFor();
  await page.locator('hotline-grade-badge[size=small] [part=meta]').waitFor();
  await page.locator('hotline-indicator-tree button[data-path]').first().waitFor();
  return opened.faults;
}

/** Opens every row of the tree, level by level, as a reader's clicks would. */
async function openAllRows(): Promise<void> {
  await page.locator('hotline-indicator-tree').evaluate(async (element) => {
    const tree = element as unknown as { renderRoot: ShadowRoot; updateComplete: Promise<void> };
    for (;;) {
      const closed = tree.renderRoot.querySelectorAll<HTMLElement>('button[data-path][aria-expanded=false]');
      if (closed.length === 0) return;
      closed.forEach((row) => row.click());
      await tree.updateComplete;
    }
  });
}

/** Visits every object and list of a document and lets a text be replaced. */
function replaceTexts(value: unknown, replace: (text: string, field: string) => string, field = ''): unknown {
  if (typeof value === 'string') return replace(value, field);
  if (Array.isArray(value)) return value.map((entry) => replaceTexts(entry, replace, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, replaceTexts(entry, replace, name)]));
}

describe('on a page with a strict content security policy', () => {
  it('works without a single violation, and asks its own service alone', async () => {
    const faults = await open();
    await openAllRows();
    await page.locator('hotline-grade-badge summary').first().click();
    expect(await faults.violations()).toEqual([]);
    expect(faults.errors).toEqual([]);
    const bar = page.locator('hotline-indicator-tree [data-path="0"] .bar');
    const track = page.locator('hotline-indicator-tree [data-path="0"] .track');
    const [drawn, whole] = [await bar.boundingBox(), await track.boundingBox()];
    // The dimension's score is 66.021: its bar really has that share of the width.
    expect((drawn?.width ?? 0) / (whole?.width ?? 1)).toBeCloseTo(0.66, 2);
    expect(await page.evaluate(() => document.cookie + localStorage.length + sessionStorage.length)).toBe('00');
  });

  it('leaves no style element and no style attribute behind', async () => {
    await open();
    await openAllRows();
    const found = await page.evaluate(() =>
      [...document.querySelectorAll('hotline-grade-badge, hotline-indicator-tree')].reduce(
        (count, element) => count + (element.shadowRoot?.querySelectorAll('style, [style]').length ?? 0),
        document.querySelectorAll('style, [style]').length,
      ),
    );
    expect(found).toBe(0);
  });
});

describe('with hostile documents', () => {
  const attacks = [
    '"><img src=x onerror=window.__x=1>',
    'javascript:window.__x=1',
    'data:text/html,<script>window.__x=1</script>',
    '</style><script>window.__x=1</script>',
  ];

  it.each(attacks)('shows %j as text and runs nothing', async (attack) => {
    const kept = new Set(['state', 'direction', 'display', 'grade']);
    const poison = (document: unknown): unknown =>
      replaceTexts(document, (text, field) => (kept.has(field) ? text : attack));
    const faults = await open({}, { summary: poison(summary), tree: poison(tree) });
    await openAllRows();
    expect(await page.evaluate(() => (window as unknown as { __x?: number }).__x)).toBeUndefined();
    expect(await page.locator('img, hotline-indicator-tree script, hotline-grade-badge script').count()).toBe(0);
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(links.every((href) => href.startsWith(`${site.origin}/p/1`))).toBe(true);
    expect(await page.locator('hotline-grade-badge [part=city]').first().innerText()).toContain(attack);
    expect(await faults.violations()).toEqual([]);
    expect(faults.errors).toEqual([]);
  });

  it.each(['key', 'api', 'lang', 'theme', 'size', 'href'])(
    'takes nothing but words from the attribute %s',
    async (name) => {
      const faults = await open();
      for (const attack of attacks) {
        await page.evaluate(
          ([attribute, value]) => {
            for (const element of document.querySelectorAll('hotline-grade-badge, hotline-indicator-tree'))
              element.setAttribute(attribute, value);
          },
          [name, attack] as const,
        );
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
      }
      expect(await page.evaluate(() => (window as unknown as { __x?: number }).__x)).toBeUndefined();
      expect(await page.locator('a[href^="javascript:"], a[href^="data:"]').count()).toBe(0);
      expect(await faults.violations()).toEqual([]);
      expect(faults.errors).toEqual([]);
    },
  );
});

describe('on a page with rules of its own', () => {
  it('keeps its look under rules for every element', async () => {
    await open({
      css: `* { letter-spacing: 1em !important; text-transform: uppercase !important; color: lime !important;
        line-height: 0.5 !important; font-family: cursive !important; text-align: right !important;
        text-indent: 5em !important; white-space: pre !important; direction: rtl !important }
        svg { display: none !important } .badge, .row, button { display: none !important }`,
    });
    const look = await page
      .locator('hotline-grade-badge [part=city]')
      .first()
      .evaluate((city) => {
        const { letterSpacing, textTransform, color, direction, whiteSpace, fontFamily } = getComputedStyle(city);
        return { letterSpacing, textTransform, color, direction, whiteSpace, cursive: fontFamily === 'cursive' };
      });
    expect(look).toEqual({
      letterSpacing: 'normal',
      textTransform: 'none',
      color: 'rgb(26, 29, 33)',
      direction: 'ltr',
      whiteSpace: 'normal',
      cursive: false,
    });
    expect(await page.locator('hotline-indicator-tree svg').first().isVisible()).toBe(true);
  });

  it('takes the custom properties and the parts a page sets', async () => {
    await open({
      css: `hotline-grade-badge { --hotline-seal: rgb(0, 80, 160); --hotline-font-size: 20px }
        hotline-grade-badge::part(city) { color: rgb(1, 2, 3) }`,
    });
    const first = page.locator('hotline-grade-badge').first();
    expect(await first.locator('[part=grade]').evaluate((letter) => getComputedStyle(letter).color)).toBe(
      'rgb(0, 80, 160)',
    );
    expect(await first.locator('[part=city]').evaluate((city) => getComputedStyle(city).color)).toBe('rgb(1, 2, 3)');
    expect(await first.locator('.root').evaluate((root) => getComputedStyle(root).fontSize)).toBe('20px');
  });

  it('grows with the text of the page and needs no sideways scroll at 320 pixels', async () => {
    // Fonts differ from machine to machine: also with the widest of those that come with the browser.
    const wide = "* { --hotline-font: 'DejaVu Sans', Verdana; --hotline-font-display: 'DejaVu Sans', Verdana }";
    for (const css of ['', 'html { font-size: 200% }', `html { font-size: 200% } ${wide}`]) {
      await open({ width: 320, css: `body { margin: 8px } ${css}` });
      await openAllRows();
      expect(await sidewaysScroll(page)).toBe(0);
      await page.close();
    }
    await open();
  });
});

describe('for everybody', () => {
  it.each(['light', 'dark'] as const)('has no accessibility fault axe can find, %s', async (colorScheme) => {
    // axe is put on the page by the test, which Trusted Types would forbid: nothing else differs.
    const open_ = await startSite("default-src 'self'; script-src 'self' 'unsafe-eval'");
    const strict = site;
    site = open_;
    try {
      await open({
        colorScheme,
        css: '@media (prefers-color-scheme: dark) { body { background: #000; color: #fff } }',
      });
      await openAllRows();
      await page.locator('hotline-grade-badge summary').first().click();
      expect(await accessibilityFaults(page)).toEqual([]);
    } finally {
      site = strict;
      await open_.close();
    }
  });

  it('moves nothing for readers who ask for less motion', async () => {
    await open();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const duration = await page
      .locator('hotline-indicator-tree button[data-path]')
      .first()
      .evaluate((row) => getComputedStyle(row, '::before').transitionProperty);
    expect(duration).toBe('none');
  });
});
