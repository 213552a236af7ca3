import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { demoCities, demoProvince } from '@hotline/demo';
import { startBrowser, watchFaults } from '../../widgets/test/browser.js';
import { ApiClient } from './api-client.js';
import { ServerProcess } from './server-process.js';

interface DemoView {
  readonly demo: boolean;
  readonly seeding: { readonly done: number; readonly total: number } | null;
  readonly cities: readonly {
    readonly key: string;
    readonly code: string;
    readonly zh: string;
    readonly index: { readonly grade: string | null; readonly display: string | null };
  }[];
}

let dataDir: string;
let server: ServerProcess;
let url: string;
let browser: Browser;
let first: DemoView['cities'][number];
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'hotline-first-page-'));
  [browser] = await Promise.all([startBrowser(), start()]);
  [first] = (await citiesReady(1)) as [typeof first];
});
afterAll(async () => {
  await browser.close();
  await server.ended('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

async function start(): Promise<void> {
  server = ServerProcess.start({
    HOTLINE_DATA_DIR: dataDir,
    HOTLINE_PORT: '0',
    HOTLINE_DEMO: '1',
    HOTLINE_LOG_LEVEL: 'fatal',
  });
  url = await server.listening();
}

const demo = async (): Promise<DemoView> =>
  (await new ApiClient(url).send('GET', '/demo/cities.json')).json as DemoView;

const citiesReady = (count: number): Promise<DemoView['cities']> =>
  server.until(async () => {
    const { cities } = await demo();
    return cities.length >= count ? cities : undefined;
  });

/** Someone of a demo city, with the password that the start printed. */
async function signedIn(code: string): Promise<ApiClient> {
  const password = await server.until(() => new RegExp(`${code}@demo\\.invalid {2}(\\S+)`).exec(server.out)?.[1]);
  const client = new ApiClient(url);
  await client.signIn(`${code}@demo.invalid`, password);
  return client;
}

interface Listed {
  readonly edges: readonly {
    readonly node: { readonly id: string; readonly state: string; readonly fileName: string };
  }[];
}
const importsOf = async (code: string): Promise<Listed['edges'][number]['node'][]> =>
  (
    await (await signedIn(code)).ask<Listed>('{ imports(first: 100) { edges { node { id state fileName } } } }')
  ).edges.map(({ node }) => node);

describe('the first page of a demo that has just been started', () => {
  it('shows a city’s grade, and opens by keyboard down to the bytes it comes from', async () => {
    const page = await browser.newPage();
    const faults = await watchFaults(page);
    try {
      await page.goto(`${url}/#city=${first.code}`);
      const badge = page.locator('hotline-first-page .cities hotline-grade-badge [part=grade]').first();
      await badge.waitFor();
      expect(await page.locator('hotline-first-page #detail h2').innerText()).toBe(first.zh);
      expect(first.index.grade).toMatch(/^[A-E]\+?$/);
      const grades = await page.locator('hotline-first-page .cities [part=grade]').allInnerTexts();
      expect(grades).toContain(first.index.grade);
      expect(await page.locator('hotline-first-page main').innerText()).toMatch(/演示|虚构/);

      await page.locator('hotline-first-page hotline-indicator-tree button[data-path]').first().waitFor();
      await tabTo(page, '服务渠道');
      await openRow(page, '服务渠道');
      await arrowTo(page, '畅通性');
      await openRow(page, '畅通性');
      await arrowTo(page, '热线接通率');
      await openRow(page, '热线接通率');
      const shown = await page
        .locator('hotline-first-page hotline-indicator-tree li', { hasText: '热线接通率' })
        .first()
        .innerText();

      const tree = (await new ApiClient(url).send('GET', `/embed/v1/${first.key}/tree.json`)).json as TreeView;
      const indicator = tree.dimensions
        .flatMap(({ elements }) => elements.flatMap(({ indicators }) => indicators))
        .find(({ id }) => id === 'hotline_connect_rate');
      const count = new Intl.NumberFormat('en-US');
      expect(shown).toContain(
        `${count.format(indicator?.numerator ?? NaN)} ÷ ${count.format(indicator?.denominator ?? NaN)}`,
      );
      const hashes = indicator?.sources.flatMap(({ files }) => files.map(({ sha256 }) => sha256)) ?? [];
      expect(hashes.length).toBeGreaterThan(0);
      for (const hash of hashes) expect(shown).toContain(hash);
      expect(await faults.violations()).toEqual([]);
      expect(faults.errors).toEqual([]);
    } finally {
      await page.close();
    }
  });

  it('stands on a page of another site with two lines', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const lines = /```html\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const html = lines.replaceAll('http://localhost:3000', url).replaceAll('demo-420100', first.key);
    expect(html.trim().split('\n')).toHaveLength(2);
    const portal = createServer((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(`<!doctype html><title>x</title>${html}`),
    );
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
    const page = await browser.newPage();
    try {
      await page.goto(`http://127.0.0.1:${(portal.address() as AddressInfo).port}/`);
      await page.locator('hotline-grade-badge [part=grade]').waitFor();
      expect(await page.locator('hotline-grade-badge [part=grade]').innerText()).toBe(first.index.grade);
      // Made-up data never passes for real, wherever it stands.
      expect(await page.locator('hotline-grade-badge [part=badge]').innerText()).toContain('演示');
    } finally {
      await page.close();
      await new Promise((resolve) => portal.close(resolve));
    }
  });
});

describe('a server that is killed in the middle of seeding', () => {
  it('goes on where it stopped, with nothing twice', async () => {
    // Some files of a city are in force, others are not even there yet.
    const halfway = await server.until(async () => {
      const { seeding, cities } = await demo();
      expect(seeding).not.toBeNull();
      for (const { code } of demoCities.filter((city) => !cities.some((ready) => ready.code === city.code))) {
        const imports = await importsOf(code);
        if (imports.some(({ state }) => state === 'committed')) return { code, imports };
        if (imports.length === 0) return undefined;
      }
      return undefined;
    });
    const before = (await demo()).cities;
    const firstImports = await importsOf(first.code);
    const summaryOf = async (key: string) =>
      (await new ApiClient(url).send('GET', `/embed/v1/${key}/summary.json`)).json;
    const summary = await summaryOf(first.key);

    expect(await server.ended('SIGKILL')).toBe('SIGKILL');
    // Nobody told the database to end.
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(true);
    await start();

    expect((await demo()).cities.map(({ key }) => key)).toEqual(expect.arrayContaining(before.map(({ key }) => key)));
    expect(await summaryOf(first.key)).toEqual(summary);
    expect(await importsOf(first.code)).toEqual(firstImports);

    const after = await server.until(async () => {
      const { cities } = await demo();
      return cities.some(({ code }) => code === halfway.code) ? cities : undefined;
    });
    const kept = halfway.imports.filter(({ state }) => state === 'committed');
    expect(await importsOf(halfway.code)).toEqual(expect.arrayContaining(kept));
    for (const { code } of after) {
      const imports = await importsOf(code);
      expect(new Set(imports.map(({ fileName }) => fileName)).size).toBe(imports.length);
      expect(imports.filter(({ state }) => state !== 'committed')).toEqual([]);
      const client = await signedIn(code);
      const { edges } = await client.ask<Listed>('{ assessments { edges { node { id } } } }');
      expect([code, edges.length]).toEqual([code, 1]);
    }
    const office = await signedIn(demoProvince.code);
    const { rows } = await office.ask<{ rows: { cityCode: string }[] }>('{ provinceMatrix { rows { cityCode } } }');
    expect(rows.map(({ cityCode }) => cityCode)).toEqual(demoProvince.cities);
    await server.ended('SIGTERM');
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  }, 240_000);
});

interface TreeView {
  readonly dimensions: readonly {
    readonly elements: readonly {
      readonly indicators: readonly {
        readonly id: string;
        readonly numerator: number;
        readonly denominator: number;
        readonly sources: readonly { readonly files: readonly { readonly sha256: string }[] }[];
      }[];
    }[];
  }[];
}

/** Name of the row of a tree that has the focus, empty where none has. */
const focusedRow = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.matches('button[data-path]') ? (active.querySelector('.name')?.textContent ?? '').trim() : '';
  });

async function pressTo(page: Page, key: string, name: string): Promise<void> {
  for (let presses = 0; presses < 200; presses += 1) {
    if ((await focusedRow(page)).startsWith(name)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${name} was not reached with ${key}`);
}
const tabTo = (page: Page, name: string): Promise<void> => pressTo(page, 'Tab', name);
const arrowTo = (page: Page, name: string): Promise<void> => pressTo(page, 'ArrowDown', name);

async function openRow(page: Page, name: string): Promise<void> {
  expect(await focusedRow(page)).toContain(name);
  await page.keyboard.press('ArrowRight');
  await page
    .locator('hotline-indicator-tree button[data-path][aria-expanded=true]', { hasText: name })
    .first()
    .waitFor();
}
