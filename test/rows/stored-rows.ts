import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CommittedRows, DatasetId, MonthFile, Segment } from '@hotline/rows';
import { datasetSpec } from '@hotline/rows';

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

const types: Readonly<Record<string, string>> = {
  integer: 'BIGINT',
  decimal: 'DOUBLE',
  boolean: 'BOOLEAN',
  datetime: 'TIMESTAMP',
  date: 'DATE',
  duration_seconds: 'DOUBLE',
  rating_1_5: 'DOUBLE',
};

/** A temporary folder with Parquet files as a check writes them, and a database to look at them. */
export class StoredRows {
  private written = 0;
  private readonly beside: DuckDBConnection[] = [];

  private constructor(
    readonly folder: string,
    private readonly instance: DuckDBInstance,
    readonly connection: DuckDBConnection,
  ) {}

  static async open(): Promise<StoredRows> {
    const folder = await mkdtemp(join(tmpdir(), 'stored-rows-'));
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    return new StoredRows(folder, instance, await instance.connect());
  }

  readonly connect = async (): Promise<DuckDBConnection> => {
    const connection = await this.instance.connect();
    this.beside.push(connection);
    return connection;
  };

  async close(): Promise<void> {
    for (const connection of this.beside) connection.closeSync();
    this.connection.closeSync();
    this.instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** One import: month files by the period column of the dataset, and the file of keys. Cells left out are empty. */
  async import(dataset: DatasetId, rows: readonly Row[]): Promise<CommittedRows> {
    this.written += 1;
    const folder = join(this.folder, `import-${this.written}`);
    await mkdir(folder);
    const { columns, period } = datasetSpec(dataset);
    const cells = columns.map((column) => `${column.id} ${types[column.type] ?? 'VARCHAR'}`);
    await this.connection.run(`CREATE OR REPLACE TABLE given (${cells.join(', ')}, month VARCHAR)`);
    const month = dataset === 'city_profile' ? `'all'` : `strftime(${period.column}, '%Y-%m')`;
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const values = rows.map((row) => `(${names.map((name) => literal(row[name] ?? null)).join(', ')})`);
    if (rows.length > 0) {
      await this.connection.run(`INSERT INTO given (${names.join(', ')}) VALUES ${values.join(', ')}`);
    }
    await this.connection.run(`UPDATE given SET month = ${month}`);
    const counted = await this.connection.runAndReadAll('SELECT month, count(*) FROM given GROUP BY 1 ORDER BY 1');
    const months: MonthFile[] = [];
    for (const [name, count] of counted.getRows()) {
      const file = join(folder, `${String(name)}.parquet`);
      await this.connection.run(
        `COPY (SELECT * EXCLUDE (month) FROM given WHERE month = '${String(name)}') TO '${file}' (FORMAT parquet)`,
      );
      months.push({ month: String(name), file, rows: Number(count) });
    }
    return { months };
  }

  /** Segments of a tenant that has made one import per dataset. */
  async segments(rows: Readonly<Partial<Record<DatasetId, readonly Row[]>>>): Promise<readonly Segment[]> {
    const found: Segment[] = [];
    for (const [dataset, given] of Object.entries(rows) as [DatasetId, readonly Row[]][]) {
      const { months } = await this.import(dataset, given);
      found.push(...months.map((month) => ({ dataset, ...month })));
    }
    return found;
  }
}

function literal(cell: Cell): string {
  if (cell === null) return 'NULL';
  return typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell);
}
