/** A workbook that is written: what each sheet holds. Cells never hold formulas: text that looks like one stays text. */
export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** The first is that of cells without a style of their own. */
  readonly styles: readonly CellStyle[];
}

export interface Sheet {
  /** At most 31 characters; what a sheet name may not hold is left out. */
  readonly name: string;
  readonly rows: Iterable<SheetRow> | AsyncIterable<SheetRow>;
  readonly columns?: readonly SheetColumn[];
  /** Rows and columns that stay in sight. */
  readonly frozen?: { readonly rows: number; readonly columns: number };
  readonly merged?: readonly string[];
  readonly lists?: readonly ChoiceList[];
}

export type SheetRow = readonly Cell[];

/** A plain text or number has the first style. */
export type Cell = string | number | null | StyledCell;

export interface StyledCell {
  readonly value: string | number | null;
  /** Index in the styles of the workbook. */
  readonly style: number;
}

export interface SheetColumn {
  /** In characters. */
  readonly width?: number;
  /** Of cells that are still empty. */
  readonly style?: number;
}

/** A range whose cells offer words to choose from; others may be typed after a warning. */
export interface ChoiceList {
  readonly range: string;
  /** 255 characters at most, commas between them included; none holds a comma. */
  readonly words: readonly string[];
  readonly title: string;
  readonly hint: string;
}

export interface CellStyle {
  /** `text`: what is typed stays as it is, long numbers included. */
  readonly format?: 'instant' | 'day' | 'text';
  readonly bold?: true;
  readonly size?: number;
  /** Background as RRGGBB. */
  readonly fill?: string;
  readonly wrap?: true;
}

/** Rows of a sheet, header included. */
export const maxSheetRows = 1_048_576;
/** Characters of a cell. */
export const maxCellCharacters = 32_767;

const secondsPerDay = 86_400;
/** 1970-01-01 counted from 1899-12-30. */
const epochSerial = 25_569;

/** A spreadsheet's number of an instant `2023-05-04 09:05:00` or of a day `2023-05-04`: days after 1899-12-30. */
export function serialOf(wallClock: string): number {
  const written = wallClock.length === 10 ? `${wallClock}T00:00:00Z` : `${wallClock.replace(' ', 'T')}Z`;
  return Date.parse(written) / 1000 / secondsPerDay + epochSerial;
}
