import { closeSync, openSync, writeFileSync } from 'node:fs';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

type FileMetadata = Parameters<typeof writeMetadata>[1];
type SchemaElement = FileMetadata['schema'][number];
type RowGroup = FileMetadata['row_groups'][number];

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

const magic = Buffer.from('PAR1');
const placeBits = 16;

/** The header of a run of bits that are packed: of so many groups of eight. */
function packedRun(groups: number): Uint8Array {
  const writer = new ByteWriter(8);
  writer.appendVarInt((groups << 1) | 1);
  return writer.getBytes();
}

function plainTexts(texts: readonly string[]): Uint8Array {
  const writer = new ByteWriter();
  for (const text of texts) {
    const bytes = Buffer.from(text);
    writer.appendUint32(bytes.length);
    writer.appendBytes(bytes);
  }
  return writer.getBytes();
}

function lengthOf(levels: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(levels.length);
  return bytes;
}

/**
 * Writes a Parquet file of pages that are encoded already, one page of each column and row group, without compression:
 * pages go from where they were made to the file. Writes without waiting for events.
 */
export class ParquetFile {
  private readonly file: number;
  private readonly groups: RowGroup[] = [];
  private rows = 0;
  private bytes = 0;

  constructor(
    path: string,
    private readonly columns: readonly ParquetColumn[],
  ) {
    this.file = openSync(path, 'w', 0o600);
    this.write(magic);
  }

  /** @param pages of each column of the schema */
  writeGroup(rows: number, pages: readonly ColumnPages[]): void {
    const begin = this.bytes;
    const columns = this.columns.map((column, index) => {
      const page = pages[index];
      if (!page) throw new Error(`no page of ${column.name}`);
      return this.writeColumn(column, rows, page);
    });
    const size = BigInt(this.bytes - begin);
    this.groups.push({ columns, total_byte_size: size, num_rows: BigInt(rows) });
    this.rows += rows;
  }

  /** Writes what the groups are; a file that was given up is closed without it. */
  end(): void {
    const root: SchemaElement = { name: 'rows', num_children: this.columns.length };
    const writer = new ByteWriter();
    writeMetadata(writer, {
      version: 1,
      schema: [root, ...this.columns],
      num_rows: BigInt(this.rows),
      row_groups: this.groups,
      metadata_length: 0,
    });
    this.write(writer.getBytes());
    this.write(magic);
  }

  close(): void {
    closeSync(this.file);
  }

  private writeColumn(column: ParquetColumn, rows: number, page: ColumnPages): RowGroup['columns'][number] {
    const begin = this.bytes;
    const { dictionary, levels, values } = page;
    if (dictionary) {
      const texts = plainTexts(dictionary);
      this.writeHeader({
        type: 'DICTIONARY_PAGE',
        uncompressed_page_size: texts.length,
        compressed_page_size: texts.length,
        dictionary_page_header: { num_values: dictionary.length, encoding: 'PLAIN' },
      });
      this.write(texts);
    }
    const dataBegin = this.bytes;
    const parts: Uint8Array[] = [];
    if (levels) {
      const run = packedRun(levels.length);
      parts.push(lengthOf(Buffer.concat([run, levels])), run, levels);
    }
    if (dictionary) {
      const places = values.length / (placeBits / 8);
      parts.push(Uint8Array.of(placeBits), packedRun(places / 8));
    }
    parts.push(values);
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const encoding = dictionary ? 'RLE_DICTIONARY' : 'PLAIN';
    this.writeHeader({
      type: 'DATA_PAGE',
      uncompressed_page_size: size,
      compressed_page_size: size,
      data_page_header: {
        num_values: rows,
        encoding,
        definition_level_encoding: 'RLE',
        repetition_level_encoding: 'RLE',
      },
    });
    for (const part of parts) this.write(part);
    const total = BigInt(this.bytes - begin);
    return {
      file_offset: BigInt(begin),
      meta_data: {
        type: column.type,
        encodings: dictionary ? ['PLAIN', 'RLE', 'RLE_DICTIONARY'] : ['PLAIN', 'RLE'],
        path_in_schema: [column.name],
        codec: 'UNCOMPRESSED',
        num_values: BigInt(rows),
        total_uncompressed_size: total,
        total_compressed_size: total,
        data_page_offset: BigInt(dataBegin),
        ...(dictionary ? { dictionary_page_offset: BigInt(begin) } : {}),
      },
    };
  }

  private writeHeader(header: Parameters<typeof writePageHeader>[1]): void {
    const writer = new ByteWriter(64);
    writePageHeader(writer, header);
    this.write(writer.getBytes());
  }

  private write(bytes: Uint8Array): void {
    writeFileSync(this.file, bytes);
    this.bytes += bytes.length;
  }
}
