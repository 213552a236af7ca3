import { describe, expect, it } from '@jest/globals';
import type { Fact, Observation } from '@hotline/scoring';
import fc from 'fast-check';
import { evidenceDays, hashOf } from './evidence.js';

const observed: Observation = {
  state: 'observed',
  value: 0.2,
  score: 50,
  n: 6,
  numerator: 1.2,
  denominator: 6,
  method: 'speed.orders',
  flags: [],
};

const fact = (day: string, stratum: string | null, n: number, total: number): Fact => ({
  series: 'speed.orders',
  day,
  stratum,
  after: null,
  until: null,
  n,
  total,
});

describe('the days of a method', () => {
  it('are the same to the last digit in whatever order the database gives the facts', () => {
    // (0.1 + 0.2) + 0.3 is not 0.1 + (0.2 + 0.3) in doubles.
    const facts = [
      fact('2023-04-01', null, 1, 0.7),
      fact('2023-04-01', 'complaint', 1, 0.1),
      fact('2023-04-01', 'enquiry', 2, 0.2),
      fact('2023-04-01', 'suggestion', 3, 0.3),
      fact('2023-04-02', 'enquiry', 1, 0.4),
    ];
    const hash = (given: readonly Fact[]) => hashOf(evidenceDays({ indicators: { speed: observed } }, given));
    const expected = hash(facts);
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (given) => {
        expect(hash(given)).toBe(expected);
      }),
    );
    const [[day, n, total] = [], ...others] =
      evidenceDays({ indicators: { speed: observed } }, facts)['speed.orders'] ?? [];
    expect([day, n]).toEqual(['2023-04-01', 7]);
    expect(total).toBeCloseTo(1.3, 12);
    expect(others).toEqual([['2023-04-02', 1, 0.4]]);
  });

  it('are in the method that gave them, and in no other', () => {
    const day = (series: string, on: string, n: number, total: number): Fact => ({
      ...fact(on, null, n, total),
      series,
    });
    const facts = [
      day('rate.calls', '2023-04-01', 10, 9),
      day('rate.daily', '2023-04-01', 1, 8),
      day('rate.daily:denominator', '2023-04-01', 1, 11),
      day('rate.daily', '2023-04-02', 1, 18),
      day('rate.daily:denominator', '2023-04-02', 1, 20),
    ];
    const mixed: Observation = {
      ...observed,
      method: 'rate.calls',
      sources: {
        'rate.calls': [{ start: '2023-04-01', end: '2023-04-02' }],
        'rate.daily': [{ start: '2023-04-02', end: '2023-04-03' }],
      },
    };
    expect(evidenceDays({ indicators: { rate: mixed } }, facts)).toEqual({
      'rate.calls': [['2023-04-01', 10, 9]],
      'rate.daily': [['2023-04-02', 20, 18]],
    });
  });
});
