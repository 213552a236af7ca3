import type { City, DimensionSummary, IndexScore, Methodology, NodeScore, Period, Range, Summary } from './contract.js';
import { text, truth, number, orNull, list, record, shape, type Fields } from './document-checks.js';

export const named = { id: text, zh: text, en: text };
export const nodeScore: Fields<NodeScore> = {
  rated: truth,
  score: orNull(number),
  display: orNull(text),
  coverage: number,
};
export const period = shape<Period>({ start: text, end: text });
export const indexScore = shape<IndexScore>({
  ...nodeScore,
  grade: orNull(text),
  interval: orNull(shape<Range>({ low: number, high: number })),
  grade_or_better: orNull(record(number)),
});

export const head: Fields<Omit<Summary, 'dimensions'>> = {
  demo: truth,
  city: shape<City>({
    code: text,
    zh: text,
    en: text,
    province_zh: text,
    tier: text,
    tier_zh: text,
    region_zh: text,
  }),
  period,
  methodology: shape<Methodology>({ ...named, version: text }),
  assessed_at: text,
  self_assessed: truth,
  index: indexScore,
  badge_show_if: number,
  data_kinds: list(text),
};

const isSummary = shape<Summary>({ ...head, dimensions: list(shape<DimensionSummary>({ ...named, ...nodeScore })) });

/** The document as a `Summary`, or null when it is something else. */
export function readSummary(document: unknown): Summary | null {
  return isSummary(document) ? (document as Summary) : null;
}
