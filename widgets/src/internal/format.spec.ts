import { describe, expect, it } from '@jest/globals';
import {
  formatCount,
  formatDay,
  formatInstantDay,
  formatNumber,
  formatPeriod,
  formatProbability,
  formatScore,
  formatShare,
  languageOf,
  roundHalfUp,
} from './format.js';

describe('numbers as shown', () => {
  it('are rounded half up, as the method says', () => {
    expect(roundHalfUp(79.995, 2)).toBe(80);
    expect(roundHalfUp(18.0952380952, 2)).toBe(18.1);
    // 1.005 is a little less than it reads in binary; it still counts as the half.
    expect(formatScore(1.005)).toBe('1.01');
  });

  it('group thousands', () => {
    expect(formatCount(1_010_947)).toBe('1,010,947');
    expect(formatCount(999)).toBe('999');
    expect(formatCount(1234.5)).toBe('1,234.50');
    expect(formatNumber(-0.5, 1)).toBe('−0.5');
  });

  it('never let a coverage read 100% that is less', () => {
    expect(formatShare(1)).toBe('100%');
    expect(formatShare(0.9999)).toBe('99.9%');
    expect(formatShare(0.3)).toBe('30%');
    expect(formatShare(0.042)).toBe('4.2%');
    expect(formatShare(0)).toBe('0%');
  });

  it('never let a chance read certain that is not', () => {
    expect(formatProbability(0.997)).toBe('>99%');
    expect(formatProbability(1)).toBe('100%');
    expect(formatProbability(0.625)).toBe('63%');
  });
});

describe('days and periods', () => {
  it('are written in the language', () => {
    expect(formatDay('2023-05-04', 'zh-CN')).toBe('2023年5月4日');
    expect(formatDay('2023-05-04', 'en')).toBe('4 May 2023');
  });

  it('are Shanghai days: 18:30 UTC is the next morning', () => {
    expect(formatInstantDay('2026-01-05T18:30:00Z', 'zh-CN')).toBe('2026年1月6日');
    expect(formatInstantDay('2026-01-05T15:59:59Z', 'zh-CN')).toBe('2026年1月5日');
  });

  it('leave text that is no day as it is', () => {
    expect(formatDay('2023-13-45', 'zh-CN')).toBe('2023-13-45');
    expect(formatInstantDay('<b>', 'en')).toBe('<b>');
  });

  it.each([
    ['2023-01-01', '2024-01-01', '2023年', '2023'],
    ['2023-05-01', '2023-06-01', '2023年5月', 'May 2023'],
    ['2023-01-01', '2023-04-01', '2023年1月—2023年3月', 'January 2023 – March 2023'],
    ['2023-05-04', '2023-05-21', '2023年5月4日—2023年5月20日', '4 May 2023 – 20 May 2023'],
    ['2023-05-04', '2023-05-05', '2023年5月4日', '4 May 2023'],
  ])('a period from %s to before %s reads %s', (start, end, zh, en) => {
    expect(formatPeriod({ start, end }, 'zh-CN')).toBe(zh);
    expect(formatPeriod({ start, end }, 'en')).toBe(en);
  });
});

describe('the language of an element', () => {
  it.each([
    ['en', 'en'],
    ['en-US', 'en'],
    ['EN', 'en'],
    ['zh', 'zh-CN'],
    ['', 'zh-CN'],
    ['eng', 'zh-CN'],
    [null, 'zh-CN'],
  ])('for %s is %s', (tag, language) => {
    expect(languageOf(tag)).toBe(language);
  });
});
