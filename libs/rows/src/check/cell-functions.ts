import { DuckDBScalarFunction, INTEGER, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import { sqlNumber } from '../sql.js';
import { cleanCell } from './clean-cell.js';
import type { Reader, Reading } from './readers/reading.js';

/**
 * Cells that no short cut in SQL recognises are read here, in the process itself, by `read_cell(reader, cell)`. The
 * function is registered once per database; the readers of a check are registered for its duration.
 */
type CellFunction = (raw: string) => string | null;

const registered = new Map<number, CellFunction>();
let lastId = 0;

function register(work: CellFunction): number {
  lastId += 1;
  registered.set(lastId, work);
  return lastId;
}

const readCell = (): DuckDBScalarFunction =>
  DuckDBScalarFunction.create({
    name: 'read_cell',
    parameterTypes: [INTEGER, VARCHAR],
    returnType: VARCHAR,
    mainFunction: (info, input, output) => {
      const [ids, cells] = [input.getColumnVector(0), input.getColumnVector(1)];
      const work = registered.get(Number(ids.getItem(0)));
      if (!work) return info.setError('the readers of this check are gone');
      for (let row = 0; row < input.rowCount; row++) {
        const cell = cells.getItem(row);
        output.setItem(row, typeof cell === 'string' ? work(cell) : null);
      }
      output.flush();
    },
  });

/** `=value`, `!problem`, or `?warning` + U+001F + value; null is empty. */
export function encodeReading(reading: Reading): string | null {
  if ('empty' in reading) return null;
  if ('problem' in reading) return `!${reading.problem}`;
  return reading.warning === undefined ? `=${reading.value}` : `?${reading.warning}\u001f${reading.value}`;
}

export class CellFunctions {
  private readonly ids: number[] = [];

  constructor(connection: DuckDBConnection) {
    // A second registration replaces the first by the same function.
    connection.registerScalarFunction(readCell());
  }

  /** SQL that gives the encoded reading of a cell; markers and the column's own spellings are read first. */
  reader(
    read: Reader,
    markers: ReadonlySet<string>,
    spelled: (text: string) => Reading | null,
  ): (cell: string) => string {
    return this.call((raw) => {
      const text = cleanCell(raw);
      if (text === '') return null;
      const own = spelled(text);
      if (own) return encodeReading(own);
      return markers.has(text) ? null : encodeReading(read(text));
    });
  }

  /** SQL that gives the text of `work`. */
  call(work: CellFunction): (cell: string) => string {
    const id = register(work);
    this.ids.push(id);
    return (cell) => `read_cell(${sqlNumber(id)}, ${cell})`;
  }

  release(): void {
    for (const id of this.ids) registered.delete(id);
  }
}
