import { describe, expect, it } from '@jest/globals';
import type { IndexScore } from './contract.js';
import { gradeAxis, gradeBands, gradeCertainty, gradeRange, gradeShares, percentLength, place } from './geometry.js';

const index = (grade: string, gradeOrBetter: Record<string, number> | null): IndexScore => ({
  rated: true,
  score: 73,
  display: '73.00',
  coverage: 1,
  grade,
  interval: null,
  grade_or_better: gradeOrBetter,
});

describe('the chance of each grade', () => {
  it('is what a grade adds to the better ones', () => {
    const shares = gradeShares({ A: 0.1, 'B+': 0.7, B: 0.95, C: 1 });
    expect(shares.map(({ grade }) => grade)).toEqual(['A', 'B+', 'B', 'C']);
    expect(shares.map(({ share }) => share)).toEqual([0.1, 0.6, 0.25, 0.05].map((share) => expect.closeTo(share, 12)));
  });
});

describe('what stands beside the letter', () => {
  it('is nothing from the limit on', () => {
    expect(gradeCertainty(index('B+', { A: 0.1, 'B+': 0.8, B: 1 }), 0.8)).toBe('sure');
  });

  it('is the range below it', () => {
    // 2 % for A+ is outside the middle 95 %, B reaches 97.5 %.
    expect(gradeCertainty(index('B+', { 'A+': 0.02, A: 0.2, 'B+': 0.79, B: 0.98, C: 1 }), 0.8)).toEqual({
      worst: 'B',
      best: 'A',
    });
  });

  it('is said to be unknown when nobody has estimated it', () => {
    expect(gradeCertainty(index('B+', null), 0.8)).toBe('unknown');
    expect(gradeCertainty(index('B+', { A: 1 }), 0.8)).toBe('unknown');
    expect(gradeRange({})).toBeNull();
  });
});

describe('places on an axis', () => {
  it('are shares of its length, held at the ends', () => {
    expect(place(50)).toBe(50);
    expect(place(65, { low: 40, high: 90 })).toBe(50);
    expect(place(10, { low: 40, high: 90 })).toBe(0);
    expect(place(99, { low: 40, high: 90 })).toBe(100);
    expect(percentLength(33.33333)).toBe('33.33%');
  });

  it('are on an axis that reaches every score shown', () => {
    expect(gradeAxis([73.4, 70.1])).toEqual({ low: 40, high: 90 });
    expect(gradeAxis([31.9, 93])).toEqual({ low: 30, high: 100 });
    expect(gradeAxis([])).toEqual({ low: 40, high: 90 });
  });
});

describe('the bands of the grades', () => {
  it('run from cut-off to cut-off, worst first, and leave out what is off the axis', () => {
    const cutOffs = [
      { grade: 'A', min_score: 80, kind: 'assumption' },
      { grade: 'B', min_score: 65, kind: 'assumption' },
      { grade: 'C', min_score: 40, kind: 'assumption' },
      { grade: 'D', min_score: 0, kind: 'assumption' },
    ] as const;
    // On 40–90: 65 is at 50 %, 80 at 80 %.
    expect(gradeBands(cutOffs, { low: 40, high: 90 })).toEqual([
      { grade: 'C', from: 0, to: 50 },
      { grade: 'B', from: 50, to: 80 },
      { grade: 'A', from: 80, to: 100 },
    ]);
  });
});
