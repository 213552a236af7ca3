import { describe, expect, it } from '@jest/globals';
import type { Fact } from './city-data.js';
import { curve, fact, IDENTITY, indicator, measured, observed, sample, way } from './sample-method.spec-support.js';
import type { CurvePoint, IndicatorSpec } from './scoring-method.js';

/** A promise: told to the citizen on test calls, kept on orders. */
function promise(toldWeight: number, keptCurve: CurvePoint[], minN = 1): IndicatorSpec {
  return indicator(
    'promise',
    {
      kind: 'components',
      valueOf: 'kept',
      components: [
        {
          id: 'told',
          weight: toldWeight,
          curve: IDENTITY,
          measure: measured([way({ kind: 'ratio', scale: 100, id: 'told.calls', dataset: 'mystery_calls' })]),
          interval: { kind: 'wilson' },
        },
        {
          id: 'kept',
          weight: 1 - toldWeight,
          curve: keptCurve,
          measure: measured([
            way({ kind: 'ratio', scale: 100, id: 'kept.orders', dataset: 'work_orders', recorded: true, minN }),
          ]),
          interval: { kind: 'day_block_bootstrap' },
        },
      ],
    },
    null,
    { interval: { kind: 'joint' }, flags: ['partial_component', 'default_limits'] },
  );
}

const told = (...rows: number[]) => ({ samples: { mystery_calls: sample({ 'told.calls': rows }) } });
const kept = (n: number, total: number): { facts: Fact[] } => ({
  facts: [fact('kept.orders', n, total), fact('kept.orders:recorded', 1, 1)],
});

const response = promise(0.4, curve([50, 0], [80, 50], [95, 85], [100, 100]));
const result = promise(0.3, curve([60, 0], [86.78, 50], [95, 80], [98.36, 95], [99.5, 100]));
const callback = promise(0.3, curve([0, 0], [44.25, 50], [90, 90], [100, 100]));

describe('promises', () => {
  it('weigh what was told and what was kept', () => {
    expect(observed(response, { ...told(1, 1, 0), ...kept(5, 4) }).score).toBeCloseTo(56.666667, 6);
    expect(observed(result, { ...told(1, 0), ...kept(4, 3) }).score).toBeCloseTo(34.604182, 6);
    expect(observed(callback, { ...told(0, 0, 1, 0), ...kept(4, 2) }).score).toBeCloseTo(46.019126, 6);
  });

  it('show the value of what was kept, and both parts', () => {
    const observation = observed(response, { ...told(1, 1, 0), ...kept(5, 4) });
    expect(observation).toMatchObject({
      value: 80,
      n: 5,
      numerator: 4,
      denominator: 5,
      method: 'kept.orders',
      flags: [],
    });
    expect(observation.components?.told).toMatchObject({ state: 'observed', n: 3, numerator: 2 });
    expect(observation.components?.kept).toMatchObject({ state: 'observed', score: 50 });
  });

  it('take the one part alone where the other is missing', () => {
    expect(observed(response, told(1, 1, 0))).toMatchObject({
      state: 'observed',
      value: null,
      n: 0,
      method: null,
      flags: ['partial_component'],
    });
    expect(observed(response, told(1, 1, 0)).score).toBeCloseTo(66.666667, 6);
    expect(observed(response, kept(5, 4))).toMatchObject({ value: 80, score: 50, flags: ['partial_component'] });
  });

  it('keep the number of rows of a part that has too few', () => {
    const spec = promise(0.4, IDENTITY, 30);
    expect(observed(spec, { ...told(1), ...kept(5, 4) })).toMatchObject({
      score: 100,
      value: null,
      n: 5,
      method: null,
    });
    expect(observed(spec, kept(5, 4))).toMatchObject({ state: 'too_few', score: null, n: 5 });
  });

  it('are not observed where an empty column says nothing', () => {
    expect(observed(response, { facts: [fact('kept.orders', 5, 0)] })).toMatchObject({
      state: 'not_observed',
      score: null,
      n: 0,
    });
  });

  it('carry the flags of their parts', () => {
    const facts = [...kept(5, 4).facts, fact('kept.orders:default_limits', 1, 1)];
    expect(observed(result, { facts }).flags).toEqual(['partial_component', 'default_limits']);
  });
});
