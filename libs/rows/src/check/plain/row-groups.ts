import { closeSync, openSync, writeSync } from 'node:fs';
// Not the library as a whole: threads begin with this file, and reading all of it takes longer than the rest.
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import type { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';

type FileMetadata = Parameters<typeof writeMetadata>[1];
type SchemaElement = FileMetadata['schema'][number];
type ColumnChunk = RowGroup['columns'][number];

/** Where the pages of some rows stand in the file. */
export type RowGroup = FileMetadata['row_groups'][number];

/** A column as the schema has it: without repetition. */
export type ParquetColumn = SchemaElement & Required<Pick<SchemaElement, 'type' | 'repetition_type'>>;

/** What a row group holds of a column, encoded as Parquet has it. */
export interface ColumnPages {
  /** PLAIN; with a dictionary, its places in 16 bits each, up to a whole number of eight of them. */
  readonly values: Uint8Array;
  /** A bit for each row: it has a value; null: the column is required. */
  readonly levels: Uint8Array | null;
  readonly dictionary: readonly string[] | null;
}

/** A file that several threads write: row groups stand in it as they come, in the order that its end tells. */
export interface SharedFile {
  readonly path: string;
  readonly columns: readonly ParquetColumn[];
  /** Its length, as a 64-bit integer: who writes takes the bytes after it first. */
  readonly length: SharedArrayBuffer;
}

const placeBits = 16;
/** Numbers of the Thrift definition of Parquet. */
const pages = { data: 0, dictionary: 2 } as const;
const encodings = { PLAIN: 0, RLE: 3, RLE_DICTIONARY: 8 } as const;

/**
 * Writes row groups of pages that are encoded already, one page of each column, without compression: they go from where
 * they were made to the file. Writes without waiting for events.
 */
export class RowGroupWriter {
  private readonly file: number;
  private readonly length: BigInt64Array;

  constructor(private readonly target: SharedFile) {
    this.file = openSync(target.path, 'r+');
    this.length = new BigInt64Array(target.length);
  }

  /** @param pages of each column of the schema */
  write(rows: number, pages: readonly ColumnPages[]): RowGroup {
    const encoded = this.target.columns.map((column, index) => {
      const page = pages[index];
      if (!page) throw new Error(`no page of ${column.name}`);
      return encodeColumn(column, rows, page);
    });
    const size = encoded.reduce((sum, { bytes }) => sum + bytes, 0);
    let at = Number(Atomics.add(this.length, 0, BigInt(size)));
    const columns = encoded.map(({ parts, chunk }) => {
      const begin = at;
      for (const part of parts) at += this.writeAt(part, at);
      return chunk(begin);
    });
    return { columns, total_byte_size: BigInt(size), num_rows: BigInt(rows) };
  }

  close(): void {
    closeSync(this.file);
  }

  private writeAt(bytes: Uint8Array, position: number): number {
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.file, bytes, done, bytes.length - done, position + done);
    return bytes.length;
  }
}

interface EncodedColumn {
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
  /** What the file tells of it, once it is known where it begins. */
  readonly chunk: (begin: number) => ColumnChunk;
}

function encodeColumn(column: ParquetColumn, rows: number, { dictionary, levels, values }: ColumnPages): EncodedColumn {
  const dictionaryPage = dictionary ? encodeDictionary(dictionary) : [];
  const page: Uint8Array[] = [];
  if (levels) {
    const run = packedRun(levels.length);
    page.push(lengthOf(run.length + levels.length), run, levels);
  }
  if (dictionary) page.push(Uint8Array.of(placeBits), packedRun((values.length * 8) / placeBits / 8));
  page.push(values);
  const size = bytesOf(page);
  const header = encodeDataHeader(size, rows, dictionary ? encodings.RLE_DICTIONARY : encodings.PLAIN);
  const parts = [...dictionaryPage, header, ...page];
  const bytes = bytesOf(parts);
  const chunk = (begin: number): ColumnChunk => ({
    file_offset: BigInt(begin),
    meta_data: {
      type: column.type,
      encodings: dictionary ? ['PLAIN', 'RLE', 'RLE_DICTIONARY'] : ['PLAIN', 'RLE'],
      path_in_schema: [column.name],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(bytes),
      total_compressed_size: BigInt(bytes),
      data_page_offset: BigInt(begin + bytesOf(dictionaryPage)),
      ...(dictionary ? { dictionary_page_offset: BigInt(begin) } : {}),
    },
  });
  return { parts, bytes, chunk };
}

function encodeDictionary(texts: readonly string[]): readonly Uint8Array[] {
  const writer = new ByteWriter();
  for (const text of texts) {
    const bytes = Buffer.from(text);
    writer.appendUint32(bytes.length);
    writer.appendBytes(bytes);
  }
  const page = writer.getBytes();
  const { length } = page;
  const told = { field_1: texts.length, field_2: encodings.PLAIN };
  return [encodeHeader({ field_1: pages.dictionary, field_2: length, field_3: length, field_7: told }), page];
}

function encodeDataHeader(bytes: number, rows: number, encoding: number): Uint8Array {
  const data = { field_1: rows, field_2: encoding, field_3: encodings.RLE, field_4: encodings.RLE };
  return encodeHeader({ field_1: pages.data, field_2: bytes, field_3: bytes, field_5: data });
}

/** By the numbers that the fields have in the Thrift definition of Parquet. */
function encodeHeader(header: Parameters<typeof serializeTCompactProtocol>[1]): Uint8Array {
  const writer = new ByteWriter(64);
  serializeTCompactProtocol(writer, header);
  return writer.getBytes();
}

/** The header of a run of bits that are packed: of so many groups of eight. */
function packedRun(groups: number): Uint8Array {
  const writer = new ByteWriter(8);
  writer.appendVarInt((groups << 1) | 1);
  return writer.getBytes();
}

function lengthOf(bytes: number): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes);
  return length;
}

function bytesOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
