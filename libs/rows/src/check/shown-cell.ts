import type { DecodedFile } from '../decode/decoded-file.js';
import { sqlText } from '../sql.js';
import type { FileMapping } from '../tasks.js';
import { markers, type CellReader, type KeyedTexts } from './cell-reader.js';
import { alreadyClean, cleanCell } from './clean-cell.js';
import type { ColumnFacts } from './column-facts.js';
import type { ColumnPlan } from './column-plan.js';
import { hidePersonalValue, holdsPersonalNumber, maskPersonalNumbers, personalNumber } from './mask-personal.js';

/** What a report shows of a cell that is not stored: it may hold anything, names and addresses too. */
const hidden = '***';
/** A longer cell is cut. */
const longestShown = 4000;

export interface ShownColumn {
  /** Position in the file, from 0. */
  readonly position: number;
  /** SQL over the cell as it stands, NULL where it is blank: what a report shows of it. */
  readonly sql: (cell: string) => string;
}

interface ReadPlan {
  readonly plan: ColumnPlan;
  readonly reader: CellReader;
  readonly facts: ColumnFacts;
}

export interface ShownCellsInput {
  readonly decoded: DecodedFile;
  readonly mapping: FileMapping | undefined;
  readonly columns: readonly ReadPlan[];
  readonly keyed: KeyedTexts;
  /** Makes SQL of a function over a cell. */
  readonly call: (work: (raw: string) => string) => (cell: string) => string;
}

/**
 * What reports show of the cells of a row, by column of the file: the cell as it stands, without anything personal in
 * clear, and worded so that the row means the same in a file with fewer rows, where whole columns can no longer tell.
 */
export function shownColumns(input: ShownCellsInput): readonly ShownColumn[] {
  const { decoded, mapping, columns, call } = input;
  const own = new Set(Object.values(mapping?.columns ?? {}).flatMap((each) => each.emptyMarkers ?? []));
  const ownMarkers = new Set([...own].map(cleanCell));
  return decoded.headers.flatMap((header, position) => {
    if (header.trim() === '') return [];
    const read = columns.filter(({ plan }) => plan.source?.positions.includes(position) === true);
    const [first] = read;
    if (!first) return [{ position, sql: call((raw) => cut(unusedCell(raw, ownMarkers))) }];
    const personal = read.find(({ plan }) => plan.spec.personal !== undefined);
    if (personal) return [{ position, sql: call((raw) => cut(personalCell(raw, personal, input.keyed))) }];
    const single = read.length === 1 && first.plan.source?.positions.length === 1;
    return [{ position, sql: plainSql(first, single ? explicitWording(first) : null, input) }];
  });
}

function cut(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text;
}

/** Nothing of such a column is kept; only that it is filled, which a condition of the mapping may ask for. */
function unusedCell(raw: string, ownMarkers: ReadonlySet<string>): string {
  const text = cleanCell(raw);
  return text === '' || markers.has(text) || ownMarkers.has(text) ? text : hidden;
}

function personalCell(raw: string, { plan, reader }: ReadPlan, { sealed }: KeyedTexts): string {
  const text = cleanCell(raw);
  if (text === '' || markers.has(text) || isMapped(plan, text) || sealed.open(text) !== null) return text;
  const reading = reader.spelled(text) ?? reader.read(text);
  const whole = plan.source?.positions.length === 1;
  return whole && 'value' in reading ? sealed.seal(text, reading.value) : hidePersonalValue(text);
}

/** The mapping itself says what this text means. */
function isMapped({ mapping }: ColumnPlan, text: string): boolean {
  const named = [...(mapping?.emptyMarkers ?? []), ...(mapping?.values ?? []).map((rule) => rule.value)];
  return named.some((each) => cleanCell(each) === text);
}

function plainSql(
  { plan }: ReadPlan,
  explicit: ExplicitWording | null,
  { keyed, call }: ShownCellsInput,
): (cell: string) => string {
  const token = plan.spec.type === 'text' && plan.spec.id.endsWith('_id') ? keyed.token : undefined;
  const slow = call((raw) => {
    const text = cleanCell(raw);
    if (holdsPersonalNumber(text)) return cut(maskPersonalNumbers(text, token));
    if (explicit?.matches.test(text) && !isMapped(plan, text)) return explicit.word(text);
    return cut(raw);
  });
  const asItStands = [
    (cell: string) => `strlen(${cell}) <= ${longestShown}`,
    (cell: string) => `regexp_full_match(${cell}, ${sqlText(alreadyClean)})`,
    (cell: string) => `NOT regexp_matches(${cell}, ${sqlText(personalNumber)})`,
    ...(explicit ? [(cell: string) => `NOT regexp_full_match(${cell}, ${sqlText(explicit.pattern)})`] : []),
  ];
  return (cell) =>
    `CASE WHEN ${asItStands.map((test) => test(cell)).join(' AND ')} THEN ${cell} ELSE ${slow(cell)} END`;
}

/** Cells that only their whole column explains, and words that say the same by themselves. */
interface ExplicitWording {
  /** RE2 and JavaScript, in full. */
  readonly pattern: string;
  readonly matches: RegExp;
  readonly word: (text: string) => string;
}

function explicitWording({ plan, reader, facts }: ReadPlan): ExplicitWording | null {
  const { spec } = plan;
  const worded = (pattern: string, word: (text: string) => string): ExplicitWording => ({
    pattern,
    matches: new RegExp(`^(?:${pattern})$`, 'u'),
    word,
  });
  const read = (text: string): string | null => {
    const reading = reader.read(text);
    return 'value' in reading ? reading.value : null;
  };
  if (spec.type === 'boolean' || spec.id === 'rehandle_count')
    return worded('无', () => (facts.noneIsFalse ? '否' : ''));
  if (spec.type === 'datetime' || spec.type === 'date') {
    // Date cells of a workbook come as numbers of days.
    return worded('[2-7][0-9]{4}([.][0-9]+)?', (text) => {
      const instant = read(text) ?? dayOf(text);
      return spec.type === 'date' ? instant.slice(0, 10) : instant;
    });
  }
  if (spec.type === 'duration_seconds' && plan.factor === null)
    return worded('[0-9]*[.][0-9]+', (text) => {
      if (facts.fractionOfDay) return read(text) ?? text;
      return Number(text) < 1 ? `${Number(text)}秒` : text;
    });
  if (spec.unit === '%' && plan.factor === null)
    return worded('[0-9]+([.][0-9]+)?', (text) => (Number(text) <= 1 ? `${read(text) ?? text}%` : text));
  return null;
}

/** The day of a serial number that lacks its time. */
function dayOf(serial: string): string {
  return new Date(Date.UTC(1899, 11, 30) + Math.floor(Number(serial)) * 86_400_000).toISOString().slice(0, 10);
}
