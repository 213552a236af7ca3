import { describe, expect, it } from '@jest/globals';
import { Random, Weighted } from './random.js';

const draws = (random: Random, n: number): number[] => Array.from({ length: n }, () => random.next());

describe('Random', () => {
  it('gives the same stream for the same seed and labels, another for any other', () => {
    expect(draws(Random.of(7, 'calls', 12), 20)).toEqual(draws(Random.of(7, 'calls', 12), 20));
    for (const other of [Random.of(8, 'calls', 12), Random.of(7, 'calls', 13), Random.of(7, 'call', 's12')])
      expect(draws(other, 5)).not.toEqual(draws(Random.of(7, 'calls', 12), 5));
  });

  it('draws evenly, and counts and waits with the mean asked for', () => {
    const random = Random.of(1);
    const mean = (draw: () => number): number =>
      Array.from({ length: 20_000 }, draw).reduce((sum, value) => sum + value, 0) / 20_000;
    expect(mean(() => random.next())).toBeCloseTo(0.5, 1);
    expect(mean(() => random.poisson(4.2)) / 4.2).toBeCloseTo(1, 1);
    expect(mean(() => random.poisson(300)) / 300).toBeCloseTo(1, 1);
    expect(mean(() => random.exponential(60)) / 60).toBeCloseTo(1, 1);
    expect(mean(() => random.normal())).toBeCloseTo(0, 1);
  });

  it('draws items by weight and never one of weight 0', () => {
    const random = Random.of(3);
    const items = new Weighted([
      ['often', 3],
      ['never', 0],
      ['seldom', 1],
    ]);
    const counts = new Map<string, number>();
    for (let i = 0; i < 8000; i++) {
      const item = items.draw(random);
      counts.set(item, (counts.get(item) ?? 0) + 1);
    }
    expect(counts.has('never')).toBe(false);
    expect((counts.get('often') ?? Number.NaN) / 8000).toBeCloseTo(0.75, 1);
  });
});
