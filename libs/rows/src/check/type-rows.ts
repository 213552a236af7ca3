import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetSpec } from '../datasets/dictionary.js';
import { withOneMoreThread } from '../process/threads.js';
import { sqlNumber, sqlText } from '../sql.js';
import { readCsvSql, type RegularFile } from './cell-source.js';
import { fileRows, type LinePicker } from './pick-lines.js';
import type { LineReaders } from './plain/line-threads.js';
import { plainColumns } from './plain/plain-columns.js';
import { readPlainRows, type PlainRowsFile } from './plain/read-plain-rows.js';
import { dropRejects, gatherRefusedLines, type RefusedLines } from './refused-lines.js';
import type { RefusedRecord } from './rewrite-records.js';
import {
  constantColumns,
  plainRowsSql,
  typedRowsSql,
  varyingColumns,
  type PlainRows,
  type TypedRowsInput,
} from './typing-statements.js';

export interface TypingTask {
  readonly dataset: DatasetSpec;
  readonly file: RegularFile;
  readonly picker: LinePicker;
  readonly firstDataRow: number;
  readonly hashKey: string;
  /** What reads the lines of plain rows. */
  readonly readers: LineReaders;
  /** Records that were refused before DuckDB saw them. */
  readonly refused: readonly RefusedRecord[];
  /** What the statements need, over the rows of a CSV relation. */
  readonly input: (rows: string, rowNumbers: boolean) => TypedRowsInput;
  /** For what lives until `release`, without anything personal in clear. */
  readonly folder: string;
}

export interface TypedRows {
  /**
   * SQL relation of all rows, in no order: `place` (how many rows stand before it in the file), `kind`, `row` where known,
   * `refused`, `warned`, `moment` and the columns but for constant ones.
   */
  readonly relation: string;
  /** The relations have `row`. */
  readonly rowNumbers: boolean;
  /** More than any place. */
  readonly places: number;
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
/** Variable: a bit for each place, set where the row is not plain. */
const otherBits = 'check_other_bits';

/**
 * Read a few times within seconds, then gone: packing it takes longer than it saves. No dictionary, no compression; version
 * 1, as DuckDB 1.5.6 fails to write version 2 where a text inside `problems` is empty in every row.
 */
const asItStands = `(FORMAT parquet, PARQUET_VERSION V1, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 40960)`;

/** A share of all rows; where more are not plain, reading them twice takes longer than the short way saves. */
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
    await connection.run(`RESET VARIABLE ${otherBits}`);
    await dropRejects(connection, rejects);
    for (const path of [typedFile, picked]) await rm(path, { force: true });
  };
  try {
    const rows =
      (await typePlainRows(connection, task, typedFile, picked)) ?? (await typeAllRows(connection, task, typedFile));
    const constants = constantColumns(task.input(readCsvSql(file, null), file.rowNumbers));
    return { ...rows, constants, release };
  } catch (error) {
    await release();
    throw error;
  }
}

type Typed = Omit<TypedRows, 'constants' | 'release'>;

/** The long way: one statement reads and judges every row. */
async function typeAllRows(connection: DuckDBConnection, task: TypingTask, typedFile: string): Promise<Typed> {
  const { file, firstDataRow, refused: earlier } = task;
  await dropRejects(connection, rejects);
  const copy = `COPY (${typedRowsSql(task.input(readCsvSql(file, rejects), file.rowNumbers))}) TO ${sqlText(typedFile)}
     ${asItStands}`;
  // Tokens, and cells that no short cut knows, are made by JavaScript: two threads wait for it a seventh of the time.
  await withOneMoreThread(connection, () => connection.run(copy));
  const row = file.rowNumbers ? null : `line + ${sqlNumber(firstDataRow - 1)}`;
  const lines = await gatherRefusedLines(connection, { rejects, file, row, earlier, table: refusedTable });
  const relation = `(SELECT * EXCLUDE (file_row_number, cells), cells.*, file_row_number AS place FROM read_parquet(${sqlText(typedFile)}, file_row_number = true))`;
  const places = await count(connection, relation);
  return { relation, rowNumbers: file.rowNumbers, places, judged: relation, lines };
}

/** The short way; null: too few rows are plain. */
async function typePlainRows(
  connection: DuckDBConnection,
  task: TypingTask,
  typedFile: string,
  picked: string,
): Promise<Typed | null> {
  const { file, picker, firstDataRow, hashKey, readers } = task;
  const input = task.input(readCsvSql(file, null), true);
  const columns = plainColumns(input.columns, input.derived.spelled);
  if (columns === null) return null;
  const read = await readPlainRows({ file, firstDataRow, hashKey, columns, readers, mostOthers, target: typedFile });
  if (read === null) return null;
  picker.learn(read.marks);
  const row = file.rowNumbers ? '' : `file_row_number + ${sqlNumber(firstDataRow)} AS "row", `;
  const rows = `(SELECT *, ${row}file_row_number AS place FROM read_parquet(${sqlText(typedFile)}, file_row_number = true))`;
  const plain = plainRowsSql(input, rows);
  const others = await listOthers(connection, plain, read);
  if (others > read.rows * mostOthers) return null;
  const lines = await readOthers(connection, task, picked, others);
  const told = ['moment', ...varyingColumns(input)].join(', ');
  const isPlain = others === 0 ? 'true' : `get_bit(getvariable('${otherBits}'), CAST(place AS INTEGER)) = 0`;
  const relation = `(SELECT place, 0 AS kind, "row", false AS refused, false AS warned, ${plain.columns.join(', ')} FROM ${plain.rows} WHERE ${isPlain}
    UNION ALL SELECT place, kind, "row", refused, warned, ${told} FROM ${othersTable})`;
  return { relation, rowNumbers: true, places: read.rows, judged: othersTable, lines };
}

async function count(connection: DuckDBConnection, from: string): Promise<number> {
  return Number((await connection.runAndReadAll(`SELECT count(*) FROM ${from}`)).getRows()[0]?.[0]);
}

/** Keeps the places and file rows of the rows that are not plain, and tells how many there are. */
async function listOthers(connection: DuckDBConnection, plain: PlainRows, { rows }: PlainRowsFile): Promise<number> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${placesTable} AS SELECT place, CAST("row" AS BIGINT) AS "row" FROM ${plain.rows} WHERE ${plain.other}`,
  );
  const others = await count(connection, placesTable);
  if (others > 0)
    await connection.run(
      `SET VARIABLE ${otherBits} = (SELECT bitstring_agg(place, 0, ${sqlNumber(rows - 1)}) FROM ${placesTable})`,
    );
  return others;
}

/** Reads these rows the long way, into a table. */
async function readOthers(
  connection: DuckDBConnection,
  { picker, input, refused: earlier }: TypingTask,
  picked: string,
  listed: number,
): Promise<RefusedLines> {
  const file = picker.pick(await fileRows(connection, placesTable), picked);
  await dropRejects(connection, rejects);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${othersTable} AS SELECT place, others.* EXCLUDE (cells), cells.*
     FROM (${typedRowsSql(input(readCsvSql(file, rejects), true))}) AS others JOIN ${placesTable} USING ("row")`,
  );
  // A line of the picked file is one of the listed rows.
  const row = `(SELECT list("row" ORDER BY place) FROM ${placesTable})[CAST(line AS BIGINT)]`;
  const lines = await gatherRefusedLines(connection, { rejects, file, row, earlier, table: refusedTable });
  const read = (await count(connection, othersTable)) + lines.count + lines.blank - earlier.length;
  if (listed !== read) throw new Error(`of ${listed} rows that were picked ${read} could be read again`);
  return lines;
}
