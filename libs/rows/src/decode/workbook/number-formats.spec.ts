import { describe, expect, it } from '@jest/globals';
import { kindOfFormat, numberText, timeText } from './number-formats.js';
import type { NumberKind } from './number-formats.js';

describe('what a number format shows', () => {
  it.each<[string, NumberKind]>([
    ['yyyy/m/d h:mm', 'date'],
    ['yyyy"年"m"月"', 'date'],
    ['[$-F800]dddd, mmmm dd, yyyy', 'date'],
    ['m/d', 'date'],
    ['mmm', 'date'],
    ['h:mm:ss AM/PM', 'time'],
    ['[$-804]上午/下午h"时"mm"分"ss"秒"', 'time'],
    ['mm:ss.0', 'time'],
    ['[h]:mm:ss', 'elapsed'],
    ['[mm]:ss', 'elapsed'],
    ['[ss]', 'elapsed'],
    ['General', 'plain'],
    ['G/通用格式', 'plain'],
    ['0.00%', 'plain'],
    ['0.00E+00', 'plain'],
    ['#,##0;[Red]-#,##0', 'plain'],
    ['0"days"', 'plain'],
    ['0\\d', 'plain'],
    ['[Yellow]0', 'plain'],
    ['_-* #,##0_-;-* "d"', 'plain'],
    ['0;yyyy', 'plain'],
    ['"open', 'plain'],
    ['@', 'plain'],
  ])('%s: %s', (format, kind) => {
    expect(kindOfFormat(format)).toBe(kind);
  });
});

describe('texts of numbers', () => {
  it.each([
    [0, '0:00:00'],
    // 86 399.6 s, rounded to the nearest second.
    [86_399.6 / 86_400, '24:00:00'],
    [37 / 86_400, '0:00:37'],
    [1.5, '36:00:00'],
  ])('%d days are %s', (days, text) => {
    expect(timeText(days)).toBe(text);
  });

  it.each([
    ['12.50', '12.5'],
    ['-1E-3', '-0.001'],
    ['5e-10', '0.0000000005'],
    ['1.1000000000000001', '1.1'],
    ['999999999999999', '999999999999999'],
    ['1000000000000000', '1e+15'],
    ['-1E+20', '-1E+20'],
    ['n/a', 'n/a'],
    ['1E999', '1E999'],
    ['', ''],
  ])('%s is written %s', (stored, text) => {
    expect(numberText(stored)).toBe(text);
  });
});
