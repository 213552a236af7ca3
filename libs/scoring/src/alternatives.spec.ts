import { describe, expect, it } from '@jest/globals';
import type { Ledger } from './alternatives.js';
import type { CityData, Fact } from './city-data.js';
import type { Definition } from './definition.js';
import { scoreCity } from './score-city.js';
import { cityData, fact, IDENTITY, indicator, measured, scoringMethod, way } from './sample-method.spec-support.js';

const rate = indicator(
  'rate',
  measured([
    way({ kind: 'ratio', scale: 100, id: 'rate.calls', dataset: 'calls', minN: 10 }),
    way({ kind: 'ratio_of_sums', scale: 100, id: 'rate.daily', dataset: 'call_metrics_daily', minN: 10 }),
  ]),
  IDENTITY,
);
const ledger: Ledger = {
  version: '1',
  alternatives: [
    {
      indicator: 'rate',
      method: 'rate.calls',
      topic: 'short',
      from: 'included',
      choice: 'excluded',
      scale: 100,
      numerator: [{ series: 'rate.calls', of: 'total', times: 1 }],
      denominator: [
        { series: 'rate.calls', of: 'n', times: 1 },
        { series: 'short', of: 'total', times: -1 },
      ],
    },
  ],
};
const short = (choice: string, stated = false): Definition => ({ short: { choices: [choice], stated } });

function scored(facts: readonly Fact[], definitions?: CityData['definitions']) {
  const data = cityData(definitions ? { facts, definitions } : { facts });
  return scoreCity(scoringMethod([rate]), data, { seed: 1, replicates: 0, ledger }).indicators['rate'];
}

// 100 requests of which 80 were answered and 5 given up within five seconds.
const calls = [fact('rate.calls', 100, 80), fact('short', 100, 5)];
const totals = [
  fact('rate.daily', 1, 180, { day: '2023-05-01' }),
  fact('rate.daily:denominator', 1, 200, { day: '2023-05-01' }),
];

describe('an indicator under another definition', () => {
  it('is counted again from the rows and told beside the value that is scored', () => {
    const observation = scored(calls, { 'rate.calls': short('included') });
    expect(observation).toMatchObject({ value: 80, score: 80, definition: short('included') });
    expect(observation?.alternatives).toEqual([
      {
        method: 'rate.calls',
        definition: short('excluded', true),
        value: (80 / 95) * 100,
        score: (80 / 95) * 100,
        n: 95,
        numerator: 80,
        denominator: 95,
      },
    ]);
  });

  it('cannot be told of rows that follow it already, follow several, or of which nothing is known', () => {
    const several = { short: { choices: ['excluded', 'included'], stated: true } };
    for (const definitions of [{ 'rate.calls': short('excluded', true) }, { 'rate.calls': several }, undefined]) {
      const observation = scored(calls, definitions);
      expect(observation?.value).toBe(80);
      expect(observation).not.toHaveProperty('alternatives');
    }
  });

  it('is not told below the minimum of rows', () => {
    const few = [fact('rate.calls', 10, 8), fact('short', 10, 1)];
    expect(scored(few, { 'rate.calls': short('included') })).not.toHaveProperty('alternatives');
  });

  it('is the value of the daily totals where they follow another one; their days are not mixed with those of rows', () => {
    const observation = scored([...calls, ...totals], {
      'rate.calls': short('included', true),
      'rate.daily': short('excluded', true),
    });
    expect(observation).toMatchObject({ value: 80, n: 100, method: 'rate.calls' });
    expect(observation).not.toHaveProperty('sources');
    expect(observation?.alternatives?.map(({ method, value, n }) => ({ method, value, n }))).toEqual([
      { method: 'rate.daily', value: 90, n: 200 },
      { method: 'rate.calls', value: (80 / 95) * 100, n: 95 },
    ]);
  });

  it('is nowhere where both follow the same one: then their days are counted together', () => {
    const observation = scored([...calls, ...totals], {
      'rate.calls': short('included', true),
      'rate.daily': short('included'),
    });
    expect(observation).toMatchObject({ n: 300, numerator: 260 });
    expect(observation?.alternatives?.map(({ method }) => method)).toEqual(['rate.calls']);
  });
});
