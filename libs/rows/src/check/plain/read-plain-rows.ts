import { closeSync, fstatSync, openSync } from 'node:fs';
import type { RegularFile } from '../cell-source.js';
import type { LineMark } from '../pick-lines.js';
import { afterLine, type LineRange, type PlainGroup } from './line-reader.js';
import type { LineReaders } from './line-threads.js';
import { beginParquetFile, endParquetFile } from './parquet-file.js';
import type { PlainColumn } from './plain-columns.js';
import type { ParquetColumn, RowGroup } from './row-groups.js';

/** Less than a group of rows may have: most ranges become one. */
const rangeBytes = 1_800_000;
const boundaryBytes = 1 << 16;

export interface PlainRowsTask {
  readonly file: RegularFile;
  readonly firstDataRow: number;
  readonly hashKey: string;
  readonly columns: readonly PlainColumn[];
  /** They are closed at the end. */
  readonly readers: LineReaders;
  /** A share of the rows: where more of the first ones are not plain, the others are not read. */
  readonly mostOthers: number;
  /** Path of what is written: see `plainSchema`. */
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
  const target = beginParquetFile(task.target, plainSchema(task));
  readers.open({ path, hashKey, columns, fields: file.headers.length, delimiter, rowNumbers, target });
  const reading: Promise<readonly PlainGroup[]>[] = [];
  const groups: RowGroup[] = [];
  const marks: LineMark[] = [];
  let rows = 0;
  /** Takes the range that was asked for first. False: too few rows are plain. */
  const takeNext = async (): Promise<boolean> => {
    for (const group of (await reading.shift()) ?? []) {
      if (rows === 0 && group.others > group.rows * task.mostOthers) return false;
      groups.push(group.written);
      for (const { place, row, offset } of group.marks)
        marks.push({ row: row ?? task.firstDataRow + rows + place, offset });
      rows += group.rows;
    }
    return true;
  };
  try {
    for (const range of rangesOf(path)) {
      if (reading.length >= readers.atOnce && !(await takeNext())) return null;
      const read = readers.read(range);
      // Told when it is waited for.
      read.catch(() => undefined);
      reading.push(read);
    }
    while (reading.length > 0) if (!(await takeNext())) return null;
    endParquetFile(target, groups);
    return { rows, marks };
  } finally {
    // Nobody writes any more into a file that is given up, and that may be written again.
    await Promise.allSettled(reading);
    readers.close();
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

/** `plain` of each row, `row` where the file tells it, `q:<column>` where the row has a value, `f:<column>` its spelling. */
function plainSchema({ file, columns }: PlainRowsTask): readonly ParquetColumn[] {
  return [
    { name: 'plain', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
    ...(file.rowNumbers ? [{ name: 'row', type: 'INT64', repetition_type: 'REQUIRED' } as const] : []),
    ...columns.map(({ id, type }) => ({ ...type, name: `q:${id}` })),
    ...columns.filter(({ spelled }) => spelled).map(({ id, type }) => ({ ...type, name: `f:${id}` })),
  ];
}
