/** Checks as tests run them: real files in a folder of their own, a real database. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { datasetSpec } from '../datasets/dictionary.js';
import type { DecodedFile } from '../decode/decoded-file.js';
import { matchColumns } from '../decode/header/match-columns.js';
import { FileRefused } from '../refused.js';
import type { RowConnections } from '../process/row-database.js';
import { sqlText } from '../sql.js';
import type { CheckTask, ColumnMapping, DatasetId, Refusal, Segment } from '../tasks.js';
import { checkFile, type CheckedRows } from './check-file.js';
import type { LineReaders } from './plain/line-threads.js';

export type Row = Readonly<Record<string, unknown>>;

export interface SampleOptions {
  readonly columns?: Readonly<Record<string, ColumnMapping>>;
  readonly hashKey?: string;
  readonly uploadedAt?: string;
  readonly segments?: readonly Segment[];
  readonly type?: 'csv' | 'xlsx';
  readonly delimiter?: ',' | ';' | '\t' | '|';
  /** The first cell of each row is its number in the file. */
  readonly rowNumbers?: boolean;
  readonly firstDataRow?: number;
  /** Default: lines are read in the thread of the test. */
  readonly readers?: LineReaders;
}

export interface CheckedFile {
  readonly result: CheckedRows;
  /** Stored rows of all months, in the order in which they are stored. */
  readonly rows: readonly Row[];
  readonly issues: readonly Row[];
  /** Bytes of everything that the check left behind, as text of one byte per character. */
  readonly written: string;
  readonly outDir: string;
}

export const hashKey = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
export const uploadedAt = '2023-07-01T00:00:00+08:00';

function csvCell(cell: string): string {
  return /[",;\t|\n\r]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export class CheckFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'checks-'));
  private instance: DuckDBInstance | undefined;
  private opened: RowConnections | undefined;
  private beside: DuckDBConnection | undefined;
  private count = 0;

  async connections(): Promise<RowConnections> {
    if (this.opened) return this.opened;
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: '256MiB',
      temp_directory: join(this.path, 'spill'),
    });
    this.instance = instance;
    const connect = async () => (this.beside ??= await instance.connect());
    this.opened = { connection: await instance.connect(), connect };
    return this.opened;
  }

  async connection(): Promise<DuckDBConnection> {
    return (await this.connections()).connection;
  }

  remove(): void {
    this.beside?.closeSync();
    this.opened?.connection.closeSync();
    this.instance?.closeSync();
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Checks rows of cells under headers. */
  async check(
    dataset: DatasetId,
    headers: readonly string[],
    cells: readonly (readonly string[])[],
    options: SampleOptions = {},
  ): Promise<CheckedFile> {
    const delimiter = options.delimiter ?? ',';
    const text = cells.map((row) => `${row.map(csvCell).join(delimiter)}\n`).join('');
    return this.checkText(dataset, headers, text, options);
  }

  /** Checks the text of data rows as it stands. */
  async checkText(
    dataset: DatasetId,
    headers: readonly string[],
    text: string,
    options: SampleOptions = {},
  ): Promise<CheckedFile> {
    this.count += 1;
    const outDir = join(this.path, `out-${this.count}`);
    mkdirSync(outDir);
    const csvFile = join(this.path, `decoded-${this.count}.csv`);
    writeFileSync(csvFile, text);
    const mapping = options.columns === undefined ? undefined : { columns: options.columns };
    const decoded: DecodedFile = {
      mapping,
      layoutId: null,
      type: options.type ?? 'csv',
      encoding: 'utf-8',
      sourceDelimiter: options.delimiter ?? ',',
      sheet: null,
      sheets: [],
      csvFile,
      regular: false,
      delimiter: options.delimiter ?? ',',
      rowNumbers: options.rowNumbers ?? false,
      headerRow: 1,
      firstDataRow: options.firstDataRow ?? 2,
      dataset,
      headers,
      columns: matchColumns(dataset, mapping, headers).columns,
      notes: [],
    };
    const task: CheckTask = {
      kind: 'check',
      file: csvFile,
      fileName: 'upload.csv',
      hashKey: options.hashKey ?? hashKey,
      uploadedAt: options.uploadedAt ?? uploadedAt,
      outDir,
      segments: options.segments ?? [],
      ...(mapping === undefined ? {} : { mapping }),
    };
    const connections = await this.connections();
    let result: CheckedRows;
    try {
      result = await checkFile(connections, decoded, task, options.readers);
    } finally {
      rmSync(csvFile);
    }
    let rows: readonly Row[] = [];
    for (const { file } of result.months) rows = rows.concat(await this.read(file));
    return { result, rows, issues: await this.read(result.issuesFile), written: this.writtenBytes(outDir), outDir };
  }

  async refusal(checking: Promise<unknown>): Promise<Refusal> {
    try {
      await checking;
    } catch (error) {
      if (error instanceof FileRefused) return error.refusal;
      throw error;
    }
    throw new Error('the file was not refused');
  }

  async read(file: string): Promise<Row[]> {
    const connection = await this.connection();
    const reader = await connection.runAndReadAll(`FROM read_parquet(${sqlText(file)})`);
    return reader.getRowObjectsJson();
  }

  /** Names of everything that lies in the folder of the checks, decoded files included. */
  leftOver(): readonly string[] {
    return existsSync(this.path) ? readdirSync(this.path) : [];
  }

  private writtenBytes(folder: string): string {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  }
}

/** The least that a row of a dataset needs, by column. */
export const filledRows: Readonly<Record<DatasetId, Readonly<Record<string, string>>>> = {
  calls: { call_id: 'c1', started_at: '2023-05-04 09:00:00', result: 'ivr_only' },
  call_metrics_daily: { date: '2023-05-04', offered: '100', answered: '80' },
  work_orders: { order_id: 'w1', created_at: '2023-05-04 09:00:00', channel: 'phone', topic_l1: '市容' },
  callbacks: { order_id: 'w1', attempted_at: '2023-05-04 09:00:00', connected: '是' },
  online_sessions: { session_id: 's1', started_at: '2023-05-04 09:00:00' },
  mystery_calls: { mystery_id: 'm1', placed_at: '2023-05-04 09:00:00', connected: '是' },
  mystery_chats: { chat_id: 'm1', placed_at: '2023-05-04 09:00:00', human_joined: '是' },
  survey_responses: { response_id: 'r1', collected_at: '2023-05-04 09:00:00' },
  channels: { channel: 'web', checked_at: '2023-05-04', is_live: '否' },
  city_profile: { year: '2023', resident_population: '1000000' },
};

/** Checks one row that holds `cells` by column id besides what the dataset requires. */
export async function checkRow(
  folder: CheckFolder,
  dataset: DatasetId,
  cells: Readonly<Record<string, string>>,
  options: SampleOptions = {},
): Promise<CheckedFile> {
  const row = { ...filledRows[dataset], ...cells };
  return folder.check(dataset, Object.keys(row), [Object.values(row)], options);
}

/** Checks a column of cells, each in a row of its own with a key of its own, and gives what became of each. */
export async function checkColumn(
  folder: CheckFolder,
  dataset: DatasetId,
  column: string,
  cells: readonly string[],
  options: SampleOptions & { readonly header?: string; readonly beside?: Readonly<Record<string, string>> } = {},
): Promise<readonly { readonly stored: unknown; readonly problem: unknown }[]> {
  const spec = datasetSpec(dataset);
  const base: Record<string, string> = { ...filledRows[dataset], ...options.beside };
  const typeOf = (id: string) => spec.columns.find((each) => each.id === id)?.type;
  const key = spec.key.find((id) => id !== column && id !== 'rater_no' && typeOf(id) !== 'enum') ?? '';
  const names = [...new Set([...Object.keys(base), column])];
  const rows = cells.map((cell, index) => {
    const row: Record<string, string> = { ...base, [column]: cell };
    const type = typeOf(key);
    if (type === 'text') row[key] = `key-${index}`;
    if (type === 'date') row[key] = `${2000 + index}-01-01`;
    if (type === 'integer') row[key] = String(2000 + index);
    return names.map((name) => row[name] ?? '');
  });
  const headers = names.map((name) => (name === column ? (options.header ?? name) : name));
  const checked = await folder.check(dataset, headers, rows, options);
  const byKey = new Map(checked.rows.map((row) => [String(row[key]), row]));
  return rows.map((row, index) => ({
    stored: (key === '' ? checked.rows[index] : byKey.get(row[names.indexOf(key)] ?? ''))?.[column],
    problem: checked.issues.find(
      (issue) => Number(issue['row']) === index + 2 && issue['column'] === column && issue['level'] === 'error',
    )?.['rule'],
  }));
}
