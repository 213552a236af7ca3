import { sqlId, sqlNumber } from '../sql.js';

export interface NumberedRows {
  /** SQL relation of rows with `place`: how many rows that could be read stand before. */
  readonly typed: string;
  /** The relation has `row` already. */
  readonly rowNumbers: boolean;
  readonly firstDataRow: number;
  /** Table of the lines that could not be read; null: all could. */
  readonly refusedLines: string | null;
}

/** File row of a row: lines that could not be read are missing before it and have to be counted in. */
export function rowSql(source: NumberedRows): { readonly relation: string; readonly row: string } {
  if (source.rowNumbers) return { relation: `${source.typed} AS typed`, row: 'typed."row"' };
  const row = `typed.place + ${sqlNumber(source.firstDataRow)}`;
  if (source.refusedLines === null) return { relation: `${source.typed} AS typed`, row };
  const gaps = `(SELECT before, max(missing) AS missing FROM
    (SELECT line - row_number() OVER (ORDER BY line) AS before, row_number() OVER (ORDER BY line) AS missing
     FROM ${sqlId(source.refusedLines)} WHERE line IS NOT NULL) GROUP BY before) AS gaps`;
  return {
    relation: `${source.typed} AS typed ASOF LEFT JOIN ${gaps} ON typed.place >= gaps.before`,
    row: `${row} + coalesce(gaps.missing, 0)`,
  };
}
