import { readdirSync, utimesSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CityServer } from '../e2e/city-server.js';

/** Orders without a word about persons: equal rows are equal bytes in every city. */
export function orders(first: number, count: number, topic: string): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const index = first + at;
    const day = String(1 + (index % 28)).padStart(2, '0');
    const month = String(1 + (Math.floor(index / 28) % 3)).padStart(2, '0');
    return `W${index},2023-${month}-${day} 09:${String(index % 60).padStart(2, '0')}:00,电话,${topic}${index % 13},2023-${month}-28 18:00:00,2023-${month}-${day} 17:00:00`;
  });
  return ['工单编号,受理时间,受理渠道,一级分类,办理期限,办结时间', ...lines, ''].join('\n');
}

/** What an installation keeps for its cities, seen from below: rows, files and jobs. */
export class CityData {
  constructor(private readonly server: Pick<CityServer, 'sql' | 'tenants' | 'dataDir'>) {}

  /** Everything in force for a city but its ids and paths: equal for equal data. */
  async inForce(city: number): Promise<string> {
    const [row] = await this.server.sql<{ state: string }>(
      `select concat(
         (select string_agg(concat_ws(' ', dataset, month, sha256, rows), E'\\n' order by dataset, month) from segment where tenant_id = $1), E'\\n',
         (select md5(string_agg((to_jsonb(f) - 'tenant_id')::text, E'\\n' order by (to_jsonb(f) - 'tenant_id')::text)) from daily_fact f where tenant_id = $1)
       ) as state`,
      [this.server.tenants[city]?.tenantId],
    );
    return row?.state ?? '';
  }

  /** Files that something points to and that are not there. */
  async lostFiles(): Promise<string[]> {
    const there = new Set(this.storedFiles());
    return (await this.knownFiles()).filter((file) => !there.has(file));
  }

  /** Uploads as they came, of imports that were not committed: kept for a day, as they hold personal data. */
  async sources(): Promise<string[]> {
    const rows = await this.server.sql<{ file: string }>(
      `select tenant_id || '/' || source_file as file from "import" where source_file is not null order by 1`,
    );
    return rows.map(({ file }) => file);
  }

  /** Whatever is below the data folder and nothing points to, empty folders included. */
  async leftBehind(): Promise<string[]> {
    const known = new Set(await this.knownFiles());
    const unknown = this.storedFiles().filter((file) => !known.has(file));
    return [...unknown, ...this.scratch(), ...this.emptyFolders()].sort();
  }

  /** As if nobody had touched anything for more than a day. */
  makeOld(): void {
    const yesterday = Date.now() / 1000 - 100_000;
    for (const entry of readdirSync(this.server.dataDir, { recursive: true, withFileTypes: true })) {
      utimesSync(join(entry.parentPath, entry.name), yesterday, yesterday);
    }
  }

  /** Temporary files and folders. */
  scratch(): string[] {
    return readdirSync(join(this.server.dataDir, 'scratch')).map((name) => `scratch/${name}`);
  }

  /** How many jobs wait or run. */
  async openJobs(): Promise<number> {
    const [row] = await this.server.sql<{ open: number }>(
      `select count(*)::int as open from job where state in ('queued', 'running')`,
    );
    return row?.open ?? Number.NaN;
  }

  private async knownFiles(): Promise<string[]> {
    const rows = await this.server.sql<{ file: string }>(
      `select tenant_id || '/' || file as file from segment union
       select tenant_id || '/' || (jsonb_array_elements(result -> 'files') ->> 'file') from "import" where result is not null`,
    );
    return [...rows.map(({ file }) => file), ...(await this.sources())];
  }

  private storedFiles(): string[] {
    const root = join(this.server.dataDir, 'files');
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  }

  /** Below the folders that every tenant has. */
  private emptyFolders(): string[] {
    const root = join(this.server.dataDir, 'files');
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((folder) => relative(root, folder).split('/').length > 2 && readdirSync(folder).length === 0)
      .map((folder) => relative(root, folder));
  }
}
