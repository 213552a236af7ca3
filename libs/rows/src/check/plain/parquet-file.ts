import { writeFileSync } from 'node:fs';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { ParquetColumn, RowGroup, SharedFile } from './row-groups.js';

const magic = Buffer.from('PAR1');

export function beginParquetFile(path: string, columns: readonly ParquetColumn[]): SharedFile {
  writeFileSync(path, magic, { mode: 0o600 });
  const length = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  new BigInt64Array(length)[0] = BigInt(magic.length);
  return { path, columns, length };
}

/** Writes what the groups are, in the order of their rows. */
export function endParquetFile({ path, columns }: SharedFile, groups: readonly RowGroup[]): void {
  const writer = new ByteWriter();
  writeMetadata(writer, {
    version: 1,
    schema: [{ name: 'rows', num_children: columns.length }, ...columns],
    num_rows: groups.reduce((rows, group) => rows + group.num_rows, 0n),
    row_groups: [...groups],
    metadata_length: 0,
  });
  writeFileSync(path, Buffer.concat([writer.getBytes(), magic]), { flag: 'a' });
}
