import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlNumber } from '../sql.js';
import { foundId, type ReadColumn } from './typing-statements.js';

const [read, names, tokens] = ['check_read_names', 'check_names', 'check_name_tokens'];
/** Beyond so many, names are those of callers rather than of agents. */
const mostNames = 10_000;

/**
 * Reads and hashes the names that occur in `cells` once, for `remembered`: a centre has hundreds of agents and millions
 * of calls. The code of a cell in an enumeration is the place of its token in a list.
 * @param cells SQL relation with the cells of the column as `cell`
 * @returns the tokens of cells, as UUID
 */
export async function rememberNames(
  connection: DuckDBConnection,
  { reader, slow }: ReadColumn,
  cells: string,
): Promise<ReadonlyMap<string, string>> {
  await forgetNames(connection);
  const name = `coalesce(${reader.fast('cell')}, CASE WHEN starts_with(slow, '=') THEN substring(slow, 2) END)`;
  // A text that begins with a blank stands for a token.
  await connection.run(
    `CREATE TEMP TABLE ${read} AS SELECT cell, ${reader.stored?.('name', 'false') ?? 'name'} AS token FROM
       (SELECT cell, ${name} AS name FROM (SELECT cell, ${slow('cell')} AS slow FROM
         (SELECT DISTINCT cell FROM ${cells} WHERE NOT starts_with(cell, ' ') LIMIT ${sqlNumber(mostNames)})))
     WHERE name IS NOT NULL`,
  );
  await connection.run(`CREATE TYPE ${names} AS ENUM (SELECT cell FROM ${read})`);
  await connection.run(
    `SET VARIABLE ${tokens} = (SELECT list(token ORDER BY enum_code(CAST(cell AS ${names}))) FROM ${read})`,
  );
  const known = await connection.runAndReadAll(`SELECT cell, CAST(token AS VARCHAR) FROM ${read}`);
  await connection.run(`DROP TABLE ${read}`);
  return new Map(known.getRows().map(([cell, token]) => [String(cell), String(token)]));
}

export async function forgetNames(connection: DuckDBConnection): Promise<void> {
  await connection.run(`DROP TABLE IF EXISTS ${read}`);
  await connection.run(`DROP TYPE IF EXISTS ${names}`);
  await connection.run(`RESET VARIABLE ${tokens}`);
}

/** The column, with a short cut and the token of the cells that are remembered: each cell is looked up once. */
export function remembered(column: ReadColumn, known: ReadonlyMap<string, string>): ReadColumn {
  const { plan, reader } = column;
  const found = foundId(plan.spec.id);
  return {
    ...column,
    names: known,
    lookUp: (cell) => `enum_code(TRY_CAST(${cell} AS ${names}))`,
    reader: {
      ...reader,
      fast: (cell) => `CASE WHEN ${found} IS NOT NULL THEN ${cell} ELSE ${reader.fast(cell)} END`,
      stored: (value, short) =>
        `coalesce(getvariable('${tokens}')[${found} + 1], ${reader.stored?.(value, short) ?? value})`,
    },
  };
}
