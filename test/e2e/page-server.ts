import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@hotline/platform';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../../widgets/test/browser.js';
import { createTestDatabase, testSecret, type TestDatabase } from '../harness/test-cluster.js';
import { Person } from './person.js';
import { ServerProcess } from './server-process.js';

/** The compiled service where browsers meet it: at the address that its links lead to, new and without a demo. */
export class PageServer {
  private constructor(
    readonly url: string,
    readonly process: ServerProcess,
    /** For the first administrator, as the start printed it. */
    readonly firstLink: string,
    readonly browser: Browser,
    private readonly database: TestDatabase,
    private readonly dataDir: string,
  ) {}

  /** @param env further settings, which may depend on the address */
  static async start(env: (url: string) => Readonly<Record<string, string>> = () => ({})): Promise<PageServer> {
    const dataDir = mkdtempSync(join(process.env['TEST_CLUSTER_DIR'] ?? tmpdir(), 'pages-'));
    const database = await createTestDatabase();
    // Browsers take `localhost` for as safe as https, so they keep the session's cookie.
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const server = ServerProcess.start({
      HOTLINE_DATABASE_URL: database.ownerUrl,
      HOTLINE_SECRET: testSecret,
      HOTLINE_DATA_DIR: dataDir,
      HOTLINE_PORT: String(port),
      HOTLINE_DEMO: '0',
      ...env(url),
    });
    const [browser, firstLink] = await Promise.all([
      startBrowser(),
      server.until(() => /http\S+#invitation=\S+/.exec(server.out)?.[0]),
    ]);
    return new PageServer(url, server, firstLink, browser, database, dataDir);
  }

  visit(address: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Person> {
    return Person.at(this.browser, address, options);
  }

  /** Changes what no application may. */
  async sql(statement: string): Promise<void> {
    const client = new pg.Client(this.database.superuserUrl);
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.process.ended('SIGTERM');
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
