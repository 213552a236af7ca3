import type { DemoCities, DemoCity } from './contract.js';
import { text, truth, number, orNull, list, shape } from './document-checks.js';
import { indexScore, period } from './read-summary.js';

const isDemoCities = shape<DemoCities>({
  demo: truth,
  seeding: orNull(shape<{ done: number; total: number }>({ done: number, total: number })),
  cities: list(
    shape<DemoCity>({
      key: text,
      code: text,
      zh: text,
      en: text,
      tier_zh: text,
      region_zh: text,
      province_zh: text,
      index: indexScore,
      period,
    }),
  ),
});

/** The document as `DemoCities`, or null when it is something else. */
export function readDemoCities(document: unknown): DemoCities | null {
  return isDemoCities(document) ? (document as DemoCities) : null;
}
