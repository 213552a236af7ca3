import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ColumnMemory } from './column-memory.js';
import { aggregate, effectiveWeights, indexShares } from './aggregate.js';
import { indexScore } from './index-score.js';
import { indicator, measured, scoringMethod } from './sample-method.spec-support.js';

const leaf = (id: string, parent: string, weight: number) => indicator(id, measured([]), null, { parent, weight });

const DIMENSIONS = [
  { id: 'channel', weight: 0.3 },
  { id: 'experience', weight: 0.4 },
  { id: 'perception', weight: 0.3 },
];
const ELEMENTS = [
  { id: 'affinity', parent: 'channel', weight: 0.2 },
  { id: 'accessibility', parent: 'channel', weight: 0.4 },
  { id: 'diversity', parent: 'channel', weight: 0.2 },
  { id: 'integration', parent: 'channel', weight: 0.2 },
  { id: 'interaction', parent: 'experience', weight: 0.3 },
  { id: 'professionalism', parent: 'experience', weight: 0.4 },
  { id: 'commitment', parent: 'experience', weight: 0.3 },
  { id: 'evaluation', parent: 'perception', weight: 0.6 },
  { id: 'outreach', parent: 'perception', weight: 0.4 },
];
/** Level 2 means printed in the 2023 report. */
const PUBLISHED: Record<string, number> = {
  affinity: 76.07,
  accessibility: 65.47,
  diversity: 39.57,
  integration: 41.75,
  interaction: 76.69,
  professionalism: 77.54,
  commitment: 73.43,
  evaluation: 57.74,
  outreach: 61.27,
};

/** One indicator per element, except that accessibility has its four. */
const ACCESSIBILITY = [
  leaf('hotline_connect_rate', 'accessibility', 0.35),
  leaf('hotline_period_connect', 'accessibility', 0.35),
  leaf('online_period_connect', 'accessibility', 0.15),
  leaf('online_response', 'accessibility', 0.15),
];
const others = ELEMENTS.filter(({ id }) => id !== 'accessibility').map(({ id }) => leaf(`${id}_only`, id, 1));
const method = scoringMethod([...ACCESSIBILITY, ...others], { dimensions: DIMENSIONS, elements: ELEMENTS });
const published = Object.fromEntries(others.map(({ id, parent }) => [id, PUBLISHED[parent] ?? null]));
const accessible = (score: number | null) => Object.fromEntries(ACCESSIBILITY.map(({ id }) => [id, score]));

describe('the tree', () => {
  it('rebuilds the printed level 1 means from the nine level 2 means', () => {
    const { dimensions, index } = aggregate(method, { ...published, ...accessible(65.47) });
    expect(Math.abs((dimensions.channel?.score ?? NaN) - 57.67)).toBeLessThan(0.01);
    expect(Math.abs((dimensions.experience?.score ?? NaN) - 76.05)).toBeLessThan(0.01);
    expect(Math.abs((dimensions.perception?.score ?? NaN) - 59.16)).toBeLessThan(0.01);
    expect(dimensions.channel?.score).toBeCloseTo(57.666, 9);
    expect(dimensions.experience?.score).toBeCloseTo(76.052, 9);
    expect(dimensions.perception?.score).toBeCloseTo(59.152, 9);
    // 0.3 × 57.666 + 0.4 × 76.052 + 0.3 × 59.152
    expect(index.score).toBeCloseTo(65.4662, 9);
  });

  it('shows 65.47 and grade C+ for them', () => {
    const scores = { ...published, ...accessible(65.47) };
    const { index } = aggregate(method, scores);
    expect(indexScore(method, index, scores, new Map(), { replicates: 0, memory: new ColumnMemory() })).toMatchObject({
      display: '65.47',
      grade: 'C+',
      coverage: 1,
    });
  });

  it('rates an element whose observed indicators hold 0.70 of the weight', () => {
    const scores = { ...published, hotline_connect_rate: 90, hotline_period_connect: 50 };
    const { elements } = aggregate(method, scores);
    expect(elements.accessibility?.score).toBeCloseTo(70, 9);
    expect(elements.accessibility?.coverage).toBeCloseTo(0.7, 9);
    expect(elements.accessibility).toMatchObject({ rated: true, display: '70.00' });
  });

  it('rates nothing above 0.65 of the weight, and shows what is rated below', () => {
    const scores = { ...published, ...accessible(80), hotline_connect_rate: null };
    const { elements, dimensions, index } = aggregate(method, scores);
    expect(elements.accessibility).toMatchObject({ rated: false, score: null, display: null });
    expect(elements.accessibility?.coverage).toBeCloseTo(0.65, 9);
    // 0.2 + 0.2 + 0.2 of the service channels are rated, and 0.65 of the rest is observed.
    expect(dimensions.channel).toMatchObject({ rated: false, score: null });
    expect(dimensions.channel?.coverage).toBeCloseTo(0.6 + 0.4 * 0.65, 9);
    expect(dimensions.experience?.score).toBeCloseTo(76.052, 9);
    expect(index).toMatchObject({ rated: false, score: null });
    expect(index.coverage).toBeCloseTo(1 - 0.3 * 0.4 * 0.35, 9);
    expect(
      indexScore(method, index, scores, new Map(), { replicates: 1000, memory: new ColumnMemory() }),
    ).toMatchObject({
      grade: null,
      display: null,
      interval: null,
      grade_or_better: null,
    });
  });

  it('rates at exactly two thirds of the weight, whatever binary fractions say', () => {
    const thirds = ['a', 'b', 'c'].map((id) => leaf(id, 'element', 1 / 3));
    expect(aggregate(scoringMethod(thirds), { a: 30, b: 60, c: null }).elements.element).toMatchObject({ rated: true });
    expect(aggregate(scoringMethod(thirds), { a: 30, b: null, c: null }).elements.element).toMatchObject({
      rated: false,
    });
  });

  it('has effective weights that sum to 1', () => {
    const weights = effectiveWeights(method);
    expect(weights.hotline_connect_rate).toBeCloseTo(0.3 * 0.4 * 0.35, 12);
    expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });
});

describe('any tree', () => {
  const score = fc.double({ min: 0, max: 100, noNaN: true });
  const scoresOf = (values: fc.Arbitrary<number | null>) =>
    fc
      .tuple(...method.indicators.map(() => values))
      .map((drawn) => Object.fromEntries(method.indicators.map(({ id }, index) => [id, drawn[index] ?? null])));

  it('keeps a parent within the range of its children', () => {
    fc.assert(
      fc.property(scoresOf(fc.option(score, { nil: null, freq: 4 })), (scores) => {
        const { elements } = aggregate(method, scores);
        for (const { id } of ELEMENTS) {
          const own = method.indicators.flatMap((leaf) => (leaf.parent === id ? (scores[leaf.id] ?? []) : []));
          const parent = elements[id]?.score ?? null;
          if (parent === null) continue;
          expect(parent).toBeGreaterThanOrEqual(Math.min(...own) - 1e-9);
          expect(parent).toBeLessThanOrEqual(Math.max(...own) + 1e-9);
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('is not rated exactly when the observed weight falls short', () => {
    fc.assert(
      fc.property(scoresOf(fc.option(score, { nil: null, freq: 2 })), (scores) => {
        const { elements, dimensions, index } = aggregate(method, scores);
        const ratedElement = (id: string) => {
          const own = method.indicators.filter(({ parent }) => parent === id);
          const present = own.filter((leaf) => scores[leaf.id] !== null).reduce((sum, { weight }) => sum + weight, 0);
          return present > 0.66;
        };
        const ratedDimension = (id: string) =>
          ELEMENTS.filter(({ parent }) => parent === id)
            .filter((element) => ratedElement(element.id))
            .reduce((sum, { weight }) => sum + weight, 0) > 0.66;
        for (const { id } of ELEMENTS) expect(elements[id]?.rated).toBe(ratedElement(id));
        for (const { id } of DIMENSIONS) expect(dimensions[id]?.rated).toBe(ratedDimension(id));
        expect(index.rated).toBe(DIMENSIONS.every(({ id }) => ratedDimension(id)));
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('never falls when an indicator rises', () => {
    fc.assert(
      fc.property(scoresOf(score), fc.nat(method.indicators.length - 1), score, (scores, position, other) => {
        const id = method.indicators[position]?.id ?? '';
        const better = { ...scores, [id]: Math.max(other, scores[id] ?? 0) };
        const before = aggregate(method, scores).index.score ?? NaN;
        expect(aggregate(method, better).index.score ?? NaN).toBeGreaterThanOrEqual(before - 1e-9);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('is the sum of shares times scores, where it is rated', () => {
    fc.assert(
      fc.property(scoresOf(fc.option(score, { nil: null, freq: 9 })), (scores) => {
        const { index } = aggregate(method, scores);
        const shares = indexShares(method, scores);
        if (index.score === null) {
          expect(shares.size).toBe(0);
          return;
        }
        const sum = [...shares].reduce((total, [id, share]) => total + share * (scores[id] ?? NaN), 0);
        expect(sum).toBeCloseTo(index.score, 9);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
