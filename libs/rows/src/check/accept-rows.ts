import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetSpec } from '../datasets/dictionary.js';
import { sqlId, sqlList, sqlNumber, sqlText } from '../sql.js';
import type { CheckTask, Note } from '../tasks.js';
import type { TypedRows } from './type-rows.js';
import type { AcceptedRows } from './write-rows.js';

export interface KeptRows extends AcceptedRows {
  readonly findings: readonly { readonly table: string; readonly rule: string; readonly column: string }[];
  /** Table with the places of replaced rows, and of the row (`last`) that was kept instead; null: none was replaced. */
  readonly replaced: string | null;
  readonly notes: readonly Note[];
  readonly counts: {
    /** Rows with a filled cell that are no totals. */
    readonly rows: number;
    readonly accepted: number;
    readonly refused: number;
    readonly duplicates: number;
    readonly blankRows: number;
    readonly totalRows: number;
  };
  release(): Promise<void>;
}

const suspectTable = 'check_suspect_keys';
const replacedTable = 'check_replaced_rows';
const strayTable = 'check_stray_rows';
/** Variable: a bit for each place, set where the row is replaced. Filtering by it needs no join and keeps the order. */
const replacedBits = 'check_replaced_bits';

async function numbers(connection: DuckDBConnection, sql: string): Promise<Readonly<Record<string, number>>> {
  const row = (await connection.runAndReadAll(sql)).getRowObjectsJson()[0] ?? {};
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
}

/** Of the typed rows, those that are stored: not refused, and the last of their key in the file. */
export async function acceptRows(
  connection: DuckDBConnection,
  dataset: DatasetSpec,
  { relation: typed, constants, places }: Pick<TypedRows, 'relation' | 'constants' | 'places'>,
  task: CheckTask,
): Promise<KeptRows> {
  const counted = await numbers(
    connection,
    `SELECT count(*) FILTER (kind = 0) AS rows, count(*) FILTER (refused) AS refused,
       count(*) FILTER (kind = 1) AS "blankRows", count(*) FILTER (kind = 2) AS "totalRows" FROM ${typed}`,
  );
  const accepted = `(FROM ${typed} WHERE kind = 0 AND NOT refused)`;
  const { rows = 0, refused = 0, blankRows = 0, totalRows = 0 } = counted;
  const varying = dataset.columns.filter(({ id }) => !constants.has(id));
  const duplicates = await findReplaced(connection, dataset, {
    accepted,
    content: varying.map(({ id }) => sqlId(id)),
    places,
  });
  const relation =
    duplicates.replaced === 0
      ? accepted
      : `(FROM ${typed} WHERE kind = 0 AND NOT refused AND get_bit(getvariable('${replacedBits}'), CAST(place AS INTEGER)) = 0)`;
  const strays = await findStrays(connection, dataset, relation, task);
  return {
    relation,
    warned: strays ? `(warned OR place IN (SELECT place FROM ${strayTable}))` : 'warned',
    constants,
    dataset,
    findings: [
      ...(duplicates.replaced > 0
        ? [{ table: replacedTable, rule: 'duplicate_key', column: dataset.key[0] ?? dataset.period.column }]
        : []),
      ...(strays ? [{ table: strayTable, rule: 'callbacks.unknown_order', column: 'order_id' }] : []),
    ],
    replaced: duplicates.replaced > 0 ? replacedTable : null,
    notes: [
      ...(totalRows > 0 ? [{ code: 'totals_skipped', params: { count: totalRows } }] : []),
      ...(duplicates.replaced > 0
        ? [{ code: 'duplicates_replaced', params: { count: duplicates.replaced, conflicting: duplicates.conflicting } }]
        : []),
    ],
    counts: {
      rows,
      accepted: rows - refused - duplicates.replaced,
      refused,
      duplicates: duplicates.replaced,
      blankRows,
      totalRows,
    },
    release: async () => {
      await connection.run(`DROP TABLE IF EXISTS ${suspectTable}`);
      await connection.run(`DROP TABLE IF EXISTS ${replacedTable}`);
      await connection.run(`RESET VARIABLE ${replacedBits}`);
      await connection.run(`DROP TABLE IF EXISTS ${strayTable}`);
    },
  };
}

interface ReplacedRows {
  readonly replaced: number;
  readonly conflicting: number;
}

/**
 * Rows whose key occurs again further down, into a temporary table and, as bits, into a variable. Keys are compared by a
 * 64-bit hash first: in a file without duplicates, nothing more is done.
 */
async function findReplaced(
  connection: DuckDBConnection,
  dataset: DatasetSpec,
  {
    accepted,
    content: columns,
    places,
  }: { readonly accepted: string; readonly content: readonly string[]; readonly places: number },
): Promise<ReplacedRows> {
  const keys = dataset.key.map(sqlId).join(', ');
  // Sorted, equal ones follow each other: that takes two thirds of the time of grouping them.
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${suspectTable} AS SELECT suspect FROM
       (SELECT suspect, lag(suspect) OVER (ORDER BY suspect) AS before FROM (SELECT hash(${keys}) AS suspect FROM ${accepted}))
     WHERE suspect = before`,
  );
  const { any = 0 } = await numbers(connection, `SELECT count(*) AS any FROM ${suspectTable}`);
  if (any === 0) return { replaced: 0, conflicting: 0 };
  const content = `hash(${sqlList(columns.map((column) => `hash(${column})`))})`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${replacedTable} AS SELECT place, last, content <> last_content AS conflicting FROM
       (SELECT place, content, max(place) OVER same AS last, arg_max(content, place) OVER same AS last_content FROM
         (SELECT ${keys}, place, ${content} AS content FROM ${accepted}
          WHERE hash(${keys}) IN (SELECT suspect FROM ${suspectTable}))
        WINDOW same AS (PARTITION BY ${keys}))
     WHERE place < last`,
  );
  const { replaced = 0, conflicting = 0 } = await numbers(
    connection,
    `SELECT count(*) AS replaced, count(*) FILTER (conflicting) AS conflicting FROM ${replacedTable}`,
  );
  if (replaced > 0) {
    await connection.run(
      `SET VARIABLE ${replacedBits} = (SELECT bitstring_agg(place, 0, ${sqlNumber(places - 1)}) FROM ${replacedTable})`,
    );
  }
  return { replaced, conflicting };
}

/** Call-backs whose order is in no committed segment of work orders. True: there are some. */
async function findStrays(
  connection: DuckDBConnection,
  dataset: DatasetSpec,
  relation: string,
  task: CheckTask,
): Promise<boolean> {
  if (dataset.id !== 'callbacks') return false;
  const files = task.segments.filter((segment) => segment.dataset === 'work_orders').map(({ file }) => sqlText(file));
  const known =
    files.length === 0 ? `(SELECT NULL::VARCHAR AS order_id WHERE false)` : `read_parquet(${sqlList(files)})`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${strayTable} AS
     SELECT place FROM ${relation} AS rows ANTI JOIN (SELECT order_id FROM ${known}) AS known USING (order_id)`,
  );
  const { count = 0 } = await numbers(connection, `SELECT count(*) AS count FROM ${strayTable}`);
  return count > 0;
}
