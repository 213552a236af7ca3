import type {
  DimensionNode,
  ElementNode,
  GradeCutOff,
  Indicator,
  Measured,
  Source,
  SourceFile,
  Stratum,
  Tree,
  ValueInterval,
} from './contract.js';
import { text, number, oneOf, orNull, optional, list, record, shape, type Fields } from './document-checks.js';
import { head, named, nodeScore } from './read-summary.js';

const interval = optional(shape<ValueInterval>({ low: number, high: number, score_low: number, score_high: number }));
const measured: Fields<Measured> = {
  ...named,
  weight: number,
  weight_kind: optional(text),
  value_unit: text,
  state: oneOf('observed', 'too_few', 'not_observed'),
  value: orNull(number),
  score: orNull(number),
  n: number,
  numerator: orNull(number),
  denominator: orNull(number),
  method: orNull(text),
  flags: list(text),
  interval,
  wilson: interval,
  strata: optional(record(shape<Stratum>({ n: number, mean: orNull(number) }))),
};
const sourceFile = shape<SourceFile>({
  import_id: text,
  file: text,
  sha256: text,
  rows: number,
  uploaded_at: text,
  by: text,
});
const source = shape<Source>({
  dataset: text,
  dataset_zh: text,
  dataset_en: text,
  days: orNull(number),
  first_day: orNull(text),
  last_day: orNull(text),
  files: list(sourceFile),
});
const indicator = shape<Indicator>({
  ...measured,
  direction: oneOf('higher', 'lower'),
  components: optional(list(shape<Measured>(measured))),
  sources: optional(list(source)),
});
const weight = { weight: number, weight_kind: text };
const element = shape<ElementNode>({ ...named, ...nodeScore, ...weight, indicators: list(indicator) });
const dimension = shape<DimensionNode>({ ...named, ...nodeScore, ...weight, elements: list(element) });

const isTree = shape<Tree>({
  ...head,
  dimensions: list(dimension),
  grades: list(shape<GradeCutOff>({ grade: text, min_score: number, kind: text })),
  flags_text: record(shape<{ zh: string; en: string }>({ zh: text, en: text })),
});

/** The document as a `Tree`, or null when it is something else. */
export function readTree(document: unknown): Tree | null {
  return isTree(document) ? (document as Tree) : null;
}
