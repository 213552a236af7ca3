import type { CompanionValue } from '@hotline/scoring';
import type { DatasetId } from './file-mapping.js';

/** Parquet file of rows of one month (of the dataset's period column; `all` for city_profile). */
export interface MonthFile {
  readonly month: string;
  readonly file: string;
  readonly rows: number;
  /** The month is closed: only the keys are left, as an earlier import holds rows of theirs elsewhere. */
  readonly keysOnly?: true;
}

export interface Segment extends MonthFile {
  readonly dataset: DatasetId;
}

/** What a file held when it was written. */
export interface FilePrint {
  readonly file: string;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Reads files from end to end: those that are not, or no longer, what was written. */
export interface VerifyTask {
  readonly kind: 'verify';
  readonly files: readonly FilePrint[];
}

/** A page of stored rows or of issues, for people and reports. */
export interface ReadTask {
  readonly kind: 'read';
  readonly file: string;
  readonly offset: number;
  /** At most 10 000. */
  readonly limit: number;
  /** Column to exact value; columns are checked against the file. */
  readonly where: Readonly<Record<string, string>>;
  readonly orderBy?: string;
}

export interface ReadResult {
  readonly total: number;
  readonly rows: readonly Readonly<Record<string, CompanionValue>>[];
}

/** Stored rows as a CSV file that people and programs can read without this system. */
export interface ExportTask {
  readonly kind: 'export';
  readonly file: string;
  /** Path of the file to write. */
  readonly out: string;
}

export interface ExportResult {
  readonly rows: number;
}
