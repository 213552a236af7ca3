import { describe, expect, it } from '@jest/globals';
import { ClosedMonths, firstKeptMonth } from './closed-months.js';

describe('the first month that is kept', () => {
  it.each([
    ['2026-11-27T04:00:00Z', 24, '2024-11'],
    ['2026-01-15T04:00:00Z', 1, '2025-12'],
    // Already February in Shanghai.
    ['2026-01-31T16:30:00Z', 1, '2026-01'],
    ['2026-03-31T04:00:00Z', 13, '2025-02'],
  ])('at %s with %i months is %s', (now, months, first) => {
    expect(firstKeptMonth(new Date(now), months)).toBe(first);
  });
});

it('a month is closed by dataset, and what has no month never is', () => {
  const closed = new ClosedMonths(new Map([['calls', '2024-11'] as const]));
  expect(closed.has('calls', '2024-10')).toBe(true);
  expect(closed.has('calls', '2024-11')).toBe(false);
  expect(closed.has('work_orders', '2020-01')).toBe(false);
  expect(closed.has('calls', 'all')).toBe(false);
});
