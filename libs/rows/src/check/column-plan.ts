import type { ColumnSpec, DatasetSpec, HeaderRule } from '../datasets/dictionary.js';
import type { DecodedFile } from '../decode/decoded-file.js';
import { normaliseHeader } from '../decode/header/header-spellings.js';
import { shown } from '../decode/header/match-columns.js';
import { FileRefused } from '../refused.js';
import { sqlText } from '../sql.js';
import type { ColumnMapping, FileMapping } from '../tasks.js';

/** How one column of the dataset is filled from the file. */
export interface ColumnPlan {
  readonly spec: ColumnSpec;
  /** null: no column of the file fills it. Several positions: a date and a time of day to be joined. */
  readonly source: ColumnSource | null;
  readonly mapping: ColumnMapping | undefined;
  readonly headerRule: HeaderRule['means'] | null;
  /** Multiplies plain numbers; null: neither the mapping nor the header says. */
  readonly factor: number | null;
}

export interface ColumnSource {
  /** Positions in the file, from 0; none: the mapping gives every row the same value. */
  readonly positions: readonly number[];
  readonly header: string;
}

function sourceOf(file: DecodedFile, column: string, mapping: ColumnMapping | undefined): ColumnSource | null {
  const matched = file.columns.filter((match) => match.column === column);
  const rank = (header: string) => {
    const at =
      mapping?.from.findIndex((from) => from === header || normaliseHeader(from) === normaliseHeader(header)) ?? -1;
    return at < 0 ? Number.MAX_SAFE_INTEGER : at;
  };
  const ordered = matched.toSorted((a, b) => rank(a.header) - rank(b.header) || a.position - b.position);
  if (ordered.length === 0) return mapping?.constant === undefined ? null : { positions: [], header: column };
  return {
    positions: ordered.map((match) => match.position),
    header: ordered.map((match) => match.header).join(' + '),
  };
}

/** SQL of a text of the mapping; NUL is in no cell and may be in no statement. */
export const mapped = (text: string) => sqlText(text.replaceAll('\0', '\ufffd'));

/** SQL of what the mapping says that every cell of a column holds; null: the cells are those of the file. */
export function constantOf({ source, mapping }: ColumnPlan): string | null {
  return source?.positions.length === 0 && mapping?.constant !== undefined ? mapped(mapping.constant) : null;
}

/** Minutes and ten thousands that the header states: 等待时长(分钟), 常住人口（万人）. */
function headerFactor(spec: ColumnSpec, header: string): number | null {
  const text = header.normalize('NFKC');
  if (spec.type === 'duration_seconds') return /分钟|[([]\s*(?:min|mins|minutes?|分)\s*[)\]]/iu.test(text) ? 60 : null;
  if (spec.type === 'integer') return /[([]\s*万[^)\]]*[)\]]|万人/u.test(text) ? 10_000 : null;
  return null;
}

export function planColumns(dataset: DatasetSpec, file: DecodedFile, mapping: FileMapping | undefined): ColumnPlan[] {
  return dataset.columns.map((spec) => {
    const own = mapping?.columns[spec.id];
    const source = sourceOf(file, spec.id, own);
    const key = source === null ? null : normaliseHeader(source.header);
    const rule = spec.header_rules?.find((each) => each.headers.some((header) => normaliseHeader(header) === key));
    const factor = own?.factor ?? (source === null ? null : headerFactor(spec, source.header));
    return { spec, source, mapping: own, headerRule: rule?.means ?? null, factor };
  });
}

/** Refuses the file where a required column is neither in it nor derived nor defaulted. */
export function refuseMissingColumns(dataset: DatasetSpec, file: DecodedFile, plans: readonly ColumnPlan[]): void {
  const filled = (id: string) => plans.some((plan) => plan.spec.id === id && plan.source !== null);
  const missing = plans
    .filter(({ spec, source }) => spec.required && source === null && spec.default === undefined)
    .map(({ spec }) => spec)
    // The result of a call follows from its answer time.
    .filter((spec) => !(dataset.id === 'calls' && spec.id === 'result' && filled('answered_at')));
  if (missing.length === 0) return;
  throw new FileRefused({
    code: 'required_columns_missing',
    params: {
      dataset: dataset.zh,
      dataset_en: dataset.en,
      columns: missing.map((spec) => spec.zh),
      columns_en: missing.map((spec) => spec.en),
      ids: missing.map((spec) => spec.id),
      headers: shown(file.headers),
    },
  });
}

/** Position of a header that a value rule looks at. Throws FileRefused `mapping_condition_header_missing`. */
export function headerPosition(file: DecodedFile, header: string): number {
  const exact = file.headers.indexOf(header);
  const position =
    exact >= 0 ? exact : file.headers.findIndex((each) => normaliseHeader(each) === normaliseHeader(header));
  if (position < 0) throw new FileRefused({ code: 'mapping_condition_header_missing', params: { header } });
  return position;
}
