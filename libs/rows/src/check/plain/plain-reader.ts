import { keyBlock } from '../hash-key.js';
import { holdsPersonalNumber } from '../mask-personal.js';
import type { PlainColumn } from './plain-columns.js';
import { plainRowsModule } from './plain-rows.wasm.js';

/** What `libs/rows/assembly/plain-rows.ts` exports; columns and places in the memory are numbers. */
interface PlainRows {
  readonly memory: WebAssembly.Memory;
  readonly key: WebAssembly.Global<'i32'>;
  readonly rows: WebAssembly.Global<'i32'>;
  readonly others: WebAssembly.Global<'i32'>;
  readonly full: WebAssembly.Global<'i32'>;
  readonly plain: WebAssembly.Global<'i32'>;
  readonly rowNumbers: WebAssembly.Global<'i32'>;
  readonly marks: WebAssembly.Global<'i32'>;
  readonly marked: WebAssembly.Global<'i32'>;
  setKey(): void;
  clearKey(): void;
  allocate(bytes: number): number;
  open(fields: number, delimiter: number, numbered: boolean): void;
  addColumn(kind: number, field: number, second: number, serials: number, emptyIsPlain: boolean): number;
  makeWords(column: number, count: number): void;
  addWord(column: number, word: number, length: number, means: number): void;
  tokenOf(column: number, means: number): number;
  valuesOf(column: number): number;
  valueBytes(column: number): number;
  levelsOf(column: number): number;
  filledOf(column: number): number;
  beginGroup(): void;
  readLines(begin: number, end: number, offset: number): number;
  passLine(begin: number, end: number, offset: number): void;
  endGroup(): void;
}

const module = new WebAssembly.Module(plainRowsModule());

export interface LineForm {
  /** Cells of a line, without its number. */
  readonly fields: number;
  readonly delimiter: string;
  readonly rowNumbers: boolean;
}

/** Reads lines by short cuts, in WebAssembly: one group of rows after the other, from bytes in `piece` into pages. */
export class PlainReader {
  private readonly compiled: PlainRows;
  private readonly columns: readonly number[];
  private readonly pieceAt: number;
  private readonly numbered: boolean;

  /** @param pieceBytes how many bytes are handed over at once, at most */
  constructor(
    hashKey: string,
    { fields, delimiter, rowNumbers }: LineForm,
    columns: readonly PlainColumn[],
    private readonly pieceBytes: number,
  ) {
    const holds = (at: number, length: number) => holdsPersonalNumber(Buffer.from(this.memory, at, length).toString());
    const abort = () => {
      throw new Error('plain rows got no memory');
    };
    const { exports } = new WebAssembly.Instance(module, { env: { abort }, texts: { holdsPersonalNumber: holds } });
    this.compiled = exports as unknown as PlainRows;
    this.numbered = rowNumbers;
    const block = keyBlock(hashKey);
    this.bytes(this.compiled.key.value, block.length).set(block);
    this.compiled.setKey();
    // A read beyond the piece is none beyond the memory.
    this.pieceAt = this.compiled.allocate(pieceBytes + 64);
    this.compiled.open(fields, delimiter.charCodeAt(0), rowNumbers);
    this.columns = columns.map((column) => this.add(column));
    this.compiled.beginGroup();
  }

  /** Forgets the key; nothing can be read any more. */
  close(): void {
    this.compiled.clearKey();
  }

  /** Where the bytes of the file go. */
  get piece(): Uint8Array {
    return this.bytes(this.pieceAt, this.pieceBytes);
  }

  /** Rows of the group. */
  get rows(): number {
    return this.compiled.rows.value;
  }

  /** No more lines go into the group. */
  get isFull(): boolean {
    return this.compiled.full.value !== 0;
  }

  /** Reads lines of the piece until the group is full. @returns bytes that were read */
  readLines(begin: number, end: number, offset: number): number {
    return this.compiled.readLines(this.pieceAt + begin, this.pieceAt + end, offset) - this.pieceAt - begin;
  }

  /** Counts a line that does not end in the piece. */
  passLine(begin: number, end: number, offset: number): void {
    this.compiled.passLine(this.pieceAt + begin, this.pieceAt + end, offset);
  }

  /** Makes the tokens of the group: it is complete then, until the next one begins. */
  endGroup(): void {
    this.compiled.endGroup();
  }

  beginGroup(): void {
    this.compiled.beginGroup();
  }

  /** Rows of the group that are not plain. */
  get others(): number {
    return this.compiled.others.value;
  }

  /** A bit for each row of the group: it is plain. */
  get plain(): Uint8Array {
    return this.bytes(this.compiled.plain.value, Math.ceil(this.rows / 8));
  }

  /** The row numbers that the lines of the group tell; null: they tell none. */
  get rowNumbers(): BigInt64Array | null {
    return this.numbered ? new BigInt64Array(this.memory, this.compiled.rowNumbers.value, this.rows) : null;
  }

  /** Where some lines of the group begin: places among its rows, and bytes of the file. */
  get marks(): readonly { readonly place: number; readonly offset: number }[] {
    const { marks, marked } = this.compiled;
    const pairs = new Float64Array(this.memory, marks.value, 2 * marked.value);
    return Array.from({ length: marked.value }, (_, index) => ({
      place: pairs[2 * index] ?? NaN,
      offset: pairs[2 * index + 1] ?? NaN,
    }));
  }

  /**
   * Values of a column as `ColumnPages` has them, a bit for each row that has one, and how many have.
   * @param column place among the columns
   */
  pages(column: number): { readonly values: Uint8Array; readonly levels: Uint8Array; readonly filled: number } {
    const at = this.columns[column];
    if (at === undefined) throw new Error(`no column ${column}`);
    const { compiled } = this;
    return {
      values: this.bytes(compiled.valuesOf(at), compiled.valueBytes(at)),
      levels: this.bytes(compiled.levelsOf(at), Math.ceil(this.rows / 8)),
      filled: compiled.filledOf(at),
    };
  }

  private add({ kind, field, second, anySerial, emptyIsPlain, words, tokens }: PlainColumn): number {
    const { compiled } = this;
    const column = compiled.addColumn(kind, field, second, anySerial ? 1 : 0, emptyIsPlain);
    if (words.size === 0) return column;
    compiled.makeWords(column, words.size);
    for (const [word, means] of words) {
      const bytes = Buffer.from(word);
      const at = compiled.allocate(bytes.length);
      this.bytes(at, bytes.length).set(bytes);
      compiled.addWord(column, at, bytes.length, means);
    }
    for (const [means, token] of tokens.entries()) {
      const bytes = Buffer.from(token.replaceAll('-', ''), 'hex');
      this.bytes(compiled.tokenOf(column, means), bytes.length).set(bytes);
    }
    return column;
  }

  /** Asked for each time: memory that grows is another one. */
  private get memory(): ArrayBuffer {
    return this.compiled.memory.buffer;
  }

  private bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory, at, length);
  }
}
