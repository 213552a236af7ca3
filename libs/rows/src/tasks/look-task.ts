import type { MatchedColumn, Refusal } from './check-task.js';
import type { ColumnMapping, DatasetId, Delimiter, Encoding, FileLayout, FileMapping } from './file-mapping.js';

/** Reads the first rows of an upload, so that a person can say how all of it is to be read. Nothing is stored. */
export interface LookTask {
  readonly kind: 'look';
  readonly file: string;
  readonly fileName: string;
  readonly dataset?: DatasetId;
  readonly mapping?: FileMapping;
  readonly layouts?: readonly FileLayout[];
}

export interface LookResult {
  readonly type: 'csv' | 'xlsx';
  readonly encoding: Encoding | null;
  readonly delimiter: Delimiter | null;
  readonly sheet: string | null;
  /** Of a workbook, in the order in which they are looked at. */
  readonly sheets: readonly SheetSize[];
  /** Row of the headers, from 1; where none was recognised, the one that looks most like it. */
  readonly headerRow: number;
  /** null: the headers do not tell, and nobody said. */
  readonly dataset: DatasetId | null;
  readonly layoutId: string | null;
  /** Texts of the header row in order, blank ones included. */
  readonly headers: readonly string[];
  readonly columns: readonly MatchedColumn[];
  /** Required columns that nothing feeds. */
  readonly missing: readonly string[];
  /** The first five rows with content under the headers, as they stand; what may be personal is hidden. */
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
  readonly proposals: readonly ColumnProposal[];
  /** Spellings among the first rows that no enumeration accepts; of proposed columns too. */
  readonly unknownValues: readonly { readonly column: string; readonly value: string; readonly count: number }[];
  /** Why the file cannot be read beyond what is shown; null: no reason was seen so far. */
  readonly refusal: Refusal | null;
}

export interface SheetSize {
  readonly name: string;
  /** Rows and columns that hold anything. */
  readonly rows: number;
  readonly columns: number;
  /** False: it goes on behind what was counted. */
  readonly complete: boolean;
}

export interface ColumnProposal {
  readonly column: string;
  readonly mapping: ColumnMapping;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly ProposalReason[];
  /** Headers that are about as likely. */
  readonly alternatives: readonly string[];
}

/** A code of data/proposals.json with what fills its sentence. */
export interface ProposalReason {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
}
