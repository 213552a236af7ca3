import { closeSync, fstatSync, openSync } from 'node:fs';
import type { RegularFile } from '../cell-source.js';
import type { LineMark } from '../pick-lines.js';
import { afterLine, type LineRange, type PlainGroup } from './line-reader.js';
import type { LineReaders } from './line-threads.js';
import { ParquetFile, type ColumnPages, type ParquetColumn } from './parquet-file.js';
import type { PlainColumn } from './plain-columns.js';

/** Less than a group of rows may have: most ranges become one. */
const rangeBytes = 1_800_000;
const boundaryBytes = 1 << 16;
const placeBytes = 2;

export interface PlainRowsTask {
  readonly file: RegularFile;
  readonly firstDataRow: number;
  readonly hashKey: string;
  readonly columns: readonly PlainColumn[];
  /** They are closed at the end. */
  readonly readers: LineReaders;
  /** A share of the rows: where more of the first ones are not plain, the others are not read. */
  readonly mostOthers: number;
  /** What is written: `plain` of each row, `row` where the file tells it, `q:<column>` where the row has a value, `f:<column>` spelled. */
  readonly target: string;
}

export interface PlainRowsFile {
  /** Rows of the file, plain or not. */
  readonly rows: number;
  readonly marks: readonly LineMark[];
}

/**
 * Reads the lines of a regular file by short cuts alone, far sooner than SQL does. Of a row that is not plain nothing but
 * its place counts. null: too few rows are plain for it.
 */
export async function readPlainRows(task: PlainRowsTask): Promise<PlainRowsFile | null> {
  const { file, columns, hashKey, readers } = task;
  const { path, delimiter, rowNumbers } = file;
  readers.open({ path, hashKey, columns, fields: file.headers.length, delimiter, rowNumbers });
  const target = new ParquetFile(task.target, schema(task));
  const reading: Promise<readonly PlainGroup[]>[] = [];
  const marks: LineMark[] = [];
  let rows = 0;
  /** Writes the range that was asked for first. False: too few rows are plain. */
  const writeNext = async (): Promise<boolean> => {
    for (const group of (await reading.shift()) ?? []) {
      if (rows === 0 && group.others > group.rows * task.mostOthers) return false;
      target.writeGroup(group.rows, pagesOf(group, columns));
      addMarks(marks, group, task.firstDataRow + rows);
      rows += group.rows;
    }
    return true;
  };
  try {
    for (const range of rangesOf(path)) {
      if (reading.length >= readers.atOnce && !(await writeNext())) return null;
      const groups = readers.read(range);
      // Told when it is waited for.
      groups.catch(() => undefined);
      reading.push(groups);
    }
    while (reading.length > 0) if (!(await writeNext())) return null;
    target.end();
    return { rows, marks };
  } finally {
    target.close();
    await readers.close();
  }
}

/** Parts of the file that begin with a line and end with one. */
function* rangesOf(path: string): Generator<LineRange> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(boundaryBytes);
    const { size } = fstatSync(file);
    for (let begin = 0; begin < size;) {
      const end = begin + rangeBytes >= size ? size : afterLine(file, buffer, begin + rangeBytes);
      yield { begin, end };
      begin = end;
    }
  } finally {
    closeSync(file);
  }
}

function addMarks(marks: LineMark[], { marks: pairs, rowNumbers }: PlainGroup, firstRow: number): void {
  for (let mark = 0; mark < pairs.length; mark += 2) {
    const place = pairs[mark] ?? NaN;
    marks.push({ row: rowNumbers ? Number(rowNumbers[place]) : firstRow + place, offset: pairs[mark + 1] ?? NaN });
  }
}

function schema({ file, columns }: PlainRowsTask): readonly ParquetColumn[] {
  return [
    { name: 'plain', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
    ...(file.rowNumbers ? [{ name: 'row', type: 'INT64', repetition_type: 'REQUIRED' } as const] : []),
    ...columns.map(({ id, type }) => ({ ...type, name: `q:${id}` })),
    ...columns.filter(({ spelled }) => spelled).map(({ id, type }) => ({ ...type, name: `f:${id}` })),
  ];
}

/** In the order of the schema. */
function pagesOf({ plain, rowNumbers, pages }: PlainGroup, columns: readonly PlainColumn[]): readonly ColumnPages[] {
  const required = { levels: null, dictionary: null };
  const written = pages.map(({ values, levels, filled }, index) => {
    const { codes = null, spelled = null } = columns[index] ?? {};
    const page = (dictionary: readonly string[] | null): ColumnPages => ({
      values: dictionary ? wholeEights(values, filled) : values,
      levels,
      dictionary,
    });
    return { read: page(codes), spelled: spelled ? [page(spelled)] : [] };
  });
  return [
    { ...required, values: plain },
    ...(rowNumbers ? [{ ...required, values: new Uint8Array(rowNumbers.buffer) }] : []),
    ...written.map(({ read }) => read),
    ...written.flatMap(({ spelled }) => spelled),
  ];
}

/** Places in a dictionary are packed in groups of eight; what stands behind the last one is never looked at. */
function wholeEights(values: Uint8Array, filled: number): Uint8Array {
  const whole = new Uint8Array(Math.ceil(filled / 8) * 8 * placeBytes);
  whole.set(values);
  return whole;
}
