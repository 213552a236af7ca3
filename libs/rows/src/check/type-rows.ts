import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetSpec } from '../datasets/dictionary.js';
import { withOneMoreThread } from '../process/threads.js';
import { sqlId, sqlNumber, sqlText } from '../sql.js';
import { readCsvSql, type RegularFile } from './cell-source.js';
import { rowSql } from './file-rows.js';
import { fileRows, type LinePicker } from './pick-lines.js';
import { dropRejects, gatherRefusedLines, type RefusedLines } from './refused-lines.js';
import type { RefusedRecord } from './rewrite-records.js';
import { constantColumns, plainRowsSql, typedRowsSql, type TypedRowsInput } from './typing-statements.js';

export interface TypingTask {
  readonly dataset: DatasetSpec;
  readonly file: RegularFile;
  readonly picker: LinePicker;
  readonly firstDataRow: number;
  /** Records that were refused before DuckDB saw them. */
  readonly refused: readonly RefusedRecord[];
  /** What the statements need, over the rows of a CSV relation. */
  readonly input: (rows: string, rowNumbers: boolean) => TypedRowsInput;
  /** SQL relation of the first rows, which are asked whether most rows are plain. */
  readonly sample: string;
  /** For what lives until `release`, without anything personal in clear. */
  readonly folder: string;
}

export interface TypedRows {
  /**
   * SQL relation of all rows, in no order: `place` (how many rows stand before it in the file), `kind`, `row` where known,
   * `refused`, `warned`, `moment` and the columns but for constant ones.
   */
  readonly relation: string;
  /** SQL of the columns that are the same in every row. Each would be written, read and sorted a million times. */
  readonly constants: ReadonlyMap<string, string>;
  /** SQL relation of the rows that may have `problems`: `place`, `row` where known, `problems`. */
  readonly judged: string;
  readonly lines: RefusedLines;
  release(): Promise<void>;
}

const rejects = { table: 'check_rejects', scan: 'check_reject_scans' };
const refusedTable = 'check_refused_lines';
const placesTable = 'check_other_places';
const othersTable = 'check_other_rows';

/**
 * Read a few times within seconds, then gone: packing it takes longer than it saves. No dictionary, no compression; version
 * 1, as DuckDB 1.5.6 fails to write version 2 where a text inside `problems` is empty in every row.
 */
const asItStands = `(FORMAT parquet, PARQUET_VERSION V1, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 40960)`;

/** Of the sample; where more are left over, reading them twice takes longer than the short way saves. */
const mostOthers = 1 / 20;

/**
 * Reads, types and judges every row of the file. Where nearly all rows are plain, they are read by short cuts alone, and
 * the others are picked from the file and read the long way. What the relations need lives until `release`.
 */
export async function typeRows(connection: DuckDBConnection, task: TypingTask): Promise<TypedRows> {
  const { file, folder } = task;
  const typedFile = join(folder, 'typed.parquet');
  // Beside the file, which is in clear as well; the folder keeps only what is stored.
  const picked = `${file.path}.others`;
  const release = async (): Promise<void> => {
    for (const table of [refusedTable, placesTable, othersTable]) await connection.run(`DROP TABLE IF EXISTS ${table}`);
    await dropRejects(connection, rejects);
    for (const path of [typedFile, picked]) await rm(path, { force: true });
  };
  const write = async (statement: (input: TypedRowsInput) => string): Promise<RefusedLines> => {
    await dropRejects(connection, rejects);
    const copy = `COPY (${statement(task.input(readCsvSql(file, rejects), file.rowNumbers))}) TO ${sqlText(typedFile)}
       ${asItStands}`;
    // Tokens, and cells that no short cut knows, are made by JavaScript: two threads wait for it a seventh of the time.
    await withOneMoreThread(connection, () => connection.run(copy));
    const { firstDataRow, refused: earlier } = task;
    return gatherRefusedLines(connection, { rejects, file, firstDataRow, earlier, table: refusedTable });
  };
  const typed = `(SELECT * EXCLUDE (file_row_number, cells), cells.*, file_row_number AS place FROM read_parquet(${sqlText(typedFile)}, file_row_number = true))`;
  const constants = constantColumns(task.input(typed, file.rowNumbers));
  try {
    if (await mostlyPlain(connection, task)) {
      const lines = await write(plainRowsSql);
      await listOthers(connection, task, typed, lines);
      await readOthers(connection, task, picked);
      return { relation: plainAndOthers(task, typed, constants), constants, judged: othersTable, lines, release };
    }
    const lines = await write(typedRowsSql);
    return { relation: typed, constants, judged: typed, lines, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function count(connection: DuckDBConnection, from: string): Promise<number> {
  return Number((await connection.runAndReadAll(`SELECT count(*) FROM ${from}`)).getRows()[0]?.[0]);
}

async function mostlyPlain(connection: DuckDBConnection, { input, file, sample }: TypingTask): Promise<boolean> {
  const reader = await connection.runAndReadAll(
    `SELECT count(*) FILTER (NOT plain) <= count(*) * ${sqlNumber(mostOthers)} FROM (${plainRowsSql(input(sample, file.rowNumbers))})`,
  );
  return reader.getRows()[0]?.[0] === true;
}

/** Keeps the places and file rows of the rows that are not plain. */
async function listOthers(
  connection: DuckDBConnection,
  { file, firstDataRow }: TypingTask,
  typed: string,
  lines: RefusedLines,
): Promise<void> {
  const { relation, row } = rowSql({
    typed: `(FROM ${typed} WHERE NOT plain)`,
    rowNumbers: file.rowNumbers,
    firstDataRow,
    refusedLines: lines.table,
  });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${placesTable} AS SELECT typed.place AS place, CAST(${row} AS BIGINT) AS "row" FROM ${relation}`,
  );
}

/** Reads these rows the long way, into a table. */
async function readOthers(connection: DuckDBConnection, { picker, input }: TypingTask, picked: string): Promise<void> {
  const lines = picker.pick(await fileRows(connection, placesTable), picked);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${othersTable} AS SELECT place, others.* EXCLUDE (cells), cells.*
     FROM (${typedRowsSql(input(readCsvSql(lines, null), true))}) AS others JOIN ${placesTable} USING ("row")`,
  );
  const [listed, read] = [await count(connection, placesTable), await count(connection, othersTable)];
  if (listed !== read) throw new Error(`of ${listed} rows that were picked ${read} could be read again`);
}

function plainAndOthers({ dataset, file }: TypingTask, typed: string, constants: TypedRows['constants']): string {
  const varying = dataset.columns.filter(({ id }) => !constants.has(id));
  const known = ['place', 'kind', ...(file.rowNumbers ? ['"row"'] : [])].join(', ');
  const columns = ['moment', ...varying.map(({ id }) => sqlId(id))].join(', ');
  return `(SELECT ${known}, false AS refused, false AS warned, ${columns} FROM ${typed} WHERE plain
    UNION ALL SELECT ${known}, refused, warned, ${columns} FROM ${othersTable})`;
}
