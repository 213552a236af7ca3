import type { Browser, Page } from 'playwright-core';
import { watchFaults, type Faults } from './browser.js';
import type { StaticSite } from './static-site.js';

export interface PageOptions {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Styles of the page around, as a file of its own: the policy allows no others. */
  readonly css?: string;
  readonly scripts?: readonly string[];
}

/** A portal's page with some markup on it, under the strict policy. */
export async function openPortal(
  browser: Browser,
  site: StaticSite,
  markup: string,
  { width = 800, colorScheme = 'light', css = '', scripts = ['hotline-widgets'] }: PageOptions = {},
): Promise<{ page: Page; faults: Faults }> {
  site.answer('/portal.css', (_, response) => response.writeHead(200, { 'content-type': 'text/css' }).end(css));
  site.page(
    '/portal.html',
    `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>城市门户</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/assets/none.svg">
    <link rel="stylesheet" href="/portal.css">
    ${scripts.map((name) => `<script type="module" src="/widgets/v1/${name}.js"></script>`).join('')}
    </head><body><main><h1>城市门户</h1>${markup}</main></body></html>`,
  );
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const faults = await watchFaults(page);
  await page.goto(`${site.origin}/portal.html`);
  return { page, faults };
}
