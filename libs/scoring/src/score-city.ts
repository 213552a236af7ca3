import { aggregate } from './aggregate.js';
import { withAlternatives } from './alternatives.js';
import type { Ledger } from './alternatives.js';
import type { Assessment } from './assessment.js';
import type { CityData } from './city-data.js';
import { readCity } from './city-rows.js';
import { ColumnMemory } from './column-memory.js';
import { companions } from './companions.js';
import { indexScore } from './index-score.js';
import { withIntervals } from './intervals.js';
import { observe } from './observe.js';
import { recommend, scoresOf } from './recommend.js';
import type { ScoringMethod } from './scoring-method.js';

export interface ScoreOptions {
  /** Stored with the result; the same seed draws the same replicates. */
  readonly seed: number;
  /** Bootstrap replicates, those of the method unless told; 0 leaves all bootstrap intervals out. */
  readonly replicates?: number;
  /** Values under other definitions are told beside, where the data says which ones its rows follow. */
  readonly ledger?: Ledger;
}

/** Reused from city to city; what is in it never outlives a scoring. */
const memory = new ColumnMemory();

/**
 * Scores a city: what was observed, its scores up the tree, the grade, how sure all that is, and what would help most.
 * The same method, data and seed give the same assessment to the bit, in whatever order rows and facts come.
 * Throws on a period without a day and on data the method cannot read; data that is missing is no error.
 */
export function scoreCity(method: ScoringMethod, data: CityData, options: ScoreOptions): Assessment {
  const { ledger } = options;
  const replicates = options.replicates ?? method.bootstrap.replicates;
  const city = readCity(method, data);
  memory.release();

  const observed = observe(method, city);
  const scores = scoresOf(observed);
  const { elements, dimensions, index } = aggregate(method, scores);

  const uncertain = withIntervals(method, city, observed, { seed: options.seed, replicates, memory });
  const figures = companions(method, city, observed, data.companions);

  return {
    methodology: { id: method.id, version: method.version, digest: method.digest },
    ...(ledger && { ledger: ledger.version }),
    period: { start: data.period.start, end: data.period.end, days: city.days },
    indicators: ledger ? withAlternatives(method, city, ledger, uncertain.indicators) : uncertain.indicators,
    elements,
    dimensions,
    index: indexScore(method, index, scores, uncertain.scores, { replicates, memory }),
    companions: figures,
    recommendations: recommend(method, { indicators: observed, companions: figures }),
  };
}
